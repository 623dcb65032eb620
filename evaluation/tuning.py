"""What the constants of the learned reader and of triage do on held-out messages, and which ones to take."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from baclofen import learned, triage
from baclofen.classifier import Floats, softmax
from baclofen.signs import LEVELS, RANK
from evaluation.cases import Cases, Ints

BINS = 10
NONE_KEPT = 0.94
"""Share of the harmless messages that must stay harmless."""

ALIKE = 0.005
"""Settings whose share of right levels is this much below the best are still looked at."""

AWARENESS, URGENT, CRISIS, EMERGENCY = (RANK[level] for level in LEVELS[1:])
COSTS = {
    "awareness": (0.7, 0.85, 1.0, 1.2),
    "urgent": (0.85, 1.0, 1.2, 1.5),
    "crisis": (1.0, 1.5, 2.0, 3.0),
    "emergency": (1.0, 1.2, 1.5, 1.8, 2.2, 2.7),
}
DOUBTS = tuple(round(0.05 * step, 2) for step in range(1, 13))
TALKS = (0.0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3)
THRESHOLDS = tuple(round(0.02 * step, 2) for step in range(1, 50))

Marks = npt.NDArray[np.bool_]


# Calibration


@dataclass(frozen=True)
class Bin:
    """Messages whose likeliest level had about this chance: how many, mean chance, share that was right."""

    low: float
    high: float
    messages: int
    chance: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """How true the chances are, before and after the scores are divided by ``temperature``."""

    temperature: float
    before: tuple[Bin, ...]
    after: tuple[Bin, ...]
    mixed_before: float
    mixed_after: float


def fit_temperature(scores: Floats, labels: Ints) -> float:
    """Return the number that scores must be divided by so that the labels are likeliest."""

    def unlikely(log_temperature: float) -> float:
        chances = softmax((scores / np.exp(log_temperature)).astype(np.float32))
        return -float(np.log(np.maximum(chances[np.arange(len(labels)), labels], 1e-9)).mean())

    return float(np.exp(minimize_scalar(unlikely, bounds=(-2.0, 2.0), method="bounded").x))


def reliability(chances: Floats, labels: Ints, bins: int = BINS) -> tuple[Bin, ...]:
    """Compare the chance of the likeliest level with how often it is right, in bins of equal width."""
    sure, right = chances.max(axis=1), chances.argmax(axis=1) == labels
    which = np.minimum((sure * bins).astype(int), bins - 1)
    found = []
    for number in range(bins):
        here = which == number
        if here.any():
            shares = float(sure[here].mean()), float(right[here].mean())
            found.append(Bin(number / bins, (number + 1) / bins, int(here.sum()), *shares))
    return tuple(found)


def expected_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean distance of chance and truth."""
    messages = sum(each.messages for each in bins)
    return sum(each.messages * abs(each.chance - each.right) for each in bins) / messages if messages else 0.0


def calibrate(cases: Cases) -> Calibration:
    """Fit the temperature on every message that the fine-tuned encoder judged."""
    scores, labels = cases.votes.fine_tuned, cases.labels
    found = round(fit_temperature(scores, labels), 2)
    before, after = (reliability(softmax(scores / np.float32(t)), labels) for t in (1.0, found))
    mixed = [expected_error(reliability(cases.votes.shipped(t), labels)) for t in (1.0, found)]
    return Calibration(found, before, after, mixed[0], mixed[1])


# Triage on held-out messages


@dataclass(frozen=True)
class Settings:
    """The constants of ``baclofen.learned`` and ``baclofen.triage`` that decide a level."""

    cost: Mapping[str, float]
    doubt: float
    talk: float
    temperature: float

    @classmethod
    def now(cls) -> Settings:
        return cls(
            {str(level): cost for level, cost in learned.COST.items()},
            learned.DOUBT,
            triage.TALK,
            learned.TEMPERATURE,
        )

    @property
    def weights(self) -> Floats:
        return np.array([self.cost[level] for level in LEVELS], np.float32)


@dataclass(frozen=True)
class Drawn:
    """Levels that were drawn, as ranks, one for each message.

    Attributes:
        labels: the labelled level. levels: the level drawn.
        asked: whether it is a question back, asked in doubt (its level is awareness).
    """

    labels: Ints
    levels: Ints
    asked: Marks

    def share(self, of: Marks, which: Marks) -> tuple[int, int]:
        """Return how many of some messages are among others, and how many they are."""
        return int((of & which).sum()), int(of.sum())

    @property
    def right(self) -> tuple[int, int]:
        return self.share(np.ones(len(self.labels), bool), self.levels == self.labels)

    def recall(self, rank: int) -> tuple[int, int]:
        return self.share(self.labels == rank, self.levels == rank)

    @property
    def lost(self) -> tuple[int, int]:
        """Emergencies taken for none or awareness, questions back among them."""
        return self.share(self.labels == EMERGENCY, self.levels <= AWARENESS)

    @property
    def lost_in_silence(self) -> tuple[int, int]:
        """Emergencies taken for none or awareness without a question back."""
        return self.share(self.labels == EMERGENCY, (self.levels <= AWARENESS) & ~self.asked)

    @property
    def false_reds(self) -> tuple[int, int]:
        """None and awareness messages taken for an emergency or a crisis."""
        return self.share(self.labels <= AWARENESS, self.levels >= CRISIS)

    @property
    def asked_back(self) -> tuple[int, int]:
        """Harmless messages that are asked back."""
        return self.share(self.labels == 0, self.asked)


class Bench:
    """Held-out messages, ready to be drawn with many settings.

    Args:
        cases: the messages.
        temperature: of the fine-tuned scores.
    """

    def __init__(self, cases: Cases, temperature: float) -> None:
        self.cases = cases
        self.labels = cases.labels
        self.chances = cases.votes.shipped(temperature)
        self.windows = cases.windows.votes.shipped(temperature)
        sentences = cases.findings.votes.shipped(temperature)
        danger = np.where(cases.findings.ranks >= URGENT, URGENT, AWARENESS)
        whole = _at_least(self.chances[cases.findings.owners], danger)
        self.talk_danger = _at_least(sentences, danger)
        asked_too = cases.findings.with_whole
        self.talk_danger[asked_too] = np.maximum(self.talk_danger, whole)[asked_too]

    @cached_property
    def danger(self) -> Floats:
        """The chance that each message is a crisis or an emergency."""
        result: Floats = self.chances[:, CRISIS:].sum(axis=1)
        return result

    def learned(self, weights: Floats) -> Ints:
        """Return what the learned reader alone draws; see ``LearnedReader.read``."""
        levels: Ints = (self.chances * weights).argmax(axis=1)
        found = (self.windows * weights).argmax(axis=1)
        sure = self.windows[np.arange(len(found)), found] >= learned.SURE
        np.maximum.at(levels, self.cases.windows.owners[sure], found[sure])
        return levels

    def rules(self, talk: float) -> Ints:
        """Return what the rules draw where the learned reader may call their signs mere talk."""
        levels = np.zeros(len(self.labels), np.int64)
        counted = self.talk_danger >= talk
        np.maximum.at(levels, self.cases.findings.owners[counted], self.cases.findings.ranks[counted])
        return levels

    def of_learned(self, settings: Settings) -> Drawn:
        """Draw by the learned reader alone, nobody asked back."""
        return Drawn(self.labels, self.learned(settings.weights), np.zeros(len(self.labels), bool))

    def of_rules(self) -> Drawn:
        """Draw by the rules alone."""
        return Drawn(self.labels, self.rules(0.0), np.zeros(len(self.labels), bool))

    def whole(self, settings: Settings) -> Drawn:
        """Draw as triage does, from both; see ``baclofen.triage``."""
        levels = np.maximum(self.learned(settings.weights), self.rules(settings.talk))
        asked = (levels == 0) & (self.danger >= settings.doubt)
        return Drawn(self.labels, np.where(asked, AWARENESS, levels), asked)


def _at_least(chances: Floats, ranks: Ints) -> Floats:
    """Return the chance of each row's level or a graver one."""
    columns = np.arange(len(LEVELS))
    result: Floats = np.where(columns >= ranks[:, None], chances, 0).sum(axis=1).astype(np.float32)
    return result


# Curves


@dataclass(frozen=True)
class AlarmPoint:
    """At this chance of an emergency: emergencies found, none and awareness taken for one, as shares."""

    threshold: float
    found: float
    false: float


@dataclass(frozen=True)
class DoubtPoint:
    """At this DOUBT: harmless messages asked back, grave ones caught that would have passed for none."""

    doubt: float
    asked: tuple[int, int]
    caught: tuple[int, int]
    none_kept: tuple[int, int]


@dataclass(frozen=True)
class TalkPoint:
    """At this TALK: signs of the rules that are not counted, and the messages that this changes.

    Attributes:
        removed: signs on none and awareness messages. dropped: signs on graver ones.
        calmed: none and awareness messages above their level that come down.
        lost: graver messages that fall below their level through it, by rank of their level.
    """

    talk: float
    removed: tuple[int, int]
    dropped: tuple[int, int]
    calmed: int
    lost: Mapping[int, int]


def alarm_curve(
    chances: Floats, labels: Ints, thresholds: Sequence[float] = THRESHOLDS
) -> tuple[AlarmPoint, ...]:
    """Say what a threshold on the chance of an emergency finds and what it alarms in vain."""
    red, calm = chances[labels == EMERGENCY, EMERGENCY], chances[labels <= AWARENESS, EMERGENCY]
    return tuple(AlarmPoint(t, float((red >= t).mean()), float((calm >= t).mean())) for t in thresholds)


def doubt_curve(bench: Bench, settings: Settings, doubts: Sequence[float] = DOUBTS) -> tuple[DoubtPoint, ...]:
    """Say whom DOUBT asks back."""
    silent = bench.whole(replace(settings, doubt=2.0))
    grave = bench.labels >= CRISIS
    points = []
    for doubt in doubts:
        drawn = bench.whole(replace(settings, doubt=doubt))
        passed = grave & (silent.levels == 0)
        points.append(DoubtPoint(doubt, drawn.asked_back, drawn.share(passed, drawn.asked), drawn.recall(0)))
    return tuple(points)


def talk_curve(bench: Bench, settings: Settings, talks: Sequence[float] = TALKS) -> tuple[TalkPoint, ...]:
    """Say what TALK takes from the rules; nobody is asked back, so that the levels speak for themselves."""
    quiet = replace(settings, doubt=2.0)
    labels, owners = bench.labels, bench.cases.findings.owners
    before = bench.whole(replace(quiet, talk=0.0)).levels
    calm = labels[owners] <= AWARENESS
    points = []
    for talk in talks:
        after = bench.whole(replace(quiet, talk=talk)).levels
        gone = bench.talk_danger < talk
        down = (after < before) & (after < labels)
        lost = {rank: int((down & (labels == rank)).sum()) for rank in (URGENT, CRISIS, EMERGENCY)}
        calmed = (labels <= AWARENESS) & (before > labels) & (after < before)
        points.append(
            TalkPoint(
                talk,
                (int((gone & calm).sum()), int(calm.sum())),
                (int((gone & ~calm).sum()), int((~calm).sum())),
                int(calmed.sum()),
                lost,
            )
        )
    return tuple(points)


# Recommendation


def recommend(
    bench: Bench,
    temperature: float,
    costs: Mapping[str, Sequence[float]] = COSTS,
    doubts: Sequence[float] = DOUBTS,
    talks: Sequence[float] = TALKS,
) -> Settings:
    """Return the settings that lose fewest emergencies while ``NONE_KEPT`` of the harmless stay harmless.

    An emergency that is asked back counts as half lost: the question names the number. Settings whose share
    of right levels falls by more than ``ALIKE`` below the best are not looked at: else awareness would turn
    red. Where no settings keep that many, those that keep most are returned.
    """
    vectors = [
        {"none": 1.0, **dict(zip(costs, vector, strict=True))}
        for vector in itertools.product(*costs.values())
    ]
    by_rules = {talk: bench.rules(talk) for talk in talks}
    tried: list[tuple[Settings, Drawn]] = []
    for cost in vectors:
        by_reader = bench.learned(Settings(cost, 2.0, 0.0, temperature).weights)
        for talk in talks:
            levels = np.maximum(by_reader, by_rules[talk])
            drawn = Drawn(bench.labels, levels, np.zeros(len(levels), bool))
            tried.append((Settings(cost, 2.0, talk, temperature), drawn))
    best = max(drawn.right[0] for _, drawn in tried)
    near = [pair for pair in tried if pair[1].right[0] >= best - ALIKE * len(bench.labels)]
    asked = [
        (replace(settings, doubt=doubt), _ask(drawn, bench.danger >= doubt))
        for settings, drawn in near
        for doubt in doubts
    ]
    kept = [pair for pair in asked if pair[1].recall(0)[0] >= NONE_KEPT * pair[1].recall(0)[1]]
    if not kept:
        return max(asked, key=lambda pair: pair[1].recall(0)[0])[0]
    return min(kept, key=lambda pair: _regret(pair[1]))[0]


def _ask(drawn: Drawn, doubtful: Marks) -> Drawn:
    asked = (drawn.levels == 0) & doubtful
    return Drawn(drawn.labels, np.where(asked, AWARENESS, drawn.levels), asked)


def _regret(drawn: Drawn) -> tuple[float, int, int]:
    """Order settings: emergencies lost, then false reds, then wrong levels."""
    half = (drawn.lost[0] + drawn.lost_in_silence[0]) / 2
    return half, drawn.false_reds[0], -drawn.right[0]


def cross_checked(
    cases: Cases, temperature: float, choose: Callable[[Bench, float], Settings] = recommend
) -> Drawn | None:
    """Draw each fold with the settings that the other folds recommend; None with fewer than two folds."""
    folds = sorted(set(cases.folds.tolist()))
    if len(folds) < 2:
        return None
    parts = []
    for fold in folds:
        settings = choose(Bench(cases.in_folds(set(folds) - {fold}), temperature), temperature)
        parts.append(Bench(cases.in_folds([fold]), temperature).whole(settings))
    return Drawn(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("labels", "levels", "asked"))
    )
