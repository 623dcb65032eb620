"""The tracker store: conversations in memory, and behind them a table that may fail at any time.

Rasa's own SQL store blocks the event loop, reads the whole session back on every turn, and forgets the
conversation when the database cannot be read. Here the latest trackers stay in memory, the table is written
in threads of its own, and what could not be written is held and written later. Where processes share a
database, each turn asks it for what the others have written.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter, OrderedDict
from collections.abc import Iterable
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.stores.breaker import REST_SECONDS
from assistant.stores.history import (
    LONGEST,
    events_of,
    latest_session,
    rows_of,
    shortened,
    slots_of,
    with_history,
)
from assistant.stores.live import Away, Live, SafeTable, heard_at
from assistant.stores.table import EventTable, Stored

logger = logging.getLogger(__name__)

T = TypeVar("T")

LIVE_TRACKERS = 2000
"""Conversations held in memory, the latest ones."""

GLANCE = 0.09
"""How long the guard waits for what another process has heard, in seconds."""

BATCH = 500
"""Events that are written at once."""

HELD_EVENTS = 100_000
"""Events held while the database is away, some 200 MB; beyond them the oldest conversations are dropped."""

dropped: Counter[str] = Counter()
"""Events that were dropped since the start, by the setting of the database that was away."""


class SafeTrackerStore(TrackerStore):
    """Keeps conversations in memory and in a table; a database that fails is only logged, once.

    Args:
        domain: Rasa's domain.
        event_broker: gets new events, as with any tracker store.
        table: the database; by default the one that ``DATABASE_URL`` or ``DATABASE`` names.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        table: EventTable | None = None,
        **_: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._table = SafeTable(table)
        self._live: OrderedDict[str, Live] = OrderedDict()
        self._waiting: dict[str, int] = {}
        self._writer: asyncio.Task[None] | None = None
        self.breaker = self._table.breaker

    def forget_idle(self, before: float) -> None:
        """Drop from memory the conversations that ended before a time (seconds since 1970)."""
        for sender, live in list(self._live.items()):
            events = live.tracker.events
            if events and events[-1].timestamp < before:
                del self._live[sender]
                self._waiting.pop(sender, None)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker of the latest session (see base class)."""
        live = self._live.get(sender_id)
        try:
            if live is None:
                return await self._load(sender_id)
            await self._catch_up(sender_id, live)
        except Away:
            if live is None:
                return None
        if len(live.tracker.events) != live.kept or live.kept > LONGEST:
            # A turn broke off half-way (back to what the last whole one left), or it is a long conversation.
            self._rebuild(sender_id, live, list(live.tracker.events)[: live.kept])
        return live.tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return the tracker with the events of all sessions (see base class)."""
        with contextlib.suppress(Away):
            stored = await self._table.ask(lambda table: table.everything(conversation_id))
            live = self._live.get(conversation_id)
            events = [*events_of(stored), *(live.held if live else ())]
            if events:
                return DialogueStateTracker.from_events(conversation_id, events, self.domain.slots)
        return await self.retrieve(conversation_id)

    async def latest_slots(self, sender_id: str) -> dict[str, Any] | None:
        """Return the slots of a conversation, and in ``heard_at`` when another process last heard it.

        For the guard: it waits a moment only, and changes nothing that a turn under way works on.
        ``heard_at`` (seconds since 1970) is 0 when no other process has written since this one last looked;
        ``own_at`` is when the last message was heard of those whose turn is over here.
        """
        live = self._live.get(sender_id)
        if live is None:
            tracker = await self.retrieve(sender_id)
            return tracker and {**tracker.current_slot_values(), "heard_at": heard_at(tracker.events)}
        whole = list(live.tracker.events)[: live.kept]
        news = await self._news(sender_id, live)
        slots = {key: event.value for key, event in {**slots_of(whole), **slots_of(news)}.items()}
        return {**slots, "heard_at": heard_at(news), "own_at": heard_at(whole)}

    async def latest_events(self, sender_id: str) -> list[Event]:
        """Return the events of the turns that are over, other processes' too; see ``latest_slots``."""
        live = self._live.get(sender_id)
        if live is None:
            tracker = await self.retrieve(sender_id)
            return list(tracker.events) if tracker else []
        return list(live.tracker.events)[: live.kept] + await self._news(sender_id, live)

    async def _news(self, sender: str, live: Live) -> list[Event]:
        """Return what other processes have written since this one last looked; nothing if that takes long."""
        if not self._table.is_shared or live.newest is None:
            return []
        newest = live.newest
        try:
            return events_of(
                await self._table.ask(lambda table: table.since(sender, newest, LONGEST), GLANCE)
            )
        except Away:
            return []

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker in memory and append its new events to the table (see base class)."""
        sender = tracker.sender_id
        live = self._live.setdefault(sender, Live(tracker))
        live.tracker = tracker
        new = list(tracker.events)[live.kept :]
        live.kept = len(tracker.events)
        self._live.move_to_end(sender)
        if self._table.table is not None:
            live.held.extend(new)
        if self.event_broker:
            await self._stream_new_events(self.event_broker, new, sender)
        await self._write(sender, live)
        self._forget_old()

    async def keys(self) -> Iterable[str]:
        """Return the senders (see base class)."""
        found: list[str] = []
        with contextlib.suppress(Away):
            found = await self._table.ask(lambda table: table.senders())
        return {*found, *self._live}

    async def delete(self, sender_id: str) -> bool:
        """Delete a conversation from memory and from the table; return whether it is gone from both."""
        live = self._live.pop(sender_id, None)
        self._waiting.pop(sender_id, None)
        if live is not None:
            live.held.clear()
        if self._table.table is None:
            return True
        try:
            await self._table.ask(lambda table: table.delete(sender_id))
        except Away:
            return False
        return True

    def close(self) -> None:
        """Close the table."""
        if self._table.table:
            self._table.table.close()

    async def _load(self, sender: str) -> DialogueStateTracker | None:
        """Read a conversation that is not in memory."""
        history, stored = await self._history(sender)
        if not history:
            return None
        tracker = self._tracker(sender, history)
        live = self._live[sender] = Live(tracker, len(history), newest=stored[-1].id)
        self._forget_old()
        return live.tracker

    async def _catch_up(self, sender: str, live: Live) -> None:
        """Take in what other processes have written; a conversation that was never read is read now."""
        if live.newest is None or live.is_stale:
            async with live.writing:
                if live.newest is None:
                    await self._look_first(sender, live)
                history, stored = await self._history(sender)
                live.settle(stored)
                self._rebuild(sender, live, [*history, *live.held])
                live.is_stale = False
        elif self._table.is_shared:
            newest = live.newest
            news = await self._table.ask(lambda table: table.since(sender, newest, LONGEST))
            if not news:
                return
            if live.held or len(news) == LONGEST or len(live.tracker.events) != live.kept:
                live.is_stale = True
                return await self._catch_up(sender, live)
            for event in events_of(news):
                live.tracker.update(event)
            live.kept, live.newest = len(live.tracker.events), news[-1].id

    async def _history(self, sender: str) -> tuple[list[Event], list[Stored]]:
        """Return the latest session as the table has it, bounded, and the rows that were read for it."""
        stored = await self._table.ask(lambda table: table.since(sender, 0, LONGEST))
        events = latest_session(events_of(stored))
        if len(stored) == LONGEST and not isinstance(events[0], SessionStarted):
            names = [slot.name for slot in self.domain.slots]
            older = await self._table.ask(lambda table: table.slots(sender, names, stored[0].id))
            events = [*events_of(older), *events]
        return events, stored

    async def _write(self, sender: str, live: Live) -> bool:
        """Write what is held; return whether nothing is held any more."""
        with contextlib.suppress(Away):
            async with live.writing:
                if live.held and live.newest is None:
                    await self._look_first(sender, live)
                tries = 10 + len(live.held) // BATCH  # other processes may write at the same moment
                while tries and live.held and not await self._append(sender, live):
                    tries -= 1
        if live.held and self._live.get(sender) is live:
            self._waiting[sender] = len(live.held)
            self._drop_too_many()
            if self._writer is None or self._writer.done():
                self._writer = asyncio.create_task(self._write_back())
        else:
            self._waiting.pop(sender, None)
        return not live.held

    async def _append(self, sender: str, live: Live) -> bool:
        """Append what is held; False when the table had news, which are looked at then."""
        held, newest = live.held[:BATCH], live.newest or 0
        rows = rows_of(sender, held)
        try:
            last = await self._table.ask(lambda table: table.append(sender, newest, rows))
        except self._table.refusals as error:
            self._drop(live, type(error).__name__)  # they would stand in the way of everything else for ever
            return True
        if last is not None:
            live.newest = last
            live.held = live.held[len(held) :]
            return not live.held
        stored = await self._table.ask(lambda table: table.since(sender, newest, LONGEST))
        live.settle(stored)
        return False

    async def _look_first(self, sender: str, live: Live) -> None:
        """Read the table for the first time: events held so far may belong to an older conversation."""
        stored = await self._table.ask(lambda table: table.since(sender, 0, LONGEST))
        live.settle(stored)
        live.held = with_history(events_of(stored), live.held)

    async def _write_back(self) -> None:
        """Write what is held as soon as the table can be used again, whether anybody writes to us or not."""
        while self._waiting:
            await asyncio.sleep(REST_SECONDS)
            self.breaker.try_now()
            for sender in list(self._waiting):
                live = self._live.get(sender)
                if live is not None and not await self._write(sender, live):
                    break

    def _tracker(self, sender: str, events: list[Event]) -> DialogueStateTracker:
        return DialogueStateTracker.from_events(sender, events, self.domain.slots)

    def _rebuild(self, sender: str, live: Live, events: list[Event]) -> None:
        events = shortened(events)
        live.tracker, live.kept = self._tracker(sender, events), len(events)

    def _drop_too_many(self) -> None:
        total = sum(self._waiting.values())
        while total > HELD_EVENTS:
            sender = next(iter(self._waiting))
            total -= self._waiting.pop(sender)
            live = self._live.get(sender)
            if live is not None:
                self._drop(live, "too many are held")

    def _drop(self, live: Live, reason: str) -> None:
        dropped[self.breaker.setting] += len(live.held)
        logger.error("%s: %d events were dropped (%s).", self.breaker.setting, len(live.held), reason)
        live.held = []

    def _forget_old(self) -> None:
        while len(self._live) > LIVE_TRACKERS:
            oldest = next((sender for sender in self._live if sender not in self._waiting), None)
            if oldest is None:
                return  # all of them are held for the table
            del self._live[oldest]
