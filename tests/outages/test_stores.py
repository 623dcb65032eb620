"""A conversation file that cannot be written or is locked."""

from __future__ import annotations

import sqlite3
import time
import uuid
from pathlib import Path

import httpx
import pytest

from tests import serving
from tests.serving import fact_ids, texts

pytestmark = pytest.mark.outages


def test_a_file_that_cannot_be_made_is_said_once_and_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    server, sender = serving.start(DATABASE=str(tmp_path / "file" / "conversations.db")), uuid.uuid4().hex
    try:
        begin = time.monotonic()
        assert "911" in texts(server.say("he is not breathing", sender))[0]
        assert time.monotonic() - begin < 1
        later = server.say("What is baclofen?", sender)
        assert "911" in texts(later)[0], "the conversation is kept in memory"
        assert fact_ids(later) == ["what_is_baclofen"]
        ready = httpx.get(server.url + "/health/ready")
        assert (ready.status_code, ready.json()["degraded"]) == (200, ["trackers"])
        lines = [line for line in server.output().splitlines() if "memory" in line]
        assert len(lines) == 1
        assert sender not in server.output()
    finally:
        server.stop()


def test_a_locked_file_costs_no_emergency_and_is_written_later(tmp_path: Path) -> None:
    path, sender = tmp_path / "conversations.db", uuid.uuid4().hex
    server = serving.start(DATABASE=str(path))
    try:
        server.say("What is baclofen?", sender)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        begin = time.monotonic()
        assert "911" in texts(server.say("he is not breathing", sender))[0]
        assert time.monotonic() - begin < 1
        other.execute("ROLLBACK")
        time.sleep(5.2)
        server.say("What is the maximum dose?", sender)
        said = other.execute(
            "SELECT count(*) FROM events WHERE sender_id = ? AND type_name = 'user'", [sender]
        )
        assert said.fetchone()[0] == 3
        other.close()
    finally:
        server.stop()
