"""Numbers of the body as lay people give them: pulse, temperature, oxygen, breaths, blood pressure.

Limits: adult early-warning scoring (Royal College of Physicians, NEWS2, 2017) scores pulse <= 40, temperature
<= 35.0, oxygen <= 91 and breaths <= 8 with its highest points; the pulse limit here is kinder to the user by 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from baclofen.signs import Level

SLOW_PULSE, FAST_PULSE = 45, 130
LOW_OXYGEN = 91
SLOW_BREATHS = 9
COLD_C, HOT_C = 35.0, 39.5
COLD_F, HOT_F = 95.0, 103.0
HIGH_PRESSURE = 180

_GAP = r"[^\d.!?\n]{0,24}?"
_PULSE = re.compile(rf"\b(?:pulse|heart ?rate|heart|heartbeat|hr|bpm){_GAP}\b(\d{{2,3}})\b|\b(\d{{2,3}}) ?(?:bpm|beats)\b")
_TEMPERATURE = re.compile(rf"\b(?:temp|temps|temperature|thermometer|fever){_GAP}\b(\d{{2,3}}(?:[.,]\d)?)\b|\b(?:he|she|hes|shes|im|baby|him|her|forehead|armpit|ear|reads?|reading|measured?){_GAP}(\d{{2,3}}(?:[.,]\d)?) ?(?:degrees|celsius|fahrenheit|°)")
_OXYGEN = re.compile(rf"\b(?:sats?|spo2|oxygen|o2|saturations?|oximeter|pulse ox){_GAP}\b(\d{{2}})\b")
_BREATHS = re.compile(
    rf"\b(?:resps?|respirations?|rr|resp rate|respiratory rate|breathing rate){_GAP}\b(\d{{1,2}})\b"
    r"|\b(\d{1,2}|two|three|four|five|six|seven|eight) (?:breaths?|times?) ?(?:a|per|/|every) ?(?:min|minute)"
    r"|\bbreath\w* (?:about |maybe |only |just |at )*(\d{1,2}|two|three|four|five|six|seven|eight) (?:times )?(?:a|per|/) ?(?:min|minute)"
)
_PRESSURE = re.compile(rf"\b(?:bp|blood pressure|pressure|cuff){_GAP}\b(\d{{2,3}})(?: ?(?:/|over) ?\d{{2,3}})?\b")
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}


@dataclass(frozen=True)
class Event:
    """Something that is a sign without a phrase of the lexicon: a number, an amount, a mixture.

    Attributes:
        key, level, about: as for a sign of the lexicon.
        span: start and end in the text, in characters.
    """

    key: str
    level: Level
    about: str
    span: tuple[int, int]


def _number(match: re.Match[str]) -> float:
    digits = next(group for group in match.groups() if group)
    return float(_WORDS.get(digits) or digits.replace(",", "."))


def find(plain: str, context: bool) -> Iterator[Event]:
    """Yield the numbers in a plain text that are signs.

    Args:
        plain: folded lower-case text.
        context: baclofen is spoken of; a fever or a high pressure counts only then.
    """
    for match in _OXYGEN.finditer(plain):
        if 40 <= _number(match) <= LOW_OXYGEN:
            yield Event("low_oxygen", "emergency", "breathing", match.span())
    for match in _PULSE.finditer(plain):
        value = _number(match)
        if 15 <= value <= SLOW_PULSE:
            yield Event("slow_heartbeat", "emergency", "heart", match.span())
        elif context and FAST_PULSE <= value <= 250:
            yield Event("irregular_or_racing_heart", "urgent", "heart", match.span())
    for match in _BREATHS.finditer(plain):
        if 1 <= _number(match) <= SLOW_BREATHS:
            yield Event("slow_or_shallow_breathing", "emergency", "breathing", match.span())
    for match in _TEMPERATURE.finditer(plain):
        value = _number(match)
        if 24 <= value <= COLD_C or 75 <= value <= COLD_F:
            yield Event("hypothermia", "emergency", "cold", match.span())
        elif context and (HOT_C <= value <= 43 or HOT_F <= value <= 110):
            yield Event("wd_high_fever", "emergency", "withdrawal", match.span())
    for match in _PRESSURE.finditer(plain):
        if context and HIGH_PRESSURE <= _number(match) <= 300:
            yield Event("high_blood_pressure", "urgent", "heart", match.span())
