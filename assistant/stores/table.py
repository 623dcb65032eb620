"""The table of events: what the tracker store asks of a database, and the thread that asks it.

The table is Rasa's own (``rasa.core.tracker_store.SQLTrackerStore``), so that ``rasa export`` and other tools
find what they expect.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

T = TypeVar("T")

PATIENCE = 0.5
"""How long a turn waits for the database, in seconds."""


class Row(NamedTuple):
    """An event as the table holds it; ``data`` is its JSON."""

    sender_id: str
    type_name: str
    timestamp: float | None
    intent_name: str | None
    action_name: str | None
    data: str


class Stored(NamedTuple):
    """The number and the JSON of an event in the table; a sender's numbers only grow."""

    id: int
    data: str


class EventTable(ABC):
    """A database with the table; every call is short or fails.

    All methods but :meth:`run` block, and are called in its threads only.

    Attributes:
        setting: the variable that names the database, for the log.
        is_shared: other processes write to it as well.
        errors: what a database raises that cannot be used at the moment.
        refusals: what it raises for rows that it will never take.
    """

    setting: str
    is_shared: bool
    errors: tuple[type[Exception], ...]
    refusals: tuple[type[Exception], ...]

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="conversations")

    async def run(self, work: Callable[[], T], patience: float = PATIENCE) -> T:
        """Run a method of this table in a thread.

        Raises:
            asyncio.TimeoutError: it took too long; it may still be done.
            Exception: one of :attr:`errors`.
        """
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.run_in_executor(self._threads, work), patience)

    @abstractmethod
    def since(self, sender: str, newest: int, count: int) -> list[Stored]:
        """Return the events of a sender after number ``newest``, in order; the last ``count`` at most."""

    @abstractmethod
    def slots(self, sender: str, names: Sequence[str], before: int) -> list[Stored]:
        """Return the last event before number ``before`` that set each slot."""

    @abstractmethod
    def everything(self, sender: str) -> list[Stored]:
        """Return all events of a sender."""

    @abstractmethod
    def append(self, sender: str, newest: int, rows: Sequence[Row]) -> int | None:
        """Add events, all or none, and return the number of the last one.

        Returns None and adds nothing when ``newest`` is not the sender's newest event: another process has
        written, or an earlier attempt that seemed to fail did succeed.
        """

    @abstractmethod
    def delete(self, sender: str) -> None:
        """Delete all events of a sender."""

    @abstractmethod
    def senders(self) -> list[str]:
        """Return all senders."""

    @abstractmethod
    def close(self) -> None:
        """Finish what is under way and close the connections; returns at once."""
