"""The turns of all channels: those of one sender one after the other, the gravest first, so many at once.

Turns are work for the processor, which has one thread: more of them at once are no faster, and everybody
waits longer. A turn that waits for something itself gives its place to the next.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from sanic import Sanic

from assistant import settings
from assistant.overload.ear import EAR, Ear
from assistant.overload.line import GRAVE, Line

AT_ONCE, RESERVED = 4, 1
"""Turns at once, and how many of these only emergencies may take."""

HELD = 0.15
"""Seconds after which a turn waits rather than works: its place goes to another."""

LONGEST_UNHEARD = 2.0
"""Seconds for which turns wait for messages that nobody has triaged yet."""

MOST_OF_ONE = 20
"""Turns of one sender that wait."""

GRAVE_ROOM = 2
"""So many times the room is there for turns of emergencies."""

MOST_UNDER_WAY = 20
"""So many times the room is there for turns that wait for something else: an action, an earlier turn."""


class Full(Exception):
    """There is no room for another turn."""


class Turns:
    """The turns under way in this process.

    Args:
        longest: how many may wait.
        ear: knows of messages that nobody has triaged yet; no turn begins meanwhile.

    Attributes:
        counts: ``taken`` and ``shed``.
    """

    def __init__(self, longest: int | None = None, ear: Ear = EAR) -> None:
        self._ear = ear
        self._longest = settings.turns_waiting() if longest is None else longest
        self._line = Line(AT_ONCE, RESERVED)
        self._waiting = self._under_way = 0
        self._senders: dict[str, deque[asyncio.Future[None]]] = {}
        self.counts: Counter[str] = Counter()

    def has_room(self, sender: str, rank: int) -> bool:
        """Say whether a turn can be taken; what :meth:`run` would do now."""
        most = self._longest * (GRAVE_ROOM if rank == GRAVE else 1)
        is_free = self._waiting < most and self._under_way < most * MOST_UNDER_WAY
        return is_free and len(self._senders.get(sender, ())) <= MOST_OF_ONE

    async def run(self, sender: str, rank: int, work: Callable[[], Awaitable[Any]]) -> None:
        """Do the work of a turn when it is due.

        Raises:
            Full: there is no room for it.
        """
        if not self.has_room(sender, rank):
            self.counts["shed"] += 1
            raise Full
        self.counts["taken"] += 1
        self._under_way += 1
        try:
            async with self._in_order(sender):
                await self._begun(rank, work)
        finally:
            self._under_way -= 1

    async def _begun(self, rank: int, work: Callable[[], Awaitable[Any]]) -> None:
        """Do the work in a place of the line, and go on with it outside when it takes long."""
        self._waiting += 1
        is_waiting = True
        try:
            async with self._line.place(rank):
                await self._ear.quiet(LONGEST_UNHEARD)
                self._waiting -= 1
                is_waiting = False
                task = asyncio.ensure_future(work())
                try:
                    await asyncio.wait({task}, timeout=HELD)
                except BaseException:
                    task.cancel()
                    raise
        finally:
            self._waiting -= is_waiting
        await task

    @asynccontextmanager
    async def _in_order(self, sender: str) -> AsyncIterator[None]:
        """Wait for the earlier turns of a sender."""
        line = self._senders.setdefault(sender, deque())
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(mine)
        try:
            if line[0] is not mine:
                await mine
            yield
        finally:
            line.remove(mine)
            if not line:
                del self._senders[sender]
            elif not line[0].done():
                line[0].set_result(None)


def of(app: Sanic) -> Turns:
    """Return the turns of an application; call it inside its event loop."""
    if not hasattr(app.ctx, "turns"):
        app.ctx.turns = Turns()
    turns: Turns = app.ctx.turns
    return turns
