"""What a message costs as its conversation gets longer and as more conversations are open."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter

from benchmarks.figures import percentile
from benchmarks.load import Connection
from benchmarks.questions import endless
from benchmarks.scale.drive import say
from benchmarks.scale.fleet import Fleet

HISTORY = (10, 100, 1000)
OPEN = (20, 200, 2000)
WINDOW = 40
"""Messages of the long conversation that are measured at each length."""

ASKED = 320
"""Messages that are measured from open conversations, chosen at random."""

USERS = 16
LONGEST_S = 120.0
"""Seconds after which a conversation that has become slow is not made longer."""


@dataclass(frozen=True)
class Point:
    """The cost of a message at one size.

    Attributes:
        size: messages in the conversation, or open conversations.
        processor_ms: of all bots, a message; stores_ms: of Redis and PostgreSQL.
        bot_mib: memory of one bot.
        load: average of the machine.
    """

    size: int
    p50_ms: float
    p99_ms: float
    processor_ms: float
    stores_ms: float
    bot_mib: float
    stored: Mapping[str, float]
    load: float

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


class Meter:
    """Takes the times of messages, and what they cost from its making on."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._bots, self._stores = fleet.bot_seconds(), fleet.store_seconds()
        self.times: list[float] = []

    def point(self, size: int) -> Point:
        """Return the cost of a message since then."""
        count, fleet = len(self.times), self._fleet
        return Point(
            size,
            round(percentile(self.times, 50), 1),
            round(percentile(self.times, 99), 1),
            round((fleet.bot_seconds() - self._bots) / count * 1000, 2),
            round((fleet.store_seconds() - self._stores) / count * 1000, 2),
            round(fleet.bot_mib(), 1),
            fleet.stored(),
            round(os.getloadavg()[0], 2),
        )


def history(fleet: Fleet, texts: Sequence[str], sizes: Sequence[int] = HISTORY) -> list[Point]:
    """Have one long conversation; the sizes that are not reached in time are left out."""
    return asyncio.run(_history(fleet, endless(texts, itertools.count(10**6)), sizes))


async def _history(fleet: Fleet, texts: Iterator[str], sizes: Sequence[int]) -> list[Point]:
    connection, sender = Connection("127.0.0.1", fleet.ports[0]), "long-" + uuid.uuid4().hex
    points: list[Point] = []
    said, end = 0, perf_counter() + LONGEST_S
    for size in sizes:
        while said < size and perf_counter() < end:
            await say(connection, sender, next(texts))
            said += 1
        if said < size:
            break
        meter = Meter(fleet)
        for _ in range(WINDOW):
            messages, took = await say(connection, sender, next(texts))
            meter.times += [took] if messages else []
        said += WINDOW
        points.append(meter.point(size))
        _tell(fleet, points[-1], "messages said")
    await connection.close()
    return points


def conversations(fleet: Fleet, texts: Sequence[str], sizes: Sequence[int] = OPEN) -> list[Point]:
    """Open more and more conversations, and let some of them go on."""
    return asyncio.run(_conversations(fleet, endless(texts, itertools.count(2 * 10**6)), sizes))


async def _conversations(fleet: Fleet, texts: Iterator[str], sizes: Sequence[int]) -> list[Point]:
    chance, senders = random.Random(0), list[str]()
    points = []
    for size in sizes:
        new = [f"open-{uuid.uuid4().hex}" for _ in range(size - len(senders))]
        await _say_all(fleet, list(enumerate(new, len(senders))), texts)
        senders += new
        meter = Meter(fleet)
        some = [(number, senders[number]) for number in (chance.randrange(size) for _ in range(ASKED))]
        meter.times += await _say_all(fleet, some, texts)
        points.append(meter.point(size))
        _tell(fleet, points[-1], "conversations open")
    return points


async def _say_all(fleet: Fleet, people: Sequence[tuple[int, str]], texts: Iterator[str]) -> list[float]:
    """Have each of these people say something; a conversation stays with its bot."""
    count = len(fleet.ports)
    queues = [iter([sender for number, sender in people if number % count == i]) for i in range(count)]
    times: list[float] = []

    async def user(i: int) -> None:
        connection = Connection("127.0.0.1", fleet.ports[i])
        for sender in queues[i]:
            messages, took = await say(connection, sender, next(texts))
            times.extend([took] if messages else [])
        await connection.close()

    await asyncio.gather(*(user(i % count) for i in range(USERS)))
    return times


def _tell(fleet: Fleet, point: Point, what: str) -> None:
    print(
        f"  {fleet.name}, {point.size} {what}: p50 {point.p50_ms:.0f} ms, {point.processor_ms:.1f} ms, "
        f"{point.bot_mib:.0f} MiB, load {point.load:.1f}",
        flush=True,
    )
