"""Where conversations are kept: a SQLite file that may fail without anybody noticing but the log.

Rasa's own SQL store blocks the event loop, reads the whole session back on every turn, and forgets the
conversation when the file cannot be read. Here the live trackers stay in memory (the latest ones), the file
is written behind them in a thread of its own, and events that could not be written are written with the
next turn that can. The table is Rasa's own, so that ``rasa export`` and other tools find what they expect.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sqlite3
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant import metrics, settings
from assistant.privacy import redacted

logger = logging.getLogger(__name__)

T = TypeVar("T")

LIVE_TRACKERS = 2000
"""Conversations held in memory, the latest ones."""

LONGEST = 400
"""Events that a tracker in memory may hold; the file keeps all of them."""

BUSY_SECONDS = 0.3
"""How long SQLite waits for another writer."""

PATIENCE = 0.5
"""How long a turn waits for the file, in seconds."""

REST_SECONDS = 5.0
"""How long the file is left alone after a failure."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER NOT NULL PRIMARY KEY,
    sender_id VARCHAR(255) NOT NULL,
    type_name VARCHAR(255) NOT NULL,
    timestamp FLOAT,
    intent_name VARCHAR(255),
    action_name VARCHAR(255),
    data TEXT
);
CREATE INDEX IF NOT EXISTS ix_events_sender_id ON events (sender_id);
"""

_SESSION = """
SELECT data FROM events WHERE sender_id = :sender AND id >= COALESCE(
    (SELECT MAX(id) FROM events WHERE sender_id = :sender AND type_name = 'session_started'), 0)
ORDER BY id
"""
_ALL = "SELECT data FROM events WHERE sender_id = :sender ORDER BY id"
_INSERT = """
INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data) VALUES (?, ?, ?, ?, ?, ?)
"""


class EventFile:
    """The SQLite file, in a thread of its own; every call is short or fails.

    Args:
        path: the file; it is made when missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="conversations")

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` on the connection.

        Raises:
            OSError, sqlite3.Error, asyncio.TimeoutError: the file cannot be used at the moment.
        """
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.run_in_executor(self._thread, self._work, work), PATIENCE)

    def _work(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA secure_delete=ON")
            connection.executescript(_SCHEMA)
            self._connection = connection
        return work(self._connection)

    def close(self) -> None:
        """Finish what is under way and close the file."""

        def close() -> None:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

        self._thread.submit(close)
        self._thread.shutdown(wait=False)


@dataclass
class _Live:
    """A tracker; ``kept`` of its events are from whole turns, ``written`` of them are in the file."""

    tracker: DialogueStateTracker
    kept: int
    written: int


class SafeTrackerStore(TrackerStore):
    """Keeps conversations in memory and in a SQLite file; a file that fails is only logged, once.

    Args:
        domain: Rasa's domain.
        event_broker: gets new events, as with any tracker store.
        path: the file; by default the one that ``DATABASE`` names, and None where it names none.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        path: Path | None = None,
        **_: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        path = path or settings.database()
        self._file = EventFile(path) if path else None
        self._live: OrderedDict[str, _Live] = OrderedDict()
        self._has_complained = False
        self._rests_until = 0.0

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker of the latest session (see base class)."""
        live = self._live.get(sender_id)
        if live is not None:
            if len(live.tracker.events) == live.kept <= LONGEST:
                return live.tracker
            # A turn broke off half-way (go back to what the last whole turn left), or the conversation is
            # long.
            return self._rebuilt(sender_id, list(live.tracker.events)[: live.kept], live.kept - live.written)
        return await self._read(sender_id, _SESSION)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return the tracker with the events of all sessions (see base class)."""
        return await self._read(conversation_id, _ALL, keep=False) or await self.retrieve(conversation_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker in memory and append its new events to the file (see base class)."""
        live = self._live.get(tracker.sender_id)
        if live is None:
            written = await self._count(tracker)
            live = _Live(tracker, written, written)
        elif live.tracker is not tracker:
            live = _Live(tracker, live.kept, live.written)
        new = list(tracker.events)[live.kept :]
        live.kept = len(tracker.events)
        self._live[tracker.sender_id] = live
        self._live.move_to_end(tracker.sender_id)
        if self.event_broker:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)
        await self._write(tracker.sender_id, live)
        self._forget_old()

    async def keys(self) -> Iterable[str]:
        """Return the senders (see base class)."""
        rows = await self._try(lambda c: c.execute("SELECT DISTINCT sender_id FROM events").fetchall())
        return {row[0] for row in rows or ()} | set(self._live)

    async def delete(self, sender_id: str) -> bool:
        """Delete a conversation from memory and from the file; return whether it is gone from both."""
        self._live.pop(sender_id, None)
        if self._file is None:
            return True

        def delete(connection: sqlite3.Connection) -> bool:
            connection.execute("DELETE FROM events WHERE sender_id = ?", (sender_id,))
            # The log of the file still holds what was written: it is folded in, and emptied.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return True

        return bool(await self._try(delete))

    def forget_idle(self, before: float) -> None:
        """Drop from memory the conversations that ended before a time (seconds since 1970)."""
        for sender, live in list(self._live.items()):
            events = live.tracker.events
            if events and events[-1].timestamp < before:
                del self._live[sender]

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    async def _write(self, sender: str, live: _Live) -> None:
        events = list(live.tracker.events)

        def insert(connection: sqlite3.Connection) -> None:
            # Counted here, in the file's thread: a turn that stopped waiting must not make it write twice.
            rows = [_row(sender, event) for event in events[live.written :]]
            connection.execute("BEGIN IMMEDIATE")
            with contextlib.ExitStack() as undo:
                undo.callback(connection.execute, "ROLLBACK")
                connection.executemany(_INSERT, rows)
                undo.pop_all()
            connection.execute("COMMIT")
            live.written = len(events)

        if len(events) > live.written:
            await self._try(insert)

    async def _read(self, sender: str, query: str, keep: bool = True) -> DialogueStateTracker | None:
        rows = await self._try(lambda c: c.execute(query, {"sender": sender}).fetchall())
        if not rows:
            return None
        tracker = DialogueStateTracker.from_dict(
            sender, [json.loads(row[0]) for row in rows], self.domain.slots
        )
        return self._rebuilt(sender, list(tracker.events), 0) if keep else tracker

    async def _count(self, tracker: DialogueStateTracker) -> int:
        """Return how many events of an unknown tracker's session are in the file."""
        if not tracker.events:
            return 0
        rows = await self._try(lambda c: c.execute(_SESSION, {"sender": tracker.sender_id}).fetchall())
        return len(rows or ())

    async def _try(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Return the result of ``work`` on the file, None when there is no file or it cannot be used."""
        if self._file is None or time.monotonic() < self._rests_until:
            return None
        try:
            result = await self._file.run(work)
        except (OSError, sqlite3.Error, asyncio.TimeoutError) as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            if not self._has_complained:
                self._has_complained = True
                metrics.store_failover("trackers")
                logger.warning(
                    "Conversations are kept in memory for now: the file of DATABASE cannot be used (%s).",
                    error if isinstance(error, sqlite3.Error) else type(error).__name__,
                )
            return None
        if self._has_complained:
            self._has_complained = False
            metrics.store_back("trackers")
        return result

    def _rebuilt(self, sender: str, events: list[Event], unwritten: int) -> DialogueStateTracker:
        events = shortened(events)
        tracker = DialogueStateTracker.from_events(sender, events, self.domain.slots)
        self._live[sender] = _Live(tracker, len(events), max(0, len(events) - unwritten))
        self._forget_old()
        return tracker

    def _forget_old(self) -> None:
        while len(self._live) > LIVE_TRACKERS:
            self._live.popitem(last=False)


def shortened(events: list[Event]) -> list[Event]:
    """Return the latest turns of a long conversation, and before them the slots that the older ones set.

    Rasa goes through all events several times a turn; nothing but the slots looks further back than one turn.
    """
    if len(events) <= LONGEST:
        return events
    start = next((i for i in range(len(events) - LONGEST // 2, len(events)) if _opens_turn(events, i)), None)
    if start is None:
        return events
    slots = {event.key: event for event in events[:start] if isinstance(event, SlotSet)}
    return [*slots.values(), *events[start:]]


def _opens_turn(events: list[Event], i: int) -> bool:
    return isinstance(events[i], ActionExecuted) and any(
        isinstance(e, UserUttered) for e in events[i + 1 : i + 2]
    )


def _row(sender: str, event: Event) -> tuple[Any, ...]:
    data = redacted(event.as_dict())
    intent = (data.get("parse_data") or {}).get("intent") or {}
    return (
        sender,
        event.type_name,
        data.get("timestamp"),
        intent.get("name"),
        data.get("name"),
        json.dumps(data),
    )


class QuickLockStore(InMemoryLockStore):
    """Rasa's in-memory locks, looked at every 20 ms: every second is too slow for people who type fast."""

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 0.02
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the lock of a conversation (see base class)."""
        async with super().lock(conversation_id, lock_lifetime, wait_time_in_seconds) as lock:
            yield lock
