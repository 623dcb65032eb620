"""One conversation in memory beside the table, and the table when it may be away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant import settings
from assistant.stores.breaker import Breaker
from assistant.stores.history import as_stored
from assistant.stores.sqlite import EventFile
from assistant.stores.table import PATIENCE, EventTable, Stored

T = TypeVar("T")


@dataclass(eq=False)
class Live:
    """A conversation in memory.

    Attributes:
        tracker: what Rasa works on; it may be in the midst of a turn.
        kept: how many of its events are from whole turns.
        held: events that are not in the table yet.
        newest: number of the newest event that was read or written; None while the table was never read.
        is_stale: the table has events that the tracker has not.
        writing: only one write of a conversation at a time.
    """

    tracker: DialogueStateTracker
    kept: int = 0
    held: list[Event] = field(default_factory=list)
    newest: int | None = None
    is_stale: bool = False
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def settle(self, stored: Sequence[Stored]) -> None:
        """Hold no longer what the table has after all; the next turn reads what others have written."""
        in_table = {row.data for row in stored}
        ours = {data for event in self.held if (data := as_stored(event)) in in_table}
        self.held = [event for event in self.held if as_stored(event) not in ours]
        self.is_stale = self.is_stale or len(ours) < len(in_table)
        self.newest = stored[-1].id if stored else self.newest or 0


class Away(Exception):
    """The table cannot be used at the moment."""


def table_of_settings() -> EventTable | None:
    """Return the database that the environment names, None where conversations stay in memory.

    Raises:
        ValueError: DATABASE_URL is no address of a PostgreSQL.
    """
    if url := settings.database_url():
        from assistant.stores.postgres import EventDatabase

        return EventDatabase(url)
    path = settings.database()
    return EventFile(path) if path else None


class SafeTable:
    """The table that the environment names, asked only while it answers.

    Args:
        table: another one, for tests.

    Attributes:
        table: None where conversations stay in memory.
    """

    def __init__(self, table: EventTable | None = None) -> None:
        self.table = table or table_of_settings()
        setting = self.table.setting if self.table else "DATABASE"
        self.breaker = Breaker(setting, "Conversations are kept in memory for now.")

    @property
    def is_shared(self) -> bool:
        """Say whether other processes write to it."""
        return self.table is not None and self.table.is_shared

    @property
    def refusals(self) -> tuple[type[Exception], ...]:
        """Return what is raised for rows that will never be taken."""
        return (TypeError, ValueError, *(self.table.refusals if self.table else ()))

    async def ask(self, work: Callable[[EventTable], T], patience: float = PATIENCE) -> T:
        """Return the result of ``work`` on the table.

        Raises:
            Away: there is no table, or it cannot be used at the moment.
        """
        table = self.table
        if table is None or not self.breaker.allows():
            raise Away
        try:
            result = await table.run(lambda: work(table), patience)
        except table.refusals:
            raise
        except (asyncio.TimeoutError, *table.errors) as error:
            if patience >= PATIENCE or not isinstance(error, asyncio.TimeoutError):
                self.breaker.failed(error)
            raise Away from None
        self.breaker.succeeded()
        return result


def heard_at(events: Iterable[Event]) -> float:
    return max((event.timestamp for event in events if isinstance(event, UserUttered)), default=0.0)
