"""Actions that hang, raise, or whose server is killed: the first words come within a second all the same."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator

import pytest

from tests import serving
from tests.serving import ROOT, Server, fact_ids, texts, verdicts

pytestmark = pytest.mark.outages

MIXED = "what is the maximum dose? also he is not breathing"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server whose actions hang or raise."""
    running = serving.start(ACTIONS_PACKAGE="tests.outages.bad_actions")
    yield running
    running.stop()


def test_an_action_that_hangs_holds_up_no_emergency_while_streaming(server: Server) -> None:
    seconds, first = next(server.stream(MIXED))
    assert "911" in first["text"]
    assert seconds < 1


def test_an_action_that_hangs_holds_up_no_emergency_in_a_plain_reply(server: Server) -> None:
    begin = time.monotonic()
    messages = server.say(MIXED)
    assert time.monotonic() - begin < 1
    assert "911" in texts(messages)[0]
    assert len(texts(messages)) == 2
    assert len(verdicts(messages)) == 1


def test_an_emergency_of_a_sender_whose_question_still_hangs_is_answered(server: Server) -> None:
    sender = uuid.uuid4().hex
    with contextlib.closing(socket.create_connection(("127.0.0.1", server.port))) as waiting:
        body = f'{{"sender": "{sender}", "message": "What is baclofen?"}}'.encode()
        waiting.sendall(
            b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
            % (len(body), body)
        )
        time.sleep(0.3)
        begin = time.monotonic()
        messages = server.say("he is not breathing", sender)
        assert time.monotonic() - begin < 1
    assert "911" in texts(messages)[0]
    assert len(texts(messages)) == 2


def test_an_action_that_hangs_is_given_up_with_a_useful_sentence(server: Server) -> None:
    begin = time.monotonic()
    messages = server.say("What is baclofen?")
    assert 2 < time.monotonic() - begin < 9
    assert "911" in texts(messages)[0]


def test_an_action_that_hangs_keeps_nobody_else_waiting(server: Server) -> None:
    slow = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import httpx, sys; httpx.post(sys.argv[1], json={'message': 'What is baclofen?'}, timeout=30)",
            server.url + serving.WEBHOOK,
        ]
    )
    time.sleep(0.5)
    begin = time.monotonic()
    server.say("he is not breathing")
    assert time.monotonic() - begin < 1
    slow.wait(30)


def test_an_action_that_raises_leaves_a_useful_sentence_and_no_secret(server: Server) -> None:
    messages = server.say("hello")
    assert "911" in texts(messages)[0]
    assert "secret" not in server.output()


@pytest.fixture
def action_server() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A separate action server with our own actions."""
    port = serving.free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)],
        cwd=ROOT,
        env=serving.environment(SANIC_HOST="127.0.0.1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def answers() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    serving.wait_until(answers)
    yield process, f"http://127.0.0.1:{port}/webhook"
    serving.end(process)


def test_an_action_server_killed_in_mid_conversation_costs_no_emergency(
    action_server: tuple[subprocess.Popen[bytes], str],
) -> None:
    process, url = action_server
    server, sender = serving.start(ACTION_ENDPOINT_URL=url), uuid.uuid4().hex
    try:
        assert fact_ids(server.say("What is baclofen?", sender)) == ["what_is_baclofen"]
        process.kill()
        process.wait(10)
        assert fact_ids(server.say("What is baclofen?", sender)) == ["what_is_baclofen"], "run in the bot"
        assert texts(server.say("hello", sender))
        begin = time.monotonic()
        messages = server.say(MIXED, sender)
        assert time.monotonic() - begin < 1
        assert "911" in texts(messages)[0]
        assert next(server.stream(MIXED))[0] < 1
    finally:
        server.stop()
