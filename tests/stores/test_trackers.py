"""The tracker store: kept in memory and in the file, written once, whatever happens to either."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from rasa.core.tracker_store import SQLTrackerStore, check_if_tracker_store_async
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.retention import drop_idle
from assistant.stores import breaker
from assistant.stores.history import LONGEST, shortened
from assistant.stores.sqlite import EventFile
from assistant.stores.trackers import SafeTrackerStore
from tests.stores.talk import say, texts, turn

pytestmark = pytest.mark.filterwarnings(
    "ignore:Slot auto-fill has been removed", "ignore::DeprecationWarning"
)

T = TypeVar("T")


def _store(domain: Domain, path: Path) -> SafeTrackerStore:
    return SafeTrackerStore(domain, table=EventFile(path))


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _rows(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        return [row[0] for row in connection.execute("SELECT type_name FROM events ORDER BY id")]


@pytest.fixture(autouse=True)
def _with_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts show which events are in the file; what is written otherwise is in test_privacy.py."""
    monkeypatch.setenv("KEEP_TEXT", "1")


def test_rasa_takes_it_for_an_asynchronous_store(domain: Domain, tmp_path: Path) -> None:
    assert check_if_tracker_store_async(_store(domain, tmp_path / "c.db"))


def test_a_conversation_is_found_again_by_the_next_process(domain: Domain, tmp_path: Path) -> None:
    async def go() -> None:
        for text in ("one", "two"):
            await say(_store(domain, tmp_path / "c.db"), "a", text)

    _run(go())
    again = _store(domain, tmp_path / "c.db")
    assert texts(_run(again.retrieve("a"))) == ["one", "two"]
    assert _run(_store(domain, tmp_path / "c.db").retrieve("b")) is None


def test_each_event_is_written_once(domain: Domain, tmp_path: Path) -> None:
    async def go() -> None:
        store = _store(domain, tmp_path / "c.db")
        for text in ("one", "two", "three"):
            await say(store, "a", text)

    _run(go())
    assert _rows(tmp_path / "c.db").count("user") == 3


def test_rasas_own_sql_store_reads_the_file(domain: Domain, tmp_path: Path) -> None:
    _run(say(_store(domain, tmp_path / "c.db"), "a", "one"))
    stock = SQLTrackerStore(domain, db=str(tmp_path / "c.db"))
    assert texts(_run(stock.retrieve("a"))) == ["one"]
    assert _run(stock.keys()) == ["a"]


def test_a_turn_that_broke_off_leaves_no_half(domain: Domain, tmp_path: Path) -> None:
    async def go() -> list[str | None]:
        store = _store(domain, tmp_path / "c.db")
        tracker = await say(store, "a", "one")
        tracker.update(UserUttered("broke off", {"name": "greet"}))
        await say(store, "a", "two")
        return texts(await store.retrieve("a"))

    assert _run(go()) == ["one", "two"]
    assert _rows(tmp_path / "c.db").count("user") == 2


def test_a_file_that_cannot_be_used_is_said_once_without_text_or_sender(
    domain: Domain, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")

    async def go() -> list[str | None]:
        store = _store(domain, tmp_path / "file" / "c.db")
        for text in ("zanzibar", "two"):
            await say(store, "quagga", text)
            store.breaker.try_now()
        return texts(await store.retrieve("quagga"))

    assert _run(go()) == ["zanzibar", "two"]
    said = [record.getMessage() for record in caplog.records if record.name == breaker.__name__]
    assert len(said) == 1
    assert "zanzibar" not in said[0]
    assert "quagga" not in said[0]


def test_what_an_outage_held_back_is_written_afterwards(domain: Domain, tmp_path: Path) -> None:
    path = tmp_path / "c.db"

    async def go() -> float:
        store = _store(domain, path)
        await say(store, "a", "one")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        begin = time.monotonic()
        await say(store, "a", "two")
        await say(store, "a", "three")
        spent = time.monotonic() - begin
        other.execute("ROLLBACK")
        other.close()
        store.breaker.try_now()
        await say(store, "a", "four")
        return spent

    assert _run(go()) < 1
    assert _rows(path).count("user") == 4


def test_without_a_file_conversations_stay_in_memory(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE", "")

    async def go() -> list[str | None]:
        store = SafeTrackerStore(domain)
        await say(store, "a", "one")
        return texts(await store.retrieve("a"))

    assert _run(go()) == ["one"]


def test_a_long_conversation_is_shortened_in_memory_and_whole_in_the_file(
    domain: Domain, tmp_path: Path
) -> None:
    path = tmp_path / "c.db"

    async def go() -> DialogueStateTracker:
        store = _store(domain, path)
        tracker = await say(store, "a", "0")
        tracker.update(SlotSet("language", "fr"))
        await store.save(tracker)
        for number in range(1, 250):
            await say(store, "a", str(number))
        found = await store.retrieve("a")
        assert found is not None
        return found

    tracker = _run(go())
    assert len(tracker.events) <= LONGEST
    assert texts(tracker)[-1] == "249"
    assert tracker.get_slot("language") == "fr"
    assert _rows(path).count("user") == 250


def test_a_short_conversation_is_not_shortened() -> None:
    events = turn("x") * 10
    assert shortened(events) == events


def test_odd_senders_are_kept(domain: Domain, tmp_path: Path) -> None:
    async def go() -> None:
        store = _store(domain, tmp_path / "c.db")
        for sender in ("a'; DROP TABLE events; --", "é\u202e", "x" * 255):
            await say(store, sender, json.dumps(sender))
        assert len(list(await store.keys())) == 3

    _run(go())


def test_conversations_that_ended_long_ago_are_dropped_from_memory(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE", "")
    store = SafeTrackerStore(domain)

    async def go() -> tuple[bool, bool]:
        old = await say(store, "old", "one")
        for event in old.events:
            event.timestamp = 1000.0
        await say(store, "new", "two")
        drop_idle(store, hours=24)
        return bool(await store.retrieve("old")), bool(await store.retrieve("new"))

    assert _run(go()) == (False, True)
