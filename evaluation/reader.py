"""Cross-validates the learned reader of signs, writers kept apart."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baclofen.signs import LEVELS as ASCENDING
from evaluation.rows import LEVELS
from evaluation.score import ALARMS, Share

MODULE = "baclofen.learned"


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


@dataclass(frozen=True)
class ReaderReport:
    """What cross-validation found.

    Args:
        right: messages read at their labelled level.
        false_alarms: awareness and none messages read as emergency or crisis.
        levels: gravest first.
        writers: worst first.
        confusion: counts of (labelled, read).
    """

    right: Share
    false_alarms: Share
    levels: tuple[LevelScore, ...]
    writers: tuple[WriterScore, ...]
    confusion: Mapping[tuple[str, str], int]

    @property
    def macro_f1(self) -> float:
        return float(np.mean([score.f1 for score in self.levels if score.messages]))

    @property
    def figures(self) -> dict[str, float]:
        """Return the single figures by name."""
        recall = {f"{score.level}_recall": score.recall for score in self.levels if score.messages}
        return {
            "accuracy": self.right.value,
            "macro_f1": self.macro_f1,
            "false_alarms": self.false_alarms.value,
            **recall,
        }


def cross_validate() -> ReaderReport | None:
    """Run the reader's own cross-validation; None where this version has no learned reader."""
    try:
        learned = importlib.import_module(MODULE)
    except ModuleNotFoundError as error:
        if error.name != MODULE:
            raise
        return None
    if not hasattr(learned, "cross_validate"):
        return None
    levels, chances, writers = learned.cross_validate()
    return summarise(levels, chances, writers, learned.COST)


def summarise(
    levels: Sequence[str],
    chances: npt.NDArray[np.float32],
    writers: Sequence[str],
    cost: Mapping[str, float],
) -> ReaderReport:
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
        WriterScore(writer, _right(group), _found(group), _false_alarms(group))
        for writer, group in groups.items()
    ]
    counts = Counter(pairs)
    return ReaderReport(
        _right(pairs),
        _false_alarms(pairs),
        tuple(_level_score(level, counts) for level in LEVELS),
        tuple(sorted(scores, key=lambda score: (score.right.value, score.writer))),
        counts,
    )


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


def _false_alarms(pairs: Sequence[tuple[str, str]]) -> Share:
    harmless = [got for wanted, got in pairs if wanted in ("awareness", "none")]
    return Share(sum(got in ALARMS for got in harmless), len(harmless))
