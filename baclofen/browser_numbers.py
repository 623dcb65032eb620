"""Whom to call in each country and the first words of a message, for the sign list of the browser."""

from __future__ import annotations

from typing import Any

from baclofen import countries, phone_lines, wording
from baclofen.countries import KINDS, Country, Line, Place
from baclofen.wording import Wording


def places() -> dict[str, Any]:
    """Return the lines that are offered in each country, and what gives the country away."""
    words = wording.load()
    return {code: _place(country, words) for code, country in countries.load().items()}


def said() -> dict[str, Any]:
    """Return the first words of an emergency and of a crisis, and how numbers are named, by language."""
    return {language: _words(wording.load(language)) for language in wording.languages()}


def _place(country: Country, words: Wording) -> dict[str, Any]:
    lines = {kind: phone_lines.lines(kind, Place(country, False), words) for kind in KINDS}
    offered = {kind: [_line(line) for line in found] for kind, found in lines.items() if found}
    return {"name": country.name, "lines": offered, "zones": " ".join(country.time_zones)}


def _line(line: Line) -> list[Any]:
    """Return label, number, link, how to call it, hours, whether unchecked; without empty ones at the end."""
    how = "mobile" if line.only_mobile else "text" if line.by_text else ""
    fields: list[Any] = [line.label, line.number, line.uri, how, line.hours, 0 if line.checked else 1]
    while not fields[-1]:
        fields.pop()
    return fields


def _words(words: Wording) -> dict[str, Any]:
    kept = ("or", "call", "call_or_text", "mobile", "elsewhere", "line", "line_hours", "unchecked")
    first, urgent = words["first_words"], words["urgent"]
    return {
        "language": words["language"],
        **{key: words["numbers"][key] for key in kept},
        **{key: urgent[key] for key in ("no_poison_line", "no_animal_line")},
        "emergency": {
            key: told for key, told in first["emergency"].items() if key not in ("later", "hushed")
        },
        "crisis": {key: first["crisis"][key] for key in ("default", "no_line", "unknown_place")},
        "names": _names(words),
        "unknown": {
            "lines": {
                kind: [_line(line) for line in phone_lines.lines(kind, None, words)]
                for kind in ("emergency", "crisis")
            },
            "said": phone_lines.places(words, None),
        },
    }


def _names(words: Wording) -> dict[str, str]:
    """Return the labels and hours of lines that this language says in its own words."""
    known = {
        text
        for country in countries.load().values()
        for kind in KINDS
        for line in getattr(country, kind)
        for text in (line.label, line.hours)
    }
    return {label: there for label, there in words.get("country_words", {}).items() if label in known}
