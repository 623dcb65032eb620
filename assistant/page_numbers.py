"""The emergency and poison numbers of every country as a list in HTML, for browsers that run no scripts."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from baclofen import countries, phone_lines, wording
from baclofen.countries import Country, Line, Place

KINDS: tuple[countries.Kind, ...] = ("emergency", "poison")


@lru_cache(maxsize=1)
def as_html() -> str:
    """Return one ``<li>`` a country, by name; the numbers are links.

    Raises:
        baclofen.dataset.DataError: a country's file cannot be read.
    """
    known = sorted(countries.load().values(), key=lambda country: country.name)
    return "\n".join(f"            <li>{_country(country)}</li>" for country in known)


def _country(country: Country) -> str:
    words, place = wording.load(), Place(country, False)
    emergency, poison = (phone_lines.lines(kind, place, words) for kind in KINDS)
    said = f"{escape(country.name)}: {words['numbers']['or'].join(map(_link, emergency))}"
    return said + "".join(f". {escape(line.label)}: {_link(line)}" for line in poison)


def _link(line: Line) -> str:
    words = wording.load()["numbers"]
    link = f'<a href="{escape(line.uri)}">{escape(line.number)}</a>'
    said: str = words["mobile"].format(number=link) if line.only_mobile else link
    return said if line.checked else said + escape(words["unchecked"])
