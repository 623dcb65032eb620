"""Which of many messages is triaged next: where a first look finds danger, before the others.

Triage is work for the processor, several milliseconds a message, most of them of the learned reader's
encoder. When a crowd writes at once, a cheap look (``baclofen.first_look``) says who goes first. Only the
order hangs on it: everybody is triaged in full, and who looks calm is not passed over for ever. One at a
time, so that the words for one go out before the next message is looked at.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from baclofen import first_look

IN_A_ROW = 8
"""Messages that may overtake others; then it is the turn of the one that has waited longest, however calm.

One at a time: an emergency never waits for more than one that looks calm.
"""

HOPS = 8
"""Rounds of the event loop that one message takes from its connection to this line.

So many pass between two pieces of work while others wait: who has come meanwhile is in the line by then. A
round with nothing to do takes some microseconds.
"""

_Waiting = tuple[int, asyncio.Future[None]]
"""Its number in the order of arrival, and what tells it that it is next."""


class Ear:
    """Lets one message after the other be triaged."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._begin(None)

    def _begin(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._loop = loop
        self._is_taken = False
        self._unheard = 0
        self._overtook = 0
        self._lines: tuple[deque[_Waiting], ...] = (deque(), deque(), deque())
        self._quiet: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, text: str) -> AsyncIterator[None]:
        """Wait until a message is next; the others wait until the block ends, and a moment longer."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # what waited in a loop that has ended will never come
            self._begin(loop)
        self._unheard += 1
        try:
            if self._is_taken:
                await self._wait(first_look.rank(text))
            self._is_taken = True
            try:
                yield
            finally:  # not at once: what was heard is answered first
                _after(HOPS if any(self._lines) else 1, self._next)
        finally:
            self._unheard -= 1
            if not self._unheard:
                self._let_one_work()

    async def _wait(self, rank: int) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines[rank].append((next(self._numbers), mine))
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():  # it was its turn at the very moment it gave up
                self._next()
            raise

    def _next(self) -> None:
        line = self._line()
        if line is None:
            self._is_taken = False
        else:
            line.popleft()[1].set_result(None)

    def _line(self) -> deque[_Waiting] | None:
        """Return the line whose first message is next; None when nobody waits."""
        for line in self._lines:
            while line and line[0][1].done():  # it gave up
                line.popleft()
        waiting = [line for line in self._lines if line]
        if not waiting:
            return None
        oldest = min(waiting, key=lambda line: line[0][0])
        is_overtaken = oldest is not waiting[0]
        if is_overtaken and self._overtook < IN_A_ROW:
            self._overtook += 1
            return waiting[0]
        self._overtook = 0
        return oldest

    async def quiet(self, seconds: float) -> None:
        """Wait until every message is triaged, for so many seconds at most; the first in line goes first."""
        if self._unheard or self._quiet:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._quiet.append(waiting)
            await asyncio.wait({waiting}, timeout=seconds)
            if not waiting.done():
                waiting.cancel()

    def _let_one_work(self) -> None:
        """Let those who wait for quiet go on one by one, as long as nobody comes."""
        while self._quiet and not self._unheard:
            waiting = self._quiet.popleft()
            if not waiting.done():
                waiting.set_result(None)
                _after(HOPS, self._let_one_work)
                return


def _after(rounds: int, what: Callable[[], None]) -> None:
    """Call something after some rounds of the event loop."""
    loop = asyncio.get_running_loop()
    if rounds > 1:
        loop.call_soon(_after, rounds - 1, what)
    else:
        loop.call_soon(what)


EAR = Ear()
"""The one of this process, whose channels share a processor."""
