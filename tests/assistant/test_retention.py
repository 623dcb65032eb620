"""What is old is deleted by itself, and what the operator names at once."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from assistant import retention, settings
from tests import serving
from tests.serving import ROOT, Server

HOUR = 3600.0
TABLE = (
    "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, type_name TEXT, timestamp FLOAT, data TEXT)"
)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with an old conversation, one that goes on, and a new one."""
    path = tmp_path / "c.db"
    monkeypatch.setenv("DATABASE", str(path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    rows = [
        ("old", "user", 30),
        ("old", "slot", 30),
        ("going on", "user", 30),
        ("going on", "slot", 30),
        ("going on", "user", 1),
        ("new", "user", 1),
    ]
    with sqlite3.connect(path) as connection:
        connection.execute(TABLE)
        connection.executemany(
            "INSERT INTO events (sender_id, type_name, timestamp) VALUES (?, ?, ?)",
            [(sender, kind, time.time() - hours * HOUR) for sender, kind, hours in rows],
        )
    return path


def _left(path: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT sender_id, type_name FROM events ORDER BY id").fetchall()


def test_events_older_than_the_limit_go_but_for_the_slots_of_a_conversation_that_goes_on(
    database: Path,
) -> None:
    assert retention.delete_older_than(24) == 3
    assert _left(database) == [("going on", "slot"), ("going on", "user"), ("new", "user")]


def test_nothing_goes_that_is_younger(database: Path) -> None:
    assert retention.delete_older_than(48) == 0
    assert len(_left(database)) == 6


def test_many_rows_go_in_several_steps(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.executemany(
            "INSERT INTO events (sender_id, type_name, timestamp) VALUES (?, 'user', 5)", [("x",)] * 2500
        )
    assert retention.delete_older_than(24) == 2503


def test_one_conversation_goes_and_the_others_stay(database: Path) -> None:
    assert retention.delete_sender("going on") == 3
    assert {sender for sender, _ in _left(database)} == {"old", "new"}


def test_the_bot_deletes_what_is_old_as_soon_as_it_runs(database: Path) -> None:
    async def go() -> None:
        task = asyncio.create_task(retention.keep_deleting(24))
        while len(_left(database)) > 3:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(asyncio.wait_for(go(), 10))


def test_nothing_is_deleted_where_it_is_kept_for_good(database: Path) -> None:
    async def go() -> None:
        task = asyncio.create_task(retention.keep_deleting(0))
        await asyncio.sleep(0.3)
        task.cancel()

    asyncio.run(go())
    assert len(_left(database)) == 6


def test_without_a_file_there_is_nothing_to_delete(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE", "")
    assert retention.delete_older_than(1) == 0
    monkeypatch.setenv("DATABASE", str(tmp_path / "none.db"))
    assert retention.delete_sender("x") == 0
    assert not (tmp_path / "none.db").exists()


def test_a_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RETENTION_HOURS", raising=False)
    assert settings.retention_hours() == 24
    for wrong in ("soon", "-1", "nan", "inf"):
        monkeypatch.setenv("RETENTION_HOURS", wrong)
        with pytest.raises(ValueError, match="RETENTION_HOURS"):
            settings.retention_hours()


def _forget(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", "forget", *arguments],
        cwd=ROOT,
        env=serving.environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_operator_deletes_what_is_old_by_a_command(database: Path) -> None:
    done = _forget("--older-than", "24", DATABASE=str(database))
    assert (done.returncode, done.stdout) == (0, "3 rows deleted from the database.\n")
    assert len(_left(database)) == 3


def test_the_operator_deletes_a_conversation_of_a_bot_that_does_not_run(database: Path) -> None:
    done = _forget("old", DATABASE=str(database), PORT=str(serving.free_port()))
    assert done.returncode == 0
    assert "2 rows deleted" in done.stdout
    assert "No bot answered" in done.stdout
    assert "old" not in {sender for sender, _ in _left(database)}


def test_a_command_without_a_conversation_or_an_age_is_refused_and_so_is_a_broken_file(
    tmp_path: Path,
) -> None:
    assert _forget().returncode == 2
    assert _forget("--older-than", "-1").returncode == 2
    (tmp_path / "c.db").write_text("no database at all, only words")
    done = _forget("--older-than", "1", DATABASE=str(tmp_path / "c.db"))
    assert done.returncode == 1
    assert "Nothing was deleted" in done.stderr


def test_a_running_bot_forgets_the_conversation_that_the_operator_names(server: Server) -> None:
    sender, other = uuid.uuid4().hex, uuid.uuid4().hex
    for each in (sender, other):
        server.say("he is not breathing", each)
    done = _forget(sender, DATABASE="", PORT=str(server.port), HOST="127.0.0.1")
    assert "The running bot has deleted" in done.stdout
    assert "911" not in server.say("hello", sender)[0]["text"]
    assert "911" in server.say("hello", other)[0]["text"]
