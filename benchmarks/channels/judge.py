"""Counts what was answered, and how soon. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.fakes import Sent
from benchmarks.channels.drive import Outcome
from benchmarks.channels.plan import CHANNELS
from benchmarks.channels.vendors import address
from benchmarks.figures import percentile

Received = Mapping[tuple[str, str], Sequence[Sent]]
TAKEN, REFUSED = range(200, 300), (401, 403)


@dataclass(frozen=True)
class Counts:
    """What became of the webhooks of one channel or of all.

    Attributes:
        once: genuine messages whose writer got an answer, no text of it twice.
        never: genuine messages without an answer.
        twice: genuine messages of whose answer a text came more than once.
        not_taken: genuine webhooks and duplicates that the bot did not acknowledge.
        forged: forgeries.
        forged_answered: forgeries that were answered.
        forged_taken: forgeries that got another answer than 401 or 403; no answer at all is none.
    """

    genuine: int
    duplicates: int
    forged: int
    once: int
    never: int
    twice: int
    not_taken: int
    forged_answered: int
    forged_taken: int

    @property
    def is_sound(self) -> bool:
        """Say whether every genuine message was answered once and no forged one."""
        bad = (self.never, self.twice, self.not_taken, self.forged_answered, self.forged_taken)
        return self.once == self.genuine and not any(bad)


def count(outcomes: Sequence[Outcome], received: Received) -> Counts:
    """Count what became of some webhooks."""
    genuine = [outcome for outcome in outcomes if outcome.call.kind == "genuine"]
    forged = [outcome for outcome in outcomes if outcome.call.kind == "forged"]
    duplicates = [outcome for outcome in outcomes if outcome.call.kind == "duplicate"]
    texts = [[sent.text for sent in received.get(address(each.call), ())] for each in genuine]
    never = sum(not said for said in texts)
    twice = sum(len(set(said)) < len(said) for said in texts)
    return Counts(
        genuine=len(genuine),
        duplicates=len(duplicates),
        forged=len(forged),
        once=len(genuine) - never - twice,
        never=never,
        twice=twice,
        not_taken=sum(each.status not in TAKEN for each in [*genuine, *duplicates]),
        forged_answered=sum(address(each.call) in received for each in forged),
        forged_taken=sum(each.status not in (0, *REFUSED) for each in forged),
    )


def by_channel(outcomes: Sequence[Outcome], received: Received) -> dict[str, Counts]:
    """Return the counts of every channel and, last, of all together."""
    found = {
        channel: count([each for each in outcomes if each.call.channel == channel], received)
        for channel in CHANNELS
    }
    return {**found, "all": count(outcomes, received)}


@dataclass(frozen=True)
class Times:
    """Two percentiles in milliseconds; None where nothing came."""

    p50: float | None
    p95: float | None
    count: int


def times(values: Sequence[float]) -> Times:
    """Return the percentiles of some times in milliseconds."""
    if not values:
        return Times(None, None, 0)
    return Times(percentile(values, 50), percentile(values, 95), len(values))


def acknowledgements(outcomes: Sequence[Outcome]) -> Times:
    """Return how soon webhooks that are not forged were acknowledged."""
    return times([each.ack_ms for each in outcomes if each.call.kind != "forged" and each.status in TAKEN])


def first_messages(outcomes: Sequence[Outcome], received: Received, grave: bool | None = None) -> Times:
    """Return how soon the vendor had the first message for whoever wrote.

    Args:
        grave: of the emergencies only, of the others only, or of both (None).
    """
    return times([wait for each, wait in _waits(outcomes, received) if grave in (None, each.call.grave)])


def overtaken(outcomes: Sequence[Outcome], received: Received) -> float:
    """Return the share of calm messages that were answered after all emergencies, though sent before them."""
    at = [(each.call.grave, each.begin + wait / 1000) for each, wait in _waits(outcomes, received)]
    last = max((moment for grave, moment in at if grave), default=float("inf"))
    calm = sum(not each.call.grave for each in outcomes)
    before = sum(not grave and moment < last for grave, moment in at)
    return (calm - before) / calm if calm else 0.0


def _waits(outcomes: Sequence[Outcome], received: Received) -> list[tuple[Outcome, float]]:
    return [
        (each, (min(sent.at for sent in received[address(each.call)]) - each.begin) * 1000)
        for each in outcomes
        if each.call.kind == "genuine" and received.get(address(each.call))
    ]
