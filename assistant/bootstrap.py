"""Set-up by one command: uv, Python 3.10, the locked packages, training, then the server.

Plain standard library, Python 3.8 or newer, for it runs before anything is installed::

    python3 assistant/bootstrap.py install [--dev]            packages into .venv
    python3 assistant/bootstrap.py train [--dev] [--always]   the same, then train what changed
    python3 assistant/bootstrap.py run                        all of it, then become the server

Every step is remembered by the SHA-256 of what went into it, so that nothing is done twice. A record is
written when its step has ended and never before: a step that was cut short is done again.
"""

from __future__ import annotations

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the imports load: no traceback

import argparse
import errno
import io
import os
import socket
import sys
from pathlib import Path
from typing import Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))

from assistant.setup.packages import install
from assistant.setup.steps import Failure, House, Screen, explain_error
from assistant.setup.training import train


def need_free_port(host: str, port: str) -> None:
    """Raise Failure unless the server will be able to listen there."""
    if not port.isdecimal() or int(port) > 65535:
        raise Failure(f"PORT={port} is no port. Take a number up to 65535: make run PORT=5005")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = int(port) % 65535 + 1
            text = f"Port {port} is in use, perhaps by this bot already. Take another: make run PORT={other}"
        elif error.errno == errno.EACCES:
            text = f"Port {port} is kept for the system. Take a higher one: make run PORT=5005"
        else:
            text = f"HOST={host} is no address of this machine. Take one that is: make run HOST=127.0.0.1"
        raise Failure(text) from error


def run(house: House, screen: Screen) -> None:
    """Set up what is missing, then become the server."""
    os.environ.setdefault("HOST", "127.0.0.1")
    os.environ.setdefault("PORT", "5005")
    need_free_port(os.environ["HOST"], os.environ["PORT"])
    install(house, screen)
    train(house, screen)
    screen.line("Loading the bot (some seconds)")
    os.execv(str(house.python), [str(house.python), "-m", "assistant", "serve"])


def interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str], house: House) -> int:
    """Do what the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Set-up by one command")
    parser.add_argument("verb", choices=["install", "train", "run"])
    parser.add_argument("--dev", action="store_true", help="with what the tests need")
    parser.add_argument("--always", action="store_true", help="train although nothing changed")
    options = parser.parse_args(arguments)
    screen = Screen()
    try:
        os.chdir(str(house.root))
        if options.verb == "run":
            run(house, screen)
        else:
            install(house, screen, options.dev)
            if options.verb == "train":
                train(house, screen, options.always)
    except KeyboardInterrupt:
        screen.line("Stopped. The same command goes on from here.")
        return 130
    except (Failure, OSError) as error:
        screen.done()
        print(error if isinstance(error, Failure) else explain_error(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) != signal.SIG_IGN:
            signal.signal(name, interrupt)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:], House(ROOT)))
