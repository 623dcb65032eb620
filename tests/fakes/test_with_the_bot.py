"""The operator's try-out as the guides have it: the bot itself behind each stand-in, lines from a pipe."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from assistant.fakes import FAKES
from tests import serving

PORTS: dict[str, int] = {}
LINES = "he took 20 baclofen and wont wake up\nwhat is baclofen\n:photo\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start one bot with every channel on; the stand-ins come and go at ports that it knows."""
    port = serving.free_port()
    variables: dict[str, str] = {}
    for channel, vendor in FAKES.items():
        PORTS[channel] = serving.free_port()
        fake = vendor(f"http://127.0.0.1:{port}")
        fake.port = PORTS["sms" if channel == "whatsapp" else channel]
        variables |= fake.environment()
    PORTS["whatsapp"] = PORTS["sms"]
    server = serving.start(**variables, PORT=str(port), DATABASE="")
    yield f"http://127.0.0.1:{port}"
    serving.end(server.process)


@pytest.mark.slow
@pytest.mark.parametrize("channel", list(FAKES))
def test_the_bot_answers_in_the_terminal(server: str, channel: str) -> None:
    command = [
        sys.executable,
        "-m",
        "assistant.fakes",
        channel,
        "--bot",
        server,
        "--port",
        str(PORTS[channel]),
    ]
    done = subprocess.run(command, input=LINES, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    emergency, fact, photo = done.stdout.split("you> ")[1:]
    assert "911" in emergency.split("> ", 1)[1].splitlines()[0]
    assert "muscle" in fact
    assert "911" in photo
