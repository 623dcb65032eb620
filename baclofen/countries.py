"""Which country a person is in, and whom to call there (``data/countries``)."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from baclofen import paths
from baclofen.dataset import DataError, Problem, check_for, load_yaml, problem_at
from baclofen.stated_place import stated_country as stated_country

logger = logging.getLogger(__name__)

Kind = Literal["emergency", "poison", "crisis", "animal"]
KINDS: tuple[Kind, ...] = ("emergency", "poison", "crisis", "animal")


@dataclass(frozen=True)
class Line:
    """One number to call.

    Attributes:
        kind: what it is for.
        label: its name, as people there know it.
        number: as dialled there.
        uri: ``tel:`` or ``sms:`` link.
        hours: when it answers; empty when unknown.
        for_whom: whom it serves.
        checked: somebody read the number in the source on ``checked_on``.
        checked_on: day such as 2026-11-22; empty when not checked.
        source, url: where the number was read.
        first_words: named in the first emergency message.
        only_mobile: works from mobile phones only.
        by_text: the same number takes text messages.
        area: the part of the country that it serves; empty for all of it.
    """

    kind: Kind
    label: str
    number: str
    uri: str
    hours: str = ""
    for_whom: str = ""
    checked: bool = False
    checked_on: str = ""
    source: str = ""
    url: str = ""
    first_words: bool = False
    only_mobile: bool = False
    by_text: bool = False
    area: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return what a client needs to offer the call."""
        return {"kind": self.kind, "label": self.label, "number": self.number, "uri": self.uri}


@dataclass(frozen=True)
class Country:
    """A country, its lines in order of use, and what gives away that somebody is there."""

    code: str
    name: str
    languages: tuple[str, ...]
    emergency: tuple[Line, ...]
    poison: tuple[Line, ...] = ()
    crisis: tuple[Line, ...] = ()
    animal: tuple[Line, ...] = ()
    also_called: tuple[str, ...] = ()
    names_in_capitals: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    cities_after_in: tuple[str, ...] = ()
    time_zones: tuple[str, ...] = ()
    phone_prefixes: tuple[str, ...] = ()
    phone_prefixes_elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """The country that a reply is for; None when nothing is known and no default is set."""

    country: Country | None
    is_default: bool


def read(path: Path) -> Country:
    """Return the country in one file.

    Raises:
        DataError: the file breaks ``data/schemas/country.json``; the text says where and what to do.
    """
    data: dict[str, Any] = load_yaml(path, "country")
    lines: dict[str, Any] = {kind: tuple(_line(kind, row) for row in data[kind]) for kind in KINDS}
    rest: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in data.items() if key not in KINDS
    }
    return Country(**rest, **lines)


def _line(kind: Kind, row: Mapping[str, Any]) -> Line:
    row = dict(row)
    return Line(kind=kind, only_mobile=row.pop("only", "") == "mobile", **row)


@lru_cache(maxsize=1)
def load() -> dict[str, Country]:
    """Return every sound country by its code; a broken file is logged and left out, so the others still help.

    ``python -m baclofen check`` reports what is broken.
    """
    countries = {}
    for path in sorted((paths.DATA / "countries").glob("*.yml")):
        try:
            country = read(path)
        except (DataError, TypeError) as error:
            logger.error("Country left out: %s", error)
            continue
        countries[country.code] = country
    return countries


def resolve(
    said: str | None = None,
    given: str | None = None,
    phone: str | None = None,
    time_zone: str | None = None,
    locale: str | None = None,
) -> Place:
    """Return the country to answer for; the first hint that names a known country wins.

    Args:
        said: code from ``stated_country``, kept for the whole conversation.
        given: what the caller or site says: a code or a name, in any case.
        phone: the user's number with its country code (``+49…``, ``0049…``, ``whatsapp:+49…``).
        time_zone: IANA name from the browser.
        locale: such as ``en-GB``; a bare language names no country.

    Anything else than text is ignored. Without a hint: the default (``DEFAULT_COUNTRY``, US when unset),
    or no country when the default is empty.
    """
    known = load()
    readers = (
        (said, code_of),
        (given, code_of),
        (phone, code_of_phone),
        (time_zone, code_of_time_zone),
        (locale, code_of_locale),
    )
    for hint, reader in readers:
        code = reader(hint.strip()) if isinstance(hint, str) else None
        if code in known:
            return Place(known[code], False)
    return Place(known.get(code_of(os.environ.get("DEFAULT_COUNTRY", "US").strip()) or ""), True)


def code_of(name: str) -> str | None:
    """Return the code of a country from its code or one of its names."""
    return _index("names").get(name.casefold())


def code_of_time_zone(zone: str) -> str | None:
    """Return the country of an IANA time zone such as ``Europe/Dublin``."""
    return _index("time_zones").get(zone.casefold())


def code_of_locale(locale: str) -> str | None:
    """Return the country of a locale that has a region (``en-GB``, ``zh-Hant-SG``), else None."""
    parts = re.split(r"[-_]", re.split(r"[,;.@]", locale, maxsplit=1)[0].strip())
    region = next((part for part in parts[1:] if re.fullmatch(r"[A-Za-z]{2}", part)), None)
    return _index("codes").get(region.casefold()) if region else None


def code_of_phone(phone: str) -> str | None:
    """Return the country of an international number by its longest prefix; a national one tells nothing."""
    digits = re.sub(r"[^\d+]", "", phone.rpartition(":")[2])
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits[:1] not in ("+", "0") and len(digits) >= 11:
        digits = "+" + digits
    if not re.fullmatch(r"\+\d{8,15}", digits):
        return None
    prefixes = _index("phone_prefixes")
    return next((prefixes[digits[:n]] for n in range(8, 1, -1) if digits[:n] in prefixes), None) or None


@lru_cache(maxsize=8)
def _index(what: str) -> dict[str, str]:
    """Return the code for each code, name, time zone or phone prefix; an empty code is no country of ours."""
    index: dict[str, str] = {}
    for code, country in load().items():
        words: tuple[str, ...] = (code,)
        if what == "names":
            words = (code, country.name, *country.also_called)
        elif what == "time_zones":
            words = country.time_zones
        elif what == "phone_prefixes":
            words = country.phone_prefixes
            index.update(dict.fromkeys(country.phone_prefixes_elsewhere, ""))
        index.update((word.casefold(), code) for word in words)
    return index


@check_for("countries/*.yml")
def check_countries(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """The code is the file's name, the first number is checked, and no hint points at two countries."""
    del root
    taken: dict[str, str] = {}
    for path, data in files.items():
        if data["code"] != path.stem:
            yield problem_at(
                path, ("code",), f"the file is called {path.name}; use '{path.stem}' or rename it"
            )
        for kind in KINDS:
            yield from _check_lines(path, kind, data[kind])
        hints = (
            "also_called",
            "names_in_capitals",
            "cities",
            "cities_after_in",
            "time_zones",
            "phone_prefixes",
        )
        for key in hints:
            for number, hint in enumerate(data.get(key, ())):
                if taken.setdefault(hint.casefold(), data["code"]) != data["code"]:
                    text = f"'{hint}' also stands in {taken[hint.casefold()]}.yml; keep one"
                    yield problem_at(path, (key, number), text)


def _check_lines(path: Path, kind: Kind, lines: list[dict[str, Any]]) -> Iterator[Problem]:
    for number, line in enumerate(lines):
        way = (kind, number)
        if line["checked"] and not ("checked_on" in line and "url" in line):
            yield problem_at(path, way, "a checked number needs checked_on and url")
        if not line["checked"] and number == 0 and any(other["checked"] for other in lines):
            yield problem_at(path, way, "nobody checked this number; a checked one goes first")
        if kind == "emergency" and number == 0 and not (line["checked"] and line.get("first_words")):
            yield problem_at(
                path, way, "the first emergency number must be checked and have first_words: true"
            )
