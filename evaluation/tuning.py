"""What the constants of the learned reader and of triage do on held-out messages, and which ones to take."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
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
"""Share of the harmless messages that ought to stay harmless."""

FRONT = (0.80, 0.82, 0.84, 0.86, 0.88, 0.90, 0.92)
"""Such shares of which it is shown what they cost."""

ALIKE = 0.01
"""Settings whose share of right levels is this much below the best are still looked at."""

AWARENESS, URGENT, CRISIS, EMERGENCY = (RANK[level] for level in LEVELS[1:])
COSTS = {
    "none": (1.0, 1.25, 1.5, 2.0),
    "awareness": (0.85, 1.0, 1.2),
    "urgent": (0.85, 1.0, 1.2),
    "crisis": (1.0, 1.5, 2.0),
    "emergency": (1.0, 1.2, 1.5, 2.0),
}
DOUBTS = tuple(round(0.05 * step, 2) for step in range(1, 13))
RED_TALKS, URGENT_TALKS = (0.0, 0.05, 0.1, 0.15, 0.2), (0.0, 0.1, 0.2, 0.3, 0.4)
AWARENESS_TALKS = (0.0, 0.2, 0.3, 0.4, 0.5)
TALKS = tuple(
    {"emergency": red, "crisis": red, "urgent": urgent, "awareness": awareness}
    for red, urgent, awareness in itertools.product(RED_TALKS, URGENT_TALKS, AWARENESS_TALKS)
)
NO_TALK: Mapping[str, float] = dict.fromkeys(LEVELS[1:], 0.0)
CHUNK = 256
CURVE = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
NEVER = 2.0  # no chance is as high
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
    talk: Mapping[str, float]
    temperature: float

    @classmethod
    def now(cls) -> Settings:
        return cls(
            {str(level): cost for level, cost in learned.COST.items()},
            learned.DOUBT,
            {str(level): chance for level, chance in triage.TALK.items()},
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
        by_itself = self.talk_danger >= triage.BY_ITSELF
        asked_too = cases.findings.with_whole
        self.talk_danger[asked_too] = np.where(by_itself, 1.0, whole)[asked_too]
        self.talk_danger[cases.findings.bare] = 1.0

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

    def is_counted(self, talk: Mapping[str, float]) -> Marks:
        """Mark the signs of the rules that the learned reader does not hold to be mere talk."""
        least = np.array([talk.get(level, 0.0) for level in LEVELS], np.float32)
        result: Marks = self.talk_danger >= least[self.cases.findings.ranks]
        return result

    def rules(self, talk: Mapping[str, float]) -> Ints:
        """Return what the rules draw where the learned reader may call their signs mere talk."""
        levels = np.zeros(len(self.labels), np.int64)
        counted = self.is_counted(talk)
        np.maximum.at(levels, self.cases.findings.owners[counted], self.cases.findings.ranks[counted])
        return levels

    def of_learned(self, settings: Settings) -> Drawn:
        """Draw by the learned reader alone, nobody asked back."""
        return Drawn(self.labels, self.learned(settings.weights), np.zeros(len(self.labels), bool))

    def of_rules(self) -> Drawn:
        """Draw by the rules alone."""
        return Drawn(self.labels, self.rules(NO_TALK), np.zeros(len(self.labels), bool))

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
    """At this TALK for signs of one level, all others counted: signs that are not, messages that change.

    Attributes:
        level: of the signs. talk: the chance.
        removed: of the signs above their message's level, those that are not counted.
        dropped: of the other signs, those that are not counted.
        calmed: messages above their level that come down.
        lowered: messages that fall below their level through it, by the rank of that level.
    """

    level: str
    talk: float
    removed: tuple[int, int]
    dropped: tuple[int, int]
    calmed: int
    lowered: Mapping[int, int]


def alarm_curve(
    chances: Floats, labels: Ints, thresholds: Sequence[float] = THRESHOLDS
) -> tuple[AlarmPoint, ...]:
    """Say what a threshold on the chance of an emergency finds and what it alarms in vain."""
    red, calm = chances[labels == EMERGENCY, EMERGENCY], chances[labels <= AWARENESS, EMERGENCY]
    return tuple(AlarmPoint(t, float((red >= t).mean()), float((calm >= t).mean())) for t in thresholds)


def doubt_curve(bench: Bench, settings: Settings, doubts: Sequence[float] = DOUBTS) -> tuple[DoubtPoint, ...]:
    """Say whom DOUBT asks back."""
    silent = bench.whole(replace(settings, doubt=NEVER))
    grave = bench.labels >= CRISIS
    points = []
    for doubt in doubts:
        drawn = bench.whole(replace(settings, doubt=doubt))
        passed = grave & (silent.levels == 0)
        points.append(DoubtPoint(doubt, drawn.asked_back, drawn.share(passed, drawn.asked), drawn.recall(0)))
    return tuple(points)


def talk_curve(bench: Bench, settings: Settings, talks: Sequence[float] = CURVE) -> tuple[TalkPoint, ...]:
    """Say what TALK takes from the rules; nobody is asked back, so that the levels speak for themselves."""
    quiet = replace(settings, doubt=NEVER)
    labels, findings = bench.labels, bench.cases.findings
    before = bench.whole(replace(quiet, talk=NO_TALK)).levels
    above = findings.ranks > labels[findings.owners]
    points = []
    for level in LEVELS[:0:-1]:
        of_level = findings.ranks == RANK[level]
        for talk in talks:
            chances = {**NO_TALK, level: talk}
            after = bench.whole(replace(quiet, talk=chances)).levels
            gone = ~bench.is_counted(chances)
            down = after < before
            lowered = {
                rank: int((down & (after < labels) & (labels == rank)).sum())
                for rank in range(1, len(LEVELS))
            }
            points.append(
                TalkPoint(
                    level,
                    talk,
                    (int((gone & of_level & above).sum()), int((of_level & above).sum())),
                    (int((gone & of_level & ~above).sum()), int((of_level & ~above).sum())),
                    int((down & (before > labels)).sum()),
                    lowered,
                )
            )
    return tuple(points)


# Recommendation


def recommend(
    bench: Bench,
    temperature: float,
    keep: float = NONE_KEPT,
    costs: Mapping[str, Sequence[float]] = COSTS,
    doubts: Sequence[float] = DOUBTS,
    talks: Sequence[Mapping[str, float]] = TALKS,
) -> Settings:
    """Return the settings that lose fewest emergencies while so many of the harmless messages stay harmless.

    An emergency that is asked back counts as half lost: the question names the number. Settings whose share
    of right levels falls by more than ``ALIKE`` below the best are not looked at: else awareness would turn
    red. Where no settings keep that many, those that keep most are returned.

    Args:
        bench: the messages. temperature: of the fine-tuned scores.
        keep: share of the harmless messages that has to stay so. costs, doubts, talks: what is tried.
    """
    plain = [
        Settings(dict(zip(costs, each, strict=True)), NEVER, NO_TALK, temperature)
        for each in itertools.product(*costs.values())
    ]
    by_reader = np.array([bench.learned(settings.weights) for settings in plain], np.int8)
    by_rules = np.array([bench.rules(talk) for talk in talks], np.int8)
    right = np.array([(np.maximum(each, by_rules) == bench.labels).sum(axis=1) for each in by_reader])
    near = np.argwhere(right >= right.max() - ALIKE * len(bench.labels))
    best: tuple[tuple[float, ...], Settings] | None = None
    for start in range(0, len(near), CHUNK):
        rows, columns = near[start : start + CHUNK].T
        regrets = _regrets(bench, np.maximum(by_reader[rows], by_rules[columns]), doubts, keep)
        number = min(range(regrets.shape[1]), key=lambda i: tuple(regrets[:, i]))
        regret, (row, doubt) = tuple(regrets[:, number]), divmod(number, len(doubts))
        if best is None or regret < best[0]:
            found = replace(plain[rows[row]], doubt=doubts[doubt], talk=talks[columns[row]])
            best = regret, found
    assert best is not None
    return best[1]


def _regrets(bench: Bench, levels: npt.NDArray[np.int8], doubts: Sequence[float], keep: float) -> Floats:
    """Say what there is to regret of levels drawn in many ways, shape (ways, messages), at each DOUBT.

    Returns:
        Shape (4, ways * doubts): too few harmless kept, emergencies lost, false reds, wrong levels.
    """
    of = [bench.labels == rank for rank in range(len(LEVELS))]
    doubtful = np.array([bench.danger >= doubt for doubt in doubts], np.float32).T
    zero = (levels == 0).astype(np.float32)
    asked = [zero @ (doubtful * of[rank][:, None]) for rank in (0, AWARENESS, EMERGENCY)]
    kept = zero[:, of[0]].sum(axis=1)[:, None] - asked[0]
    lost = (levels[:, of[EMERGENCY]] <= AWARENESS).sum(axis=1)[:, None] - asked[2] / 2
    reds = (levels[:, of[0] | of[AWARENESS]] >= CRISIS).sum(axis=1)[:, None] + 0 * kept
    right = (levels == bench.labels).sum(axis=1)[:, None] - asked[0] + asked[1]
    short = np.maximum(0, keep * of[0].sum() - kept)
    result: Floats = np.array([each.ravel() for each in (short, lost, reds, -right)], np.float32)
    return result


def within_reach(bench: Bench, now: Settings) -> float:
    """Return the share of harmless messages to keep: ``NONE_KEPT``, or what is kept now if that is less."""
    kept, harmless = bench.whole(now).recall(0)
    return min(NONE_KEPT, kept / harmless) if harmless else NONE_KEPT


def front(
    bench: Bench, temperature: float, keeps: Sequence[float] = FRONT
) -> tuple[tuple[Settings, Drawn], ...]:
    """Return the best settings, and what they draw, for each share of the harmless messages to keep."""
    found = [recommend(bench, temperature, keep) for keep in keeps]
    return tuple((settings, bench.whole(settings)) for settings in found)


def cross_checked(cases: Cases, temperature: float, keep: float) -> Drawn | None:
    """Draw each fold with the settings that the other folds recommend; None with fewer than two folds."""
    folds = sorted(set(cases.folds.tolist()))
    if len(folds) < 2:
        return None
    parts = []
    for fold in folds:
        others = Bench(cases.in_folds(set(folds) - {fold}), temperature)
        parts.append(Bench(cases.in_folds([fold]), temperature).whole(recommend(others, temperature, keep)))
    return Drawn(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("labels", "levels", "asked"))
    )
