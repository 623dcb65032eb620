"""Numbers of the body as lay people give them: pulse, temperature, oxygen, breaths, blood pressure.

Limits: adult early-warning scoring (Royal College of Physicians, NEWS2, 2017) gives pulse <= 40, temperature
<= 35.0, oxygen <= 91, breaths <= 8 and an upper blood pressure <= 90 its highest points; pulse and breaths
are read more strictly here, the pressure, which two numbers may only seem to be, less so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from baclofen.signs import Event

SLOW_PULSE, FAST_PULSE = 45, 130  # beats a minute
LOW_OXYGEN = 91  # per cent
FEW_BREATHS = 9  # a minute
LONG_PAUSE = 8  # seconds between two breaths
COLD_C, HOT_C = 35.0, 39.5
COLD_F, HOT_F = 95.0, 103.0
LOW_PRESSURE, HIGH_PRESSURE = 80, 180  # mmHg, the upper number

GAP = r"[^\d.!?\n]{0,24}?"
NEAR = 80  # characters around a number that may say that it is none of a body
NAMED = (
    "pulse",
    "beats",
    "temperature",
    "measured",
    "degrees",
    "fahrenheit",
    "oxygen",
    "breath_rate",
    "breaths",
    "breathes",
    "pressure",
)
"""What begins or ends a number of the body."""
LOOSE = ("measured",)
"""Of these only the longer words tell that a number may be one of the body."""
MAY_LACK = ("measured", "other_unit", "other_place", "misread", "pause", "between", "over", "fahrenheit")
"""What a language may do without; nothing is found by it then."""


def _spellings(pattern: str) -> Iterator[str]:
    """Yield the words of a simple pattern, with and without what is optional in it."""
    for form in (re.sub(r".\?", "", pattern), pattern.replace("?", "")):
        yield from re.findall(r"[^\W\d_]+|°", form)


class Vitals:
    """Finds numbers that are signs.

    Args:
        names: what lay people call each of them, as patterns; see ``vitals`` in ``data/signs``.
        counts: number words and their values.
    """

    def __init__(self, names: Mapping[str, Sequence[str]], counts: Mapping[str, int]) -> None:
        self._counts = counts
        names = {**dict.fromkeys(MAY_LACK, ()), **names}
        n = {name: "(?:" + ("|".join(patterns) or "(?!)") + ")" for name, patterns in names.items()}
        self.words = frozenset(
            word
            for name in NAMED
            for pattern in names[name]
            for word in _spellings(pattern)
            if name not in LOOSE or len(word) > 3
        )
        """Words that stand beside a number of the body."""
        self.beginnings = tuple(
            pattern.split("\\w")[0] for name in NAMED for pattern in names[name] if "\\w" in pattern
        )
        """Beginnings of more such words."""
        tens = "|".join(word for word, value in counts.items() if 20 <= value < 100)
        ones = "|".join(word for word, value in counts.items() if value < 10)
        spoken = rf"(?:{tens})(?:[ -](?:{ones}))?" if tens else "(?!)"
        big = rf"(\d{{2,3}}|{spoken})(?![\w/]| ?{n['other_unit']}\b)"
        few = rf"(\d{{1,2}}|{ones})(?!\w)"
        degree = rf"(\d{{2,3}}(?:[.,]\d)?|{spoken})"
        minute = rf"(?: ?{n['times']})? ?{n['each']} ?{n['minute']}"
        self._pulse = re.compile(rf"\b{n['pulse']}{GAP}\b{big}|\b(\d{{2,3}}|{spoken}) ?{n['beats']}\b")
        self._temperature = re.compile(
            rf"\b{n['temperature']}{GAP}\b{degree}\b(?! ?/)|\b{n['body']}{GAP}{degree} ?{n['degrees']}"
            rf"|\b{degree}(?: ?{n['degrees']})?[^\d.!?\n]{{0,12}}?\b{n['measured']}\b"
        )
        self._fahrenheit = re.compile(rf"\b{degree} ?{n['fahrenheit']}(?!\w)")
        self._oxygen = re.compile(rf"\b{n['oxygen']}{GAP}\b{big}|\b(\d{{2}}) ?%? ?(?:\w+ )?{n['oxygen']}\b")
        self._breaths = re.compile(
            rf"\b{n['breath_rate']}{GAP}\b{few}|\b{few} ?{n['breaths']}{minute}"
            rf"|\b{n['breathes']}\b[^\d.!?\n]{{0,40}}?\b{few}{minute}"
        )
        said = "|".join(counts)
        self._pauses = re.compile(rf"\b(\d{{1,2}}|{spoken}|{said}) ?{n['pause']} (?:\w+ )?{n['between']}\b")
        self._breathes = re.compile(rf"\b{n['breathes']}")
        self._pressure = re.compile(
            rf"\b{n['pressure']}{GAP}\b(\d{{2,3}})(?: ?(?:/|over) ?\d{{2,3}})?\b"
            rf"|\b([5-8]\d) {n['over']} [2-6]\d\b"
        )
        self._misread = re.compile(rf"\b{n['misread']}\b")
        self._elsewhere = re.compile(rf"\b{n['other_place']}\b")

    def _number(self, match: re.Match[str]) -> float:
        number = next(group for group in match.groups() if group)
        parts = re.split("[ -]", number)
        if parts[0] in self._counts:
            return float(sum(self._counts[part] for part in parts))
        return float(number.replace(",", "."))

    def _of_a_body(self, plain: str, match: re.Match[str]) -> bool:
        """Whether nothing beside a number says that it was misread."""
        return self._misread.search(_around(plain, match)) is None

    def find(self, plain: str, context: bool) -> Iterator[Event]:
        """Yield the numbers in a plain text that are signs.

        Args:
            plain: folded lower-case text.
            context: baclofen is spoken of; a fever or a high pressure counts only then.
        """
        for match in self._oxygen.finditer(plain):
            if 40 <= self._number(match) <= LOW_OXYGEN and self._of_a_body(plain, match):
                yield Event("low_oxygen", "emergency", "breathing", match.span())
        for match in self._pulse.finditer(plain):
            value = self._number(match)
            if 15 <= value <= SLOW_PULSE and self._of_a_body(plain, match):
                yield Event("slow_heartbeat", "emergency", "heart", match.span())
            elif context and FAST_PULSE <= value <= 250:
                yield Event("irregular_or_racing_heart", "urgent", "heart", match.span())
        for match in self._breaths.finditer(plain):
            if 1 <= self._number(match) <= FEW_BREATHS and self._of_a_body(plain, match):
                yield Event("slow_or_shallow_breathing", "emergency", "breathing", match.span())
        for match in self._pauses.finditer(plain):
            if LONG_PAUSE <= self._number(match) <= 90 and self._breathes.search(_around(plain, match)):
                yield Event("slow_or_shallow_breathing", "emergency", "breathing", match.span())
        yield from self._temperatures(plain, context)
        for match in self._pressure.finditer(plain):
            value = self._number(match)
            if 40 <= value <= LOW_PRESSURE:
                yield Event("low_blood_pressure", "emergency", "heart", match.span())
            elif context and HIGH_PRESSURE <= value <= 300:
                yield Event("high_blood_pressure", "urgent", "heart", match.span())

    def _temperatures(self, plain: str, context: bool) -> Iterator[Event]:
        for pattern in (self._temperature, self._fahrenheit):
            for match in pattern.finditer(plain):
                value = self._number(match)
                if not self._of_a_body(plain, match) or self._elsewhere.search(_around(plain, match)):
                    continue  # of a room, an oven, the weather
                if 24 <= value <= COLD_C or 80 <= value <= COLD_F:
                    yield Event("hypothermia", "emergency", "cold", match.span())
                elif context and (HOT_C <= value <= 43 or HOT_F <= value <= 110):
                    yield Event("wd_high_fever", "emergency", "withdrawal", match.span())


def _around(plain: str, match: re.Match[str]) -> str:
    """Return what stands around a match in its sentence."""
    before = re.split(r"[!?\n]|\.(?!\d)", plain[max(0, match.start() - NEAR) : match.start()])[-1]
    after = re.split(r"[!?\n]|\.(?!\d)", plain[match.end() : match.end() + NEAR])[0]
    return before + match.group() + after
