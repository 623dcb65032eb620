"""A real bot that has too much to do, or is asked too often: everybody in danger gets the words at once."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from baclofen import wording
from tests import serving
from tests.serving import Server, texts, verdicts

EMERGENCY = "he is not breathing"
URGENT = "I took a double dose of my baclofen"
CALM = "What is baclofen?"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A bot with no room for any turn, strict limits and a proxy of ours in front."""
    running = serving.start(
        TURNS_WAITING="0", RATE_PER_SENDER="3", RATE_PER_ADDRESS="6", TRUSTED_PROXIES="127.0.0.1"
    )
    yield running
    running.stop()


def _from(server: Server, address: str, text: str, sender: str = "") -> Any:
    body = {"sender": sender or uuid.uuid4().hex, "message": text, "metadata": {"country": "GB"}}
    return server.post(body, headers={"X-Forwarded-For": address})


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "pt"])
def test_who_finds_no_room_is_told_so_with_the_number(server: Server, language: str) -> None:
    said = texts(server.say("Baclofen?", country="GB", language=language))
    assert len(said) == 1
    assert said[0].startswith(wording.load(language)["busy"].split(".")[0])
    assert "999" in said[0]


def test_an_emergency_that_finds_no_room_gets_its_words_and_the_care_and_no_busy_line(server: Server) -> None:
    said = server.say(EMERGENCY, country="GB")
    assert "999" in texts(said)[0]
    assert len(texts(said)) == 2
    assert [v["level"] for v in verdicts(said)] == ["emergency"]
    assert not any("too many people" in text for text in texts(said))
    assert [v["level"] for v in verdicts([part for _, part in server.stream(EMERGENCY)])] == ["emergency"]


def test_an_urgent_message_that_finds_no_room_gets_its_advice_and_is_told_so(server: Server) -> None:
    said = server.say(URGENT, country="GB")
    assert [v["level"] for v in verdicts(said)] == ["urgent"]
    assert "too many people" in texts(said)[-1]


def test_beyond_the_limit_of_a_sender_a_calm_message_is_refused_with_the_number(server: Server) -> None:
    sender = uuid.uuid4().hex
    replies = [_from(server, "192.0.2.1", CALM, sender) for _ in range(5)]
    assert [reply.status_code for reply in replies] == [200] * 3 + [429] * 2
    refusal = replies[-1]
    assert "999" in refusal.json()["text"]
    assert int(refusal.headers["Retry-After"]) > 0
    assert _from(server, "192.0.2.1", CALM).status_code == 200, "another sender may go on"


@pytest.mark.parametrize(
    ("text", "level"), [(URGENT, "urgent"), (EMERGENCY, "emergency"), ("i want to die", "crisis")]
)
def test_beyond_every_limit_whoever_is_in_danger_is_answered(server: Server, text: str, level: str) -> None:
    sender, address = uuid.uuid4().hex, f"198.51.100.{len(text)}"
    statuses = [_from(server, address, CALM, sender).status_code for _ in range(8)]
    assert statuses[-1] == 429
    reply = _from(server, address, text, sender)
    assert reply.status_code == 200
    assert verdicts(reply.json())[0]["level"] == level
    within = _from(server, f"203.0.113.{len(text)}", text)
    assert texts(reply.json())[0] == texts(within.json())[0], "in the words of the first time"


def test_an_address_has_a_limit_and_another_address_has_its_own(server: Server) -> None:
    assert [_from(server, "192.0.2.3", CALM).status_code for _ in range(7)] == [200] * 6 + [429]
    assert _from(server, "192.0.2.4", CALM).status_code == 200
    assert _from(server, "192.0.2.4, 192.0.2.3", CALM).status_code == 429, "who wrote the header counts"


def test_a_program_on_this_machine_has_no_limit(server: Server) -> None:
    sender = uuid.uuid4().hex
    statuses = [server.post({"sender": sender, "message": CALM}).status_code for _ in range(10)]
    assert set(statuses) == {200}


@pytest.mark.slow
@pytest.mark.parametrize(
    "sent",
    [
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{",
    ],
    ids=["head", "body"],
)
def test_who_sends_a_request_drop_by_drop_is_cut_off(server: Server, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 40) as slow:
        slow.sendall(sent)
        begin = time.monotonic()
        found = b""
        while chunk := slow.recv(4096):
            found += chunk
            if b"}" in found:
                break
        assert time.monotonic() - begin < 30
    assert b" 408 " in found.splitlines()[0]
    assert b"911" in found or b"Content-Length" not in sent, "without its head it may be for any path"


@pytest.mark.outages
def test_senders_whose_actions_hang_hold_up_nobody_else() -> None:
    server = serving.start(ACTIONS_PACKAGE="tests.outages.bad_actions")
    try:
        hanging = [threading.Thread(target=server.say, args=(CALM,), daemon=True) for _ in range(6)]
        for thread in hanging:
            thread.start()
        time.sleep(0.3)
        begin = time.monotonic()
        assert verdicts(server.say(URGENT))[0]["level"] == "urgent"
        assert time.monotonic() - begin < 2.5, "an action that hangs is given up after three seconds"
        assert all(thread.is_alive() for thread in hanging[-3:])
        for thread in hanging:
            thread.join(30)
    finally:
        server.stop()
