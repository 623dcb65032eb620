"""``python -m assistant.fakes sms|whatsapp|telegram|slack|messenger``: try a channel without an account."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import sys
from collections.abc import Sequence

from assistant.fakes import FAKES
from assistant.fakes.chat import Chat
from assistant.fakes.twilio import Twilio

HELP = """Type as the user. A number taps that button; :photo, :voice, :sticker and :location send such a
thing; an empty line or Ctrl-D ends it."""


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m assistant.fakes",
        description="A stand-in for a messaging vendor and a chat in the terminal.",
        epilog="Reads one message a line from a pipe: echo 'what is it' | python -m assistant.fakes sms",
    )
    parser.add_argument("channel", choices=list(FAKES))
    parser.add_argument("--bot", default="http://127.0.0.1:5005", help="where the bot runs")
    parser.add_argument("--port", type=int, help="of the stand-in (each vendor has its own)")
    parser.add_argument("--public-url", default="", help="the bot's PUBLIC_URL, where it is not --bot")
    parser.add_argument("--user", default="", help="who writes: a number with country code, or a vendor's id")
    parser.add_argument(
        "--wait", type=float, default=0.0, metavar="SECONDS", help="wait for the bot to start (in a pipe)"
    )
    return parser.parse_args(given)


def line(environment: dict[str, str]) -> str:
    """Return the command that starts the bot with these variables."""
    return " ".join([*(f"{name}={shlex.quote(value)}" for name, value in environment.items()), "make run"])


async def run(options: argparse.Namespace) -> int:
    """Serve and chat until the input ends; return the exit code."""
    vendor = FAKES[options.channel](options.bot, options.public_url)
    user = options.user or vendor.user
    if options.channel == "whatsapp" and not user.startswith("whatsapp:"):
        user = f"whatsapp:{user}"
    try:
        await vendor.start(vendor.default_port if options.port is None else options.port)
    except OSError as error:
        print(
            f"Cannot serve on port {options.port or vendor.default_port}: {error.strerror}. Choose another "
            "with --port.",
            file=sys.stderr,
        )
        return 1
    variables = vendor.environment()
    if isinstance(vendor, Twilio):  # the other Twilio channel stays off
        variables.pop("TWILIO_NUMBER" if options.channel == "whatsapp" else "TWILIO_WHATSAPP_NUMBER")
    try:
        print(f"{vendor.name} is played at {vendor.url}. Start the bot in another terminal with:\n")
        print(f"  {line(variables)}\n", flush=True)
        return await Chat(vendor, user, options.wait).run(sys.stdin, HELP if sys.stdin.isatty() else "")
    finally:
        await vendor.stop()


def main() -> int:
    """Run the command."""
    try:
        return asyncio.run(run(arguments(sys.argv[1:])))
    except KeyboardInterrupt:
        print()
        return 0


if __name__ == "__main__":
    sys.exit(main())
