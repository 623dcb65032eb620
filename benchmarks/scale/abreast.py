"""One, two and four processes: throughput, latency and processor time of a message."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.figures import Sample, median, pooled
from benchmarks.load import TURNS
from benchmarks.scale.drive import talk
from benchmarks.scale.fleet import Fleet
from benchmarks.scale.mix import Talk, talks

__all__ = ["TURNS", "Cell", "Effort", "Round", "measure"]

PROCESSES = (1, 2, 4)
USERS = 16


@dataclass(frozen=True)
class Effort:
    """How much is sent.

    Attributes:
        conversations: of ten messages each, in each round from each number of processes.
        warm_up: the same, before the first round.
    """

    rounds: int
    conversations: int
    warm_up: int


FULL, QUICK = Effort(3, 16, 16), Effort(1, 16, 16)


@dataclass(frozen=True)
class Round:
    """What one round found of one bot with one number of processes.

    Attributes:
        sample: its processor time is that of the bots and the action server.
        stores_s: processor time of Redis and PostgreSQL.
        load: average of the machine at the end.
    """

    sample: Sample
    stores_s: float
    load: float


@dataclass(frozen=True)
class Cell:
    """One bot with one number of processes, over all rounds."""

    bot: str
    processes: int
    rounds: tuple[Round, ...]

    @property
    def sample(self) -> Sample:
        return pooled([one.sample for one in self.rounds])

    @property
    def processor_ms(self) -> float:
        """Return the median of the rounds."""
        return median(one.sample.processor_ms for one in self.rounds)

    @property
    def stores_ms(self) -> float:
        """Return the median of the rounds, a message."""
        return median(one.stores_s / len(one.sample.times_ms) * 1000 for one in self.rounds)

    @property
    def per_second(self) -> float:
        """Return the median of the rounds."""
        return median(one.sample.per_second for one in self.rounds)

    def at(self, share: float) -> float:
        """Return the median of the rounds of a percentile, in milliseconds."""
        return median(one.sample.at(share) for one in self.rounds)

    def spread(self) -> float:
        """Return how far the rounds' throughputs lie apart, as a share of their median."""
        found = [one.sample.per_second for one in self.rounds]
        return (max(found) - min(found)) / self.per_second

    @property
    def load(self) -> float:
        return max(one.load for one in self.rounds)

    def each_round(self) -> dict[str, object]:
        """Return the single rounds, for those who want to judge the noise."""
        rounds = [
            {**one.sample.to_dict(), "stores_s": round(one.stores_s, 3), "load": round(one.load, 2)}
            for one in self.rounds
        ]
        return {"bot": self.bot, "processes": self.processes, "rounds": rounds}

    def to_dict(self) -> dict[str, object]:
        return {
            "bot": self.bot,
            "processes": self.processes,
            "per_second": round(self.per_second, 2),
            "p50_ms": round(self.at(50), 1),
            "p99_ms": round(self.at(99), 1),
            "processor_ms": round(self.processor_ms, 2),
            "stores_ms": round(self.stores_ms, 2),
            "spread": round(self.spread(), 3),
            "load": round(self.load, 2),
            "messages": len(self.sample.times_ms),
            "wrong": self.sample.wrong,
            "failed": self.sample.failed,
        }


def measure(fleets: Sequence[Fleet], texts: Mapping[str, Sequence[str]], effort: Effort) -> list[Cell]:
    """Measure all fleets by turns, so that a noisy minute does not hit one of them alone.

    Raises:
        ProcessError: a process has ended.
    """
    found: dict[tuple[str, int], list[Round]] = {}
    streams = {fleet.name: talks(texts, itertools.count()) for fleet in fleets}
    for fleet in fleets:
        asyncio.run(talk(fleet.ports, streams[fleet.name], effort.warm_up, USERS, fleet.is_right))
    for number, processes, fleet in itertools.product(range(effort.rounds), PROCESSES, fleets):
        if processes > len(fleet.ports):
            continue
        one = _round(fleet, fleet.ports[:processes], streams[fleet.name], effort.conversations)
        found.setdefault((fleet.name, processes), []).append(one)
        print(
            f"  round {number + 1}, {fleet.name}, {processes} process(es): {one.sample.per_second:.1f}/s, "
            f"p99 {one.sample.at(99):.0f} ms, {one.sample.processor_ms:.1f} ms, load {one.load:.1f}",
            flush=True,
        )
        fleet.live.check()
    return [Cell(bot, processes, tuple(rounds)) for (bot, processes), rounds in found.items()]


def _round(fleet: Fleet, ports: Sequence[int], stream: Iterator[Talk], conversations: int) -> Round:
    bots, stores = fleet.bot_seconds(), fleet.store_seconds()
    sample = asyncio.run(talk(ports, stream, conversations, USERS, fleet.is_right))
    sample = replace(sample, processor_s=fleet.bot_seconds() - bots)
    return Round(sample, fleet.store_seconds() - stores, os.getloadavg()[0])
