"""A line in which the gravest goes first, with some places that only emergencies may take."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

GRAVE, URGENT, CALM = 0, 1, 2
"""Ranks, the lower first."""


def rank_of(level: str) -> int:
    """Return the rank of a level."""
    return GRAVE if level in ("emergency", "crisis") else URGENT if level == "urgent" else CALM


class Line:
    """Lets so many in at once.

    Args:
        places: how many are served together.
        reserved: how many of the places only the gravest may take.
    """

    def __init__(self, places: int, reserved: int = 0) -> None:
        self._places = places
        self._reserved = reserved
        self._taken = 0
        self._numbers = itertools.count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def place(self, rank: int) -> AsyncIterator[None]:
        """Wait for a place and give it back at the end."""
        if self._is_free_for(rank) and not self._waiting:
            self._taken += 1
        else:
            await self._wait(rank)
        try:
            yield
        finally:
            self._taken -= 1
            self._let_in()

    def _is_free_for(self, rank: int) -> bool:
        return self._taken < self._places - (0 if rank == GRAVE else self._reserved)

    async def _wait(self, rank: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, next(self._numbers), turn))
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was let in at the very moment it gave up
                self._taken -= 1
                self._let_in()
            raise

    def _let_in(self) -> None:
        while self._waiting:
            rank, _, turn = self._waiting[0]
            if turn.cancelled():
                heapq.heappop(self._waiting)
                continue
            if not self._is_free_for(rank):
                return
            heapq.heappop(self._waiting)
            self._taken += 1
            turn.set_result(None)
