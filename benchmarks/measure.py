"""One run: a number of rounds, in each of which one system after the other is started, asked and ended."""

from __future__ import annotations

import asyncio
import itertools
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from benchmarks.figures import Sample, median, pooled
from benchmarks.load import Messages, send
from benchmarks.processes import busy_seconds, processor_seconds
from benchmarks.questions import KINDS, endless
from benchmarks.systems import Running


class System(Protocol):
    """A system that can be measured."""

    name: str

    def run(self, logs: Path) -> AbstractContextManager[Running]: ...

    def is_right(self, kind: str, messages: Messages) -> bool: ...


@dataclass(frozen=True)
class Effort:
    """How much is measured.

    Attributes:
        messages: by number of users, in each round.
        warm_up: messages before each measurement, not counted.
    """

    rounds: int
    messages: Mapping[int, int]
    warm_up: int


FULL = Effort(3, {1: 150, 16: 480}, 32)
QUICK = Effort(1, {1: 40, 16: 96}, 16)


@dataclass(frozen=True)
class Cell:
    """What was asked, by how many users at once; where it is streamed, the time of message 1 counts."""

    kind: str
    senders: int
    streamed: bool = False

    @property
    def title(self) -> str:
        users = "1 user" if self.senders == 1 else f"{self.senders} users"
        return f"{self.kind}{', message 1 streamed' if self.streamed else ''}, {users}"


@dataclass
class Figures:
    """What was measured of one system, over all rounds.

    Attributes:
        start_s: of each round, and the processor time that it took.
        memory_mib: after the load of each round, by process.
        others: processor cores that other programs used meanwhile, of each round.
    """

    samples: dict[Cell, list[Sample]] = field(default_factory=dict)
    start_s: list[float] = field(default_factory=list)
    start_processor_s: list[float] = field(default_factory=list)
    memory_mib: list[dict[str, float]] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def sample(self, cell: Cell) -> Sample:
        return pooled(self.samples[cell])

    def memory(self, process: str | None = None) -> float:
        """Return the median over the rounds of one process' memory, or of all together."""
        return median(m.get(process, 0.0) if process else sum(m.values()) for m in self.memory_mib)


def cells(effort: Effort, streams: bool) -> Iterator[Cell]:
    """Yield what is asked, in order."""
    for senders in effort.messages:
        for kind in KINDS:
            yield Cell(kind, senders)
        if streams:
            yield Cell("emergency", senders, streamed=True)


def measure(
    systems: Sequence[System], texts: Mapping[str, Sequence[str]], effort: Effort
) -> dict[str, Figures]:
    """Measure all systems; the rounds go by turns, so that a noisy minute does not hit one of them alone.

    Raises:
        ProcessError: one of them does not run.
    """
    found = {system.name: Figures() for system in systems}
    for number in range(effort.rounds):
        for system in systems:
            print(
                f"  round {number + 1} of {effort.rounds}: {system.name} (load {os.getloadavg()[0]:.1f})",
                flush=True,
            )
            with tempfile.TemporaryDirectory(prefix="baclofen-benchmark-") as logs:
                _round(system, texts, effort, found[system.name], Path(logs))
    return found


def _round(
    system: System, texts: Mapping[str, Sequence[str]], effort: Effort, figures: Figures, logs: Path
) -> None:
    with system.run(logs) as live:
        figures.start_s.append(live.start_s)
        figures.start_processor_s.append(live.start_processor_s)
        pids = [os.getpid(), *live.pids]
        begin, busy, own = time.perf_counter(), busy_seconds(), processor_seconds(pids)
        numbers = itertools.count()
        for cell in cells(effort, streams=system.name != "floor"):
            ask = partial(_ask, system, live, cell, endless(texts[cell.kind], numbers))
            ask(effort.warm_up)
            figures.samples.setdefault(cell, []).append(ask(effort.messages[cell.senders]))
            live.check()
        by_others = (busy_seconds() - busy) - (processor_seconds(pids) - own)
        figures.others.append(max(0.0, by_others / (time.perf_counter() - begin)))
        figures.memory_mib.append(live.memory_mib())


def _ask(system: System, live: Running, cell: Cell, texts: Iterator[str], count: int) -> Sample:
    is_right = partial(system.is_right, cell.kind)
    address = ("127.0.0.1", live.port)
    before = processor_seconds(live.pids)
    sample = asyncio.run(send(address, texts, count, cell.senders, is_right, cell.streamed))
    return replace(sample, processor_s=processor_seconds(live.pids) - before)
