"""Which numbers a reply names and offers to call, fitted to the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from baclofen import countries
from baclofen.countries import Kind, Line, Place
from baclofen.dataset import Problem, check_for, problem_at
from baclofen.signs import Level
from baclofen.wording import Wording

MOST_OF_A_KIND = 2


def places(words: Wording, place: Place | None) -> dict[str, str]:
    """Return what stands for ``{number}``, ``{poison}`` and the other names in the sentences."""
    country = place.country if place else None
    crisis = _best(country.crisis) if country else []
    return {
        "number": emergency_number(words, place),
        "numbers": ", ".join(line.number for line in _emergency(words, place)),
        "crisis": crisis[0].number if crisis else _listed(words, "unknown_crisis", "unknown_crisis_line"),
        "call_crisis": _call_crisis(words, crisis),
        "crisis_line": words["numbers"]["or"].join(phrase(words, line) for line in crisis)
        or _listed(words, "unknown_crisis", "unknown_crisis_line"),
        "poison": _poison(words, place),
        "animal": words["numbers"]["or"].join(phrase(words, line) for line in _best(country.animal))
        if country and country.animal
        else words["urgent"]["no_animal_line"],
    }


def emergency_number(words: Wording, place: Place | None) -> str:
    """Return the number to call as it stands in a sentence: ``911``, ``999 or 112``."""
    if not place or not place.country:
        return _listed(words, "unknown_place", "unknown_emergency")
    said = [
        words["numbers"]["mobile"].format(number=line.number) if line.only_mobile else line.number
        for line in _emergency(words, place)
    ]
    return str(words["numbers"]["or"].join(said))


def elsewhere(words: Wording, place: Place | None) -> list[str]:
    """Return the line that names 112 where the country is only the default."""
    return [words["numbers"]["elsewhere"]] if place and place.country and place.is_default else []


def has(place: Place | None, kind: Kind) -> bool:
    """Say whether the place has a line of this kind."""
    return bool(place and place.country and getattr(place.country, kind))


DESPAIRING = frozenset(["self_harm", "despair"])
"""What a message is about that calls for a crisis line beside other numbers."""


def phrase(words: Wording, line: Line) -> str:
    """Return a line in words: name, number, hours, and a mark when nobody checked the number."""
    pattern = words["numbers"]["line_hours" if line.hours else "line"]
    label, hours = in_language(words, line.label), in_language(words, line.hours)
    text: str = pattern.format(label=label, number=line.number, hours=hours)
    return text if line.checked else text + words["numbers"]["unchecked"]


def in_language(words: Wording, text: str) -> str:
    """Return what the file of a country says in English as the language has it; a name stays a name."""
    return str(words.get("country_words", {}).get(text, text))


def call_list(
    level: Level, about: frozenset[str], place: Place | None, words: Wording
) -> list[dict[str, str]]:
    """Return the calls that a client can offer, the most needed first."""
    kinds: list[Kind]
    if level == "emergency":
        kinds = ["emergency", *_if(bool(about & DESPAIRING), "crisis"), "poison"]
        kinds += _if("animal" in about, "animal")
    elif level == "crisis":
        kinds = ["crisis", "emergency"]
    elif "animal" in about:
        kinds = ["animal", "emergency"]
    else:
        kinds = [*_if(bool(about & DESPAIRING), "crisis"), "poison", "emergency"]
    calls = [line.to_dict() for kind in kinds for line in lines(kind, place, words)]
    return [{**call, "label": in_language(words, call["label"])} for call in calls]


def _if(condition: bool, kind: Kind) -> list[Kind]:
    return [kind] if condition else []


def lines(kind: Kind, place: Place | None, words: Wording) -> Sequence[Line]:
    """Return the lines of a kind that are offered at a place, the first to call first."""
    if kind == "emergency":
        return _emergency(words, place)
    if place and place.country:
        return _best(getattr(place.country, kind))
    return _unknown(words, "crisis", "unknown_crisis", "crisis_label") if kind == "crisis" else []


def _emergency(words: Wording, place: Place | None) -> Sequence[Line]:
    if place and place.country:
        lines = place.country.emergency
        return [line for line in lines if line.first_words and line.checked] or lines[:1]
    return _unknown(words, "emergency", "unknown_place", "emergency_label")


def _best(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the checked lines, or the first unchecked one where there is no other."""
    return [line for line in lines if line.checked][:MOST_OF_A_KIND] or lines[:1]


def _unknown(words: Wording, kind: Kind, key: str, label: str) -> list[Line]:
    return [
        Line(
            kind=kind,
            label=words["numbers"][label].format(where=row["where"]),
            number=row["number"],
            uri="tel:" + row["number"].replace(" ", ""),
            checked=True,
        )
        for row in words["numbers"][key]
    ]


def _listed(words: Wording, key: str, pattern: str) -> str:
    one = words["numbers"]["unknown_one"]
    numbers = ", ".join(one.format(**row) for row in words["numbers"][key])
    return str(words["numbers"][pattern].format(numbers=numbers))


def _call_crisis(words: Wording, crisis: Sequence[Line]) -> str:
    if not crisis:
        return ""
    key = "call_or_text" if crisis[0].by_text else "call"
    return str(words["numbers"][key].format(number=crisis[0].number))


def _poison(words: Wording, place: Place | None) -> str:
    if not place or not place.country:
        return str(words["urgent"]["no_poison_line_unknown"])
    if not place.country.poison:
        return str(words["urgent"]["no_poison_line"])
    return phrase(words, _best(place.country.poison)[0])


@check_for("wording/*.yml")
def check_country_words(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """Every language but English has its own words for the hours and emergency services of every country."""
    del root
    known = [line for country in countries.load().values() for line in country.emergency]
    english = {line.label for line in known}
    for country in countries.load().values():
        english |= {line.hours for kind in countries.KINDS for line in getattr(country, kind) if line.hours}
    for path, words in files.items():
        if "country_words" in words:
            for text in sorted(english - words["country_words"].keys()):
                yield problem_at(
                    path, ("country_words",), f"a country file says '{text}'; say it in this language"
                )
