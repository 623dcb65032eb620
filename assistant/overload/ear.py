"""Which of many messages is triaged next: where the quick look finds a sign, before the others.

Triage is work for the processor, several milliseconds a message, most of them of the learned reader. When a
crowd writes at once, the rule reader alone, a fraction of a millisecond, says who goes first. Only the order
hangs on it: everybody is triaged in full. One at a time, so that the words for one go out before the next
message is looked at.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from baclofen import rules

SUSPICIOUS, OTHER = 0, 1
"""Ranks, the lower first."""

LONGEST_LOOK = 1000
"""Characters of a message that the quick look is at."""


class Ear:
    """Lets one message after the other be triaged."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._begin(None)

    def _begin(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._loop = loop
        self._is_taken = False
        self._unheard = 0
        self._line: list[tuple[int, int, asyncio.Future[None]]] = []
        self._waiting: list[asyncio.Future[None]] = []

    @asynccontextmanager
    async def turn(self, text: str) -> AsyncIterator[None]:
        """Wait until a message is next; the others wait until the block ends, and a moment longer."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # what waited in a loop that has ended will never come
            self._begin(loop)
        self._unheard += 1
        try:
            if self._is_taken:
                await self._wait(_rank(text))
            self._is_taken = True
            try:
                yield
            finally:  # not at once: what was heard is answered first
                loop.call_soon(self._next)
        finally:
            self._unheard -= 1
            if not self._unheard:
                for waiting in self._waiting:
                    if not waiting.done():
                        waiting.set_result(None)
                self._waiting.clear()

    async def _wait(self, rank: int) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._line, (rank, next(self._numbers), mine))
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():  # it was its turn at the very moment it gave up
                self._next()
            raise

    def _next(self) -> None:
        while self._line:
            *_, waiting = heapq.heappop(self._line)
            if not waiting.done():
                waiting.set_result(None)
                return
        self._is_taken = False

    async def quiet(self, seconds: float) -> None:
        """Wait until every message is triaged, for so many seconds at most."""
        if self._unheard:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            await asyncio.wait({waiting}, timeout=seconds)


def _rank(text: str) -> int:
    try:
        return SUSPICIOUS if rules.read(text[:LONGEST_LOOK]).findings else OTHER
    except Exception:  # what cannot be read may be anything
        return SUSPICIOUS


EAR = Ear()
"""The one of this process, whose channels share a processor."""
