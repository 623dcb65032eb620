"""Cross-validates the learned reader of signs, writers kept apart, and triage with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

from baclofen import learned
from baclofen.classifier import softmax
from baclofen.signs import LEVELS as ASCENDING
from evaluation import held_out, tuning
from evaluation.cases import Cases, collect
from evaluation.held_out import FOLDS
from evaluation.rows import LEVELS
from evaluation.score import ALARMS, Share
from evaluation.tuning import Bench, Calibration, Drawn, Settings

SHIPPED = "fine-tuned + n-grams"


@dataclass(frozen=True)
class LevelScore:
    """How one level was read."""

    level: str
    precision: float
    recall: float
    f1: float
    messages: int


@dataclass(frozen=True)
class WriterScore:
    """How the messages of one writer were read."""

    writer: str
    right: Share
    emergencies_found: Share
    false_alarms: Share
    lost: Share


@dataclass(frozen=True)
class Summary:
    """What one model made of messages.

    Args:
        right: messages read at their labelled level.
        false_alarms: awareness and none messages read as emergency or crisis.
        lost: emergencies read as awareness or none.
        levels: gravest first.
        writers: worst first.
        confusion: counts of (labelled, read).
    """

    right: Share
    false_alarms: Share
    lost: Share
    levels: tuple[LevelScore, ...]
    writers: tuple[WriterScore, ...]
    confusion: Mapping[tuple[str, str], int]

    @property
    def macro_f1(self) -> float:
        return float(np.mean([score.f1 for score in self.levels if score.messages]))

    def recall(self, level: str) -> Share:
        """Return how many messages of a level were read at it."""
        labelled = sum(count for (wanted, _), count in self.confusion.items() if wanted == level)
        return Share(self.confusion.get((level, level), 0), labelled)

    @property
    def figures(self) -> dict[str, float]:
        """Return the single figures by name."""
        recall = {f"{score.level}_recall": score.recall for score in self.levels if score.messages}
        return {
            "accuracy": self.right.value,
            "macro_f1": self.macro_f1,
            "false_alarms": self.false_alarms.value,
            "lost": self.lost.value,
            **recall,
        }


@dataclass(frozen=True)
class ReaderReport:
    """What cross-validation found.

    Args:
        left_out: how many messages are not known to ``held_out.npz``.
        parts_judged: how many sentences and windows the fine-tuned encoder judged by themselves, of how many.
        runs: how often the encoder was fine-tuned, each time without some writers.
        everywhere: what each model makes of the messages of all writers.
        models: what each model makes of those in English by writers whom the fine-tuned encoder has not seen.
        others: the same of those in other languages.
        writers: how the reader as shipped reads those of each such writer, worst first.
        calibration: how true the fine-tuned chances are.
        alarms: for each model the curve of a threshold on the chance of an emergency.
        doubts, talks: the curves of DOUBT and TALK.
        front: the best constants for each share of harmless messages to keep.
        now, recommended: the constants as they are and as they had better be.
        keep: the share of harmless messages that the recommended ones were to keep.
        triage: triage on held-out writers, by what decides.
    """

    left_out: int
    parts_judged: tuple[int, int]
    runs: int
    everywhere: Mapping[str, Summary]
    models: Mapping[str, Summary]
    others: Mapping[str, Summary]
    writers: tuple[WriterScore, ...]
    calibration: Calibration
    alarms: Mapping[str, tuple[tuning.AlarmPoint, ...]]
    doubts: tuple[tuning.DoubtPoint, ...]
    talks: tuple[tuning.TalkPoint, ...]
    front: tuple[tuple[Settings, Drawn], ...]
    now: Settings
    recommended: Settings
    keep: float
    triage: Mapping[str, Drawn]

    @property
    def shipped(self) -> Summary:
        """Return what the reader as shipped makes of messages, without the rules."""
        return self.models[SHIPPED]

    @property
    def figures(self) -> dict[str, float]:
        """Return the single figures by name."""
        drawn = self.triage["triage now"]
        return {
            **self.shipped.figures,
            "triage_accuracy": Share(*drawn.right).value,
            "triage_lost": Share(*drawn.lost).value,
            "triage_false_alarms": Share(*drawn.false_reds).value,
            "triage_none_kept": Share(*drawn.recall(0)).value,
        }


def cross_validate(say: Callable[[str], None]) -> ReaderReport | None:
    """Judge every held-out writer; None where the scores of the encoder are not there.

    Args:
        say: told how far it is.
    """
    kept = held_out.load()
    if kept is None or not kept.fine_tuned_folds:
        return None
    return report(collect(kept, say), kept.fine_tuned_folds)


def report(cases: Cases, tuned_folds: Sequence[int]) -> ReaderReport:
    """Turn held-out messages and their votes into figures.

    Args:
        cases: the messages of all folds.
        tuned_folds: the folds in which the encoder was fine-tuned.
    """
    everywhere, tuned = cases.in_folds(range(FOLDS)), cases.once(tuned_folds)
    english, others = tuned.in_english(), tuned.in_english(False)
    now = Settings.now()
    calibration = tuning.calibrate(english)
    bench, best = Bench(english, now.temperature), Bench(english, calibration.temperature)
    keep = tuning.within_reach(bench, now)
    recommended = tuning.recommend(best, calibration.temperature, keep)
    triage = {
        "rules alone": bench.of_rules(),
        "reader alone": bench.of_learned(now),
        "triage now": bench.whole(now),
        "recommended": best.whole(recommended),
    }
    checked = tuning.cross_checked(english, calibration.temperature, keep)
    if checked is not None:
        triage["recommended by the other folds"] = checked
    return ReaderReport(
        cases.left_out,
        english.parts_judged,
        len(tuned_folds),
        {name: _summary(everywhere, each, now) for name, each in _chances(everywhere, now, False).items()},
        {name: _summary(english, each, now) for name, each in _chances(english, now, True).items()},
        {name: _summary(others, each, now) for name, each in _chances(others, now, True).items()},
        _summary(tuned, tuned.votes.shipped(now.temperature), now).writers,
        calibration,
        {
            name: tuning.alarm_curve(each, english.labels)
            for name, each in _chances(english, now, True).items()
        },
        tuning.doubt_curve(best, recommended),
        tuning.talk_curve(best, recommended),
        tuning.front(best, calibration.temperature),
        now,
        recommended,
        keep,
        triage,
    )


def _chances(cases: Cases, settings: Settings, tuned: bool) -> dict[str, npt.NDArray[np.float32]]:
    """Return the chances by each model; the fine-tuned ones where they are there."""
    votes = cases.votes
    frozen = softmax(votes.frozen)
    found = {"n-grams": votes.ngrams, "frozen": frozen}
    if tuned:
        found["fine-tuned"] = softmax(votes.fine_tuned / np.float32(settings.temperature))
    found["frozen + n-grams"] = learned.mix(frozen, votes.ngrams)
    if tuned:
        found[SHIPPED] = votes.shipped(settings.temperature)
    return found


def _summary(cases: Cases, chances: npt.NDArray[np.float32], settings: Settings) -> Summary:
    messages = cases.messages
    return summarise([m.level for m in messages], chances, [m.writer for m in messages], settings.cost)


def summarise(
    levels: Sequence[str],
    chances: npt.NDArray[np.float32],
    writers: Sequence[str],
    cost: Mapping[str, float],
) -> Summary:
    """Turn chances into figures, the level taken as the reader takes it: likeliest after weighing by cost.

    Args:
        levels: the labelled level of each message.
        chances: shape (messages, levels), columns in the order of ``baclofen.signs.LEVELS``.
        writers: who wrote each message.
        cost: weight of each level.
    """
    weighed = chances * np.array([cost[level] for level in ASCENDING], np.float32)
    read = [ASCENDING[column] for column in weighed.argmax(axis=1)]
    pairs = list(zip(levels, read, strict=True))
    groups: dict[str, list[tuple[str, str]]] = {}
    for writer, pair in zip(writers, pairs, strict=True):
        groups.setdefault(writer, []).append(pair)
    scores = [
        WriterScore(writer, _right(group), _found(group), _false_alarms(group), _lost(group))
        for writer, group in groups.items()
    ]
    counts = Counter(pairs)
    return Summary(
        _right(pairs),
        _false_alarms(pairs),
        _lost(pairs),
        tuple(_level_score(level, counts) for level in LEVELS),
        tuple(sorted(scores, key=lambda score: (score.right.value, score.writer))),
        counts,
    )


def exact_bounds(share: Share, sure: float = 0.95) -> tuple[float, float]:
    """Return the bounds of Clopper and Pearson; (0, 1) when nothing was counted."""
    right, of, tail = share.right, share.of, (1 - sure) / 2
    if not of:
        return 0.0, 1.0
    low = float(beta.ppf(tail, right, of - right + 1)) if right else 0.0
    high = float(beta.ppf(1 - tail, right + 1, of - right)) if right < of else 1.0
    return low, high


def _level_score(level: str, counts: Mapping[tuple[str, str], int]) -> LevelScore:
    hit = counts.get((level, level), 0)
    labelled = sum(count for (wanted, _), count in counts.items() if wanted == level)
    read = sum(count for (_, got), count in counts.items() if got == level)
    f1 = 2 * hit / (labelled + read) if labelled + read else 0.0
    return LevelScore(level, hit / read if read else 0.0, hit / labelled if labelled else 0.0, f1, labelled)


def _right(pairs: Sequence[tuple[str, str]]) -> Share:
    return Share(sum(wanted == got for wanted, got in pairs), len(pairs))


def _found(pairs: Sequence[tuple[str, str]]) -> Share:
    return _right([pair for pair in pairs if pair[0] == "emergency"])


def _lost(pairs: Sequence[tuple[str, str]]) -> Share:
    red = [got for wanted, got in pairs if wanted == "emergency"]
    return Share(sum(got in ("awareness", "none") for got in red), len(red))


def _false_alarms(pairs: Sequence[tuple[str, str]]) -> Share:
    harmless = [got for wanted, got in pairs if wanted in ("awareness", "none")]
    return Share(sum(got in ALARMS for got in harmless), len(harmless))
