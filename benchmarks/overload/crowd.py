"""People with open conversations who write at random times, and all of them at the same moment."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.load import PATH, Connection
from benchmarks.questions import EMERGENCIES, marks

OPENING = 50
"""Connections that are opened together."""


@dataclass(frozen=True)
class Reply:
    """What came of one message.

    Attributes:
        is_grave: it was an emergency.
        first_ms: from sending until the first message of the reply; None where none came.
        is_shed: the emergency check alone was made.
        is_right: an emergency got a number at once; anybody else got an answer or the busy line.
    """

    is_grave: bool
    first_ms: float | None
    is_shed: bool
    is_right: bool


class Crowd:
    """So many conversations, each with a connection of its own.

    Args:
        address: host and port of the bot.
        calm: what is asked.
        share: of the messages, those of emergencies.
        busy: how the busy line begins.
    """

    def __init__(
        self, address: tuple[str, int], size: int, calm: Sequence[str], share: float, busy: str, seed: int = 0
    ) -> None:
        self._address = address
        self._chance = random.Random(seed)
        self._people = [(uuid.uuid4().hex, Connection(*address), asyncio.Lock()) for _ in range(size)]
        self._calm = calm
        self._share = share
        self._busy = busy
        self._numbers = itertools.count(1)

    async def greet(self) -> None:
        """Open all conversations with a first message each."""
        for start in range(0, len(self._people), OPENING):
            await asyncio.gather(
                *(self._say(person, False) for person in self._people[start : start + OPENING])
            )

    async def write(self, rate: float, seconds: float) -> list[Reply]:
        """Write at random times, so many messages a second, whether answers come or not."""
        tasks = []
        end = due = time.perf_counter()
        end += seconds
        while due < end:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(self._say(self._chance.choice(self._people))))
            due += self._chance.expovariate(rate)
        return list(await asyncio.gather(*tasks))

    async def burst(self) -> list[Reply]:
        """Write all at once."""
        return list(await asyncio.gather(*(self._say(person) for person in self._people)))

    async def leave(self) -> None:
        """Close all connections."""
        for _, connection, _ in self._people:
            await connection.close()

    async def _say(self, person: tuple[str, Connection, asyncio.Lock], is_grave: bool | None = None) -> Reply:
        sender, connection, turn = person
        if is_grave is None:
            is_grave = self._chance.random() < self._share
        text = self._chance.choice(EMERGENCIES if is_grave else self._calm)
        content = {"sender": sender, "message": f"{text} {marks(next(self._numbers))}"}
        try:
            if (
                turn.locked()
            ):  # who cannot wait for the answer before opens another connection, as a browser does
                connection, turn = Connection(*self._address), asyncio.Lock()
            async with turn:
                answer = await connection.post(f"{PATH}?stream=true", content)
        except (OSError, ValueError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            return Reply(is_grave, None, False, False)
        finally:
            if connection is not person[1]:
                await connection.close()
        texts = [str(message["text"]) for message in answer.messages() if message.get("text")]
        is_shed = any(text.startswith(self._busy) for text in texts)
        is_right = bool(texts) and (not is_grave or "911" in texts[0])
        return Reply(is_grave, answer.first_ms if texts else None, is_shed, is_right)
