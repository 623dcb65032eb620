"""A process that is killed: whoever was told that the message arrived is answered by the next one."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.journal.file import SUFFIX
from benchmarks.durability.__main__ import kill_often
from tests import serving
from tests.channels.people import somebody
from tests.channels.vendors import Answer, Sent, TelegramCaller, Vendors
from tests.serving import Server, texts

pytestmark = pytest.mark.outages

EMERGENCY, CALM, CANARY = "he is not breathing", "What is baclofen?", "zebrafinch"


@pytest.fixture
def vendors() -> Vendors:
    return Vendors()


def _journal(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob(f"*{SUFFIX}"))


@pytest.fixture
def servers(tmp_path: Path, vendors: Vendors) -> Iterator[list[Server]]:
    """The first one of two processes, one after the other, on the same files."""
    running = [serving.start(DATABASE=str(tmp_path / "c.db"), KEEP_TEXT="1", **vendors.environment())]
    yield running
    for server in running:
        serving.end(server.process)


def _again(servers: list[Server], tmp_path: Path, vendors: Vendors) -> Server:
    servers[0].process.send_signal(signal.SIGKILL)
    servers[0].process.wait(10)
    servers.append(serving.start(DATABASE=str(tmp_path / "c.db"), KEEP_TEXT="1", **vendors.environment()))
    return servers[1]


def test_what_was_acknowledged_is_answered_after_a_kill_and_only_what_is_missing(
    servers: list[Server], tmp_path: Path, vendors: Vendors
) -> None:
    telegram = TelegramCaller(servers[0], "telegram", "telegram")
    afraid, calm = somebody("telegram"), somebody("telegram")
    taken: list[str] = []

    def only_the_first(sent: Sent) -> Answer | None:
        if sent.to == afraid and not taken:
            taken.append(sent.text)
            return None
        return Answer(500, {"ok": False})

    vendors.rules.append(only_the_first)
    updates = [telegram.update(f"{text} {CANARY}", who) for text, who in ((CALM, calm), (EMERGENCY, afraid))]
    assert [telegram.call(update).status_code for update in updates] == [200, 200]
    serving.wait_until(lambda: bool(taken), 20)
    time.sleep(0.5)
    assert _journal(tmp_path).count(CANARY.encode()) == 2
    before = len(vendors.sent)
    server = _again(servers, tmp_path, vendors)
    vendors.rules.clear()
    assert len(vendors.wait(afraid, 2)) == 2
    assert len(vendors.wait(calm, 1)) == 1
    serving.wait_until(lambda: CANARY.encode() not in _journal(tmp_path), 10)
    after = [sent.text for sent in vendors.sent[before:]]
    assert taken[0] not in after, "the vendor had it before the kill"
    again = TelegramCaller(server, "telegram", "telegram")
    assert again.call(updates[0]).status_code == 200  # its vendor had not heard the 200
    time.sleep(1)
    assert len(vendors.wait(calm, 1)) == 1
    assert CANARY not in server.output()


def test_a_message_of_the_widget_is_one_turn_with_one_answer_across_a_kill(
    servers: list[Server], tmp_path: Path, vendors: Vendors
) -> None:
    body = {"sender": uuid.uuid4().hex, "message": EMERGENCY, "message_id": uuid.uuid4().hex}
    url = servers[0].url + serving.WEBHOOK
    first = httpx.post(url, content=json.dumps(body), timeout=30).json()
    time.sleep(1)
    server = _again(servers, tmp_path, vendors)
    again = server.post(body).json()
    assert texts(again) == texts(first)
    assert texts(server.post(body).json()) == texts(first)
    other = server.post({**body, "message_id": uuid.uuid4().hex}).json()
    assert texts(other), "another message is another turn"
    with sqlite3.connect(tmp_path / "c.db") as file:
        count = file.execute("SELECT count(*) FROM events WHERE type_name = 'user'").fetchone()[0]
    assert count == 2


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_after_twenty_kills_at_random_points_nobody_is_left_without_an_answer() -> None:
    found = asyncio.run(kill_often(20, seed=int(time.time())))
    assert not found.unanswered
    assert found.counts["held_at_a_kill"] > 0, "no kill struck while somebody waited"
    assert found.counts["widget_second_turns"] == 0
    # Once more is sent only what the process was sending at the very moment of its death.
    assert found.counts["repeats"] <= found.counts["in_doubt"]
