"""Levels of triage and the signs that were found in a message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["none", "awareness", "urgent", "crisis", "emergency"]
Reader = Literal["rules", "learned"]

LEVELS: tuple[Level, ...] = ("none", "awareness", "urgent", "crisis", "emergency")
"""From the calmest to the gravest."""

RANK: dict[Level, int] = {level: rank for rank, level in enumerate(LEVELS)}


def highest(levels: Iterable[Level]) -> Level:
    """Return the gravest of the levels, ``none`` when there are none."""
    return max(levels, key=RANK.__getitem__, default="none")


@dataclass(frozen=True)
class Sign:
    """One thing that a reader found, with the user's own words for it.

    Attributes:
        key: name of the sign, as in ``data/signs``; ``unspecified`` when only the learned reader saw it.
        words: the user's words, as typed.
        reader: which of the two readers found it.
        level: the level that this sign alone asks for.
    """

    key: str
    words: str
    reader: Reader
    level: Level

    def to_dict(self) -> dict[str, Any]:
        return {"key": self.key, "words": self.words, "reader": self.reader}


@dataclass(frozen=True)
class Event:
    """Something that is a sign without a phrase of the lexicon: a number, an amount, a mixture.

    Attributes:
        key, level, about: as for a sign of the lexicon.
        span: start and end in the text, in characters: the words that are quoted.
        at: where the sign itself begins, if that is not the start of the span.
    """

    key: str
    level: Level
    about: str
    span: tuple[int, int]
    at: int | None = None
