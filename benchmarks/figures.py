"""Percentiles and ratios. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHARES = (50, 95, 99)


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least ``share`` per cent of the values do not exceed (nearest rank).

    Raises:
        ValueError: there are no values, or share is not above 0 and at most 100.
    """
    ordered = sorted(values)
    if not ordered or not 0 < share <= 100:
        raise ValueError("A percentile needs values and a share above 0 and at most 100.")
    return ordered[math.ceil(share / 100 * len(ordered)) - 1]


def median(values: Iterable[float]) -> float:
    """Return the middle value, the lower of the two where there is no single one."""
    return percentile(values, 50)


def ratio(ours: float, default: float) -> float | None:
    """Return ours / default, None where the default is zero."""
    return ours / default if default else None


@dataclass(frozen=True)
class Sample:
    """The answers to one kind of message from one number of users.

    Attributes:
        times_ms: of the answers that came, in milliseconds.
        seconds: that it took in all.
        wrong: answers that were not of the kind asked for.
        failed: no answer, an error or an empty one.
        processor_s: processor time that the system used meanwhile; hardly depends on what else runs.
    """

    times_ms: tuple[float, ...]
    seconds: float
    wrong: int = 0
    failed: int = 0
    processor_s: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.times_ms) / self.seconds if self.seconds else 0.0

    @property
    def processor_ms(self) -> float:
        """Return the processor time for each answer, in milliseconds; without any answer, not a number."""
        return self.processor_s / len(self.times_ms) * 1000 if self.times_ms else math.nan

    def at(self, share: float) -> float:
        """Return a percentile in milliseconds; without any answer, not a number."""
        return percentile(self.times_ms, share) if self.times_ms else math.nan

    def to_dict(self) -> dict[str, float]:
        figures = {f"p{share}_ms": round(self.at(share), 3) for share in SHARES}
        figures["processor_ms"] = round(self.processor_ms, 2)
        counts = {"messages": len(self.times_ms), "wrong": self.wrong, "failed": self.failed}
        return {**figures, "per_second": round(self.per_second, 2), **counts}


def pooled(samples: Sequence[Sample]) -> Sample:
    """Return the samples of several rounds as one."""
    return Sample(
        tuple(time for sample in samples for time in sample.times_ms),
        sum(sample.seconds for sample in samples),
        sum(sample.wrong for sample in samples),
        sum(sample.failed for sample in samples),
        sum(sample.processor_s for sample in samples),
    )


def ratios(ours: Sample, default: Sample) -> dict[str, float | None]:
    """Return ours / default: below 1 is faster for times, above 1 is more for messages per second."""
    times = {f"p{share}": ratio(ours.at(share), default.at(share)) for share in SHARES}
    return {
        **times,
        "per_second": ratio(ours.per_second, default.per_second),
        "processor": ratio(ours.processor_ms, default.processor_ms),
    }
