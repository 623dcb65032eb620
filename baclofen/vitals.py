"""Numbers of the body as lay people give them: pulse, temperature, oxygen, breaths, blood pressure.

Limits: adult early-warning scoring (Royal College of Physicians, NEWS2, 2017) gives pulse <= 40, temperature
<= 35.0, oxygen <= 91 and breaths <= 8 its highest points; pulse and breaths are read more strictly here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from baclofen.signs import Event

SLOW_PULSE, FAST_PULSE = 45, 130  # beats a minute
LOW_OXYGEN = 91  # per cent
FEW_BREATHS = 9  # a minute
COLD_C, HOT_C = 35.0, 39.5
COLD_F, HOT_F = 95.0, 103.0
HIGH_PRESSURE = 180  # mmHg, the upper number

GAP = r"[^\d.!?\n]{0,24}?"
DEGREES = r"(\d{2,3}(?:[.,]\d)?)"

NAMED = (
    "pulse",
    "beats",
    "temperature",
    "degrees",
    "oxygen",
    "breath_rate",
    "breaths",
    "breathes",
    "pressure",
)


def _spellings(pattern: str) -> Iterator[str]:
    """Yield the words of a simple pattern, with and without what is optional in it."""
    for form in (re.sub(r".\?", "", pattern), pattern.replace("?", "")):
        yield from re.findall(r"[^\W\d_]{2,}|°", form)


class Vitals:
    """Finds numbers that are signs.

    Args:
        names: what lay people call each of them, as patterns; see ``vitals`` in ``data/signs``.
        counts: number words and their values.
    """

    def __init__(self, names: Mapping[str, Sequence[str]], counts: Mapping[str, int]) -> None:
        self._counts = counts
        n = {name: "(?:" + "|".join(patterns) + ")" for name, patterns in names.items()}
        self.words = frozenset(
            word for name in NAMED for pattern in names[name] for word in _spellings(pattern)
        )
        """Words that begin a number of the body."""
        few = "(" + r"\d{1,2}|" + "|".join(word for word, value in counts.items() if value < 10) + ")"
        minute = rf"(?: ?{n['times']})? ?{n['each']} ?{n['minute']}"
        self._pulse = re.compile(rf"\b{n['pulse']}{GAP}\b(\d{{2,3}})\b|\b(\d{{2,3}}) ?{n['beats']}\b")
        self._temperature = re.compile(
            rf"\b{n['temperature']}{GAP}\b{DEGREES}\b|\b{n['body']}{GAP}{DEGREES} ?{n['degrees']}"
        )
        self._oxygen = re.compile(rf"\b{n['oxygen']}{GAP}\b(\d{{2}})\b")
        self._breaths = re.compile(
            rf"\b{n['breath_rate']}{GAP}\b(\d{{1,2}})\b|\b{few} ?{n['breaths']}{minute}"
            rf"|\b{n['breathes']} (?:{n['about']} )*{few}{minute}"
        )
        self._pressure = re.compile(rf"\b{n['pressure']}{GAP}\b(\d{{2,3}})(?: ?(?:/|over) ?\d{{2,3}})?\b")

    def _number(self, match: re.Match[str]) -> float:
        digits = next(group for group in match.groups() if group)
        return float(self._counts.get(digits) or digits.replace(",", "."))

    def find(self, plain: str, context: bool) -> Iterator[Event]:
        """Yield the numbers in a plain text that are signs.

        Args:
            plain: folded lower-case text.
            context: baclofen is spoken of; a fever or a high pressure counts only then.
        """
        for match in self._oxygen.finditer(plain):
            if 40 <= self._number(match) <= LOW_OXYGEN:
                yield Event("low_oxygen", "emergency", "breathing", match.span())
        for match in self._pulse.finditer(plain):
            value = self._number(match)
            if 15 <= value <= SLOW_PULSE:
                yield Event("slow_heartbeat", "emergency", "heart", match.span())
            elif context and FAST_PULSE <= value <= 250:
                yield Event("irregular_or_racing_heart", "urgent", "heart", match.span())
        for match in self._breaths.finditer(plain):
            if 1 <= self._number(match) <= FEW_BREATHS:
                yield Event("slow_or_shallow_breathing", "emergency", "breathing", match.span())
        for match in self._temperature.finditer(plain):
            value = self._number(match)
            if 24 <= value <= COLD_C or 75 <= value <= COLD_F:
                yield Event("hypothermia", "emergency", "cold", match.span())
            elif context and (HOT_C <= value <= 43 or HOT_F <= value <= 110):
                yield Event("wd_high_fever", "emergency", "withdrawal", match.span())
        for match in self._pressure.finditer(plain):
            if context and HIGH_PRESSURE <= self._number(match) <= 300:
                yield Event("high_blood_pressure", "urgent", "heart", match.span())
