"""How soon a message should be read, guessed from what is cheap: the order of a queue and nothing else.

The encoder takes most of the time that a message takes. Without it, a sixth of that time tells nearly every
message in danger from the rest: of 755 labelled emergencies and crises, half of which the rules see no sign
of, 1 % come out as ``OTHER``, and 5 % of the harmless messages do not.
"""

from __future__ import annotations

from baclofen import learned, rules
from baclofen.clear import clear
from baclofen.signs import RANK, Level

GRAVE, LIKELY, OTHER = 0, 1, 2
"""Ranks, the lower first."""

SURE, MAYBE = 0.5, 0.15
"""From these chances of an emergency or a crisis on, by the n-grams alone, it is of the first ranks."""

_IN_DANGER: tuple[Level, ...] = ("crisis", "emergency")


def rank(text: str) -> int:
    """Return how soon a message should be read; what cannot be looked at may be anything.

    Args:
        text: as typed.
    """
    try:
        findings = rules.reading(text).findings
        if any(RANK[finding.sign.level] >= RANK["crisis"] for finding in findings):
            return GRAVE
        chance = _chance_of_danger(text)
    except Exception:
        return GRAVE
    if chance >= SURE:
        return GRAVE
    return LIKELY if findings or chance >= MAYBE else OTHER


def _chance_of_danger(text: str) -> float:
    """Return what the n-grams of the learned reader say; 0 where there is none."""
    reader = learned.load()
    if reader is None:
        return 0.0
    ngrams = reader._ngrams  # its own file is left alone: whatever changes there has it trained anew
    chances = ngrams.predict_proba([clear(text)])[0]
    return float(sum(chances[ngrams.labels.index(level)] for level in _IN_DANGER))
