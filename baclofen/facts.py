"""Curated answers: what the bot says about baclofen, with its sources and its review date.

The answers lie in ``data/facts``, one topic a file, and their sources in ``data/sources.yml``.  The id of a
fact is the name of the Rasa intent that asks for it.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from baclofen import dataset
from baclofen.paths import DATA
from baclofen.signs import Level

OVERDUE = (
    "Please note: this answer was due for a check by {review_by} and may be out of date. "
    "Ask a pharmacist or doctor."
)
"""Stands before an answer that is past its review date."""

BOOK = "/facts"
"""Where the bot serves the fact book."""

Part = Literal["short", "full", "all"]

_MONTHS = "_ January February March April May June July August September October November December"


@dataclass(frozen=True)
class Source:
    """Where a fact comes from.

    Attributes:
        url: one address, or None where there is none fit to link to.
        checked: a stored copy, mirror or abstract was read; it does not say that the live page was opened.
        where: the part of the source that this fact rests on, or None.
    """

    id: str
    title: str
    publisher: str
    url: str | None
    date: str
    checked: bool
    how_read: str
    where: str | None = None

    def to_dict(self) -> dict[str, str | bool | None]:
        return {"title": self.title, "url": self.url, "date": self.date, "checked": self.checked}


@dataclass(frozen=True)
class Words:
    """An answer as one country needs it; None where the general words hold."""

    short: str | None = None
    full: str | None = None


@dataclass(frozen=True)
class Fact:
    """One question and its curated answer.

    Attributes:
        short: stands alone, at most 320 characters.
        full: a few sentences more, or None.
        level: how careful the reply must be; ``awareness`` adds the advice, ``crisis`` the crisis line.
        numbers: lines of the user's country that stand below the answer: emergency, poison, crisis.
        refuses: the answer declines what was asked, says why, and names the right place.
        covers: numbers of the claims that it answers; S1-S45 are those of the source article.
        corrects: claim of the source article, and how primary sources correct it.
        checked: False where the key part is general knowledge.
        reviewed_on: ISO day; review_by: ISO day after which the answer says that it is overdue.
        countries: other words by ISO country code.
    """

    id: str
    topic: str
    question: str
    short: str
    full: str | None
    level: Level
    refuses: bool
    numbers: tuple[str, ...]
    covers: tuple[str, ...]
    corrects: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]
    checked: bool
    reviewed_on: str
    review_by: str
    review_status: str
    countries: Mapping[str, Words] = field(default_factory=dict, hash=False)

    def words(self, country_code: str | None = None) -> tuple[str, str | None]:
        """Return the short and the full answer for this country."""
        own = self.countries.get((country_code or "").upper(), Words())
        return own.short or self.short, own.full or self.full

    @property
    def page(self) -> str:
        """Return the address of the answer in the fact book that the bot serves."""
        return f"{BOOK}/{self.topic}.html#{self.id}"

    def overdue(self, today: date) -> bool:
        """Say whether the answer is past its review date; on the day itself it is not."""
        return today > date.fromisoformat(self.review_by)

    def to_dict(self) -> dict[str, Any]:
        """Return the machine-readable part that goes with the answer, under ``custom.fact``."""
        return {
            "id": self.id,
            "sources": [source.to_dict() for source in self.sources],
            "reviewed_on": self.reviewed_on,
            "review_status": self.review_status,
            "checked": self.checked,
            "page": self.page,
        }


def answer(
    fact: Fact,
    country_code: str | None = None,
    today: date | None = None,
    notice: str = OVERDUE,
    part: Part = "all",
) -> str:
    """Return the words to say.

    Args:
        country_code: ISO code of the user's country; guidance differs in a few places.
        today: the day of the answer; an answer past its review date says so first.
        notice: the sentence for that, with ``{review_by}`` in it.
        part: the short answer, the fuller one alone (the short one where there is no other), or both.
    """
    short, full = fact.words(country_code)
    wanted = {"short": (short,), "full": (full or short,), "all": (short, full)}[part]
    parts = [words for words in wanted if words]
    if fact.overdue(today or date.today()):
        day = date.fromisoformat(fact.review_by)
        parts.insert(0, notice.format(review_by=f"{day.day} {_MONTHS.split()[day.month]} {day.year}"))
    return "\n\n".join(parts)


@functools.lru_cache(maxsize=8)
def load(root: Path = DATA) -> Mapping[str, Fact]:
    """Return every fact by its id, in the order of the files.

    Raises:
        DataError: a file breaks its schema, an id stands twice, or a source is unknown.
    """
    sources = load_sources(root)
    facts: dict[str, Fact] = {}
    problems: list[dataset.Problem] = []
    paths = sorted((root / "facts").glob("*.yml"))
    if not paths:
        raise dataset.DataError([dataset.Problem(str(root / "facts"), 0, "holds no fact files (*.yml)")])
    for path in paths:
        topic = dataset.load_yaml(path, "facts")
        for number, entry in enumerate(topic["facts"]):
            unknown = [cited["id"] for cited in entry["sources"] if cited["id"] not in sources]
            for name in unknown:
                text = f"unknown source '{name}'; add it to sources.yml or correct the id"
                problems.append(dataset.problem_at(path, ("facts", number, "sources"), text))
            if entry["id"] in facts:
                text = (
                    f"the fact '{entry['id']}' stands twice; the other is in {facts[entry['id']].topic}.yml"
                )
                problems.append(dataset.problem_at(path, ("facts", number, "id"), text))
            if not unknown:
                facts[entry["id"]] = _fact(topic["topic"], entry, sources)
    if problems:
        raise dataset.DataError(problems)
    return facts


@functools.lru_cache(maxsize=8)
def load_sources(root: Path = DATA) -> Mapping[str, Source]:
    """Return every source by its id.

    Raises:
        DataError: the file breaks its schema or an id stands twice.
    """
    path = root / "sources.yml"
    sources: dict[str, Source] = {}
    for number, entry in enumerate(dataset.load_yaml(path, "sources")["sources"]):
        if entry["id"] in sources:
            text = f"the source '{entry['id']}' stands twice; keep one"
            raise dataset.DataError([dataset.problem_at(path, ("sources", number, "id"), text)])
        known = {name: entry[name] for name in ("id", "title", "publisher", "date", "checked", "how_read")}
        sources[entry["id"]] = Source(**known, url=entry.get("url"))
    return sources


def _fact(topic: str, entry: Mapping[str, Any], sources: Mapping[str, Source]) -> Fact:
    cited = (_cite(sources[source["id"]], source.get("where")) for source in entry["sources"])
    return Fact(
        id=entry["id"],
        topic=topic,
        question=entry["question"],
        short=entry["short"],
        full=entry.get("full"),
        level=entry["level"],
        refuses=entry.get("refuses", False),
        numbers=tuple(entry.get("numbers", ())),
        covers=tuple(entry.get("covers", ())),
        corrects=tuple((item["claim"], item["how"]) for item in entry.get("corrects", ())),
        sources=tuple(cited),
        checked=entry.get("checked", True),
        reviewed_on=entry["reviewed_on"],
        review_by=entry["review_by"],
        review_status=entry["review_status"],
        countries={code: Words(**words) for code, words in entry.get("countries", {}).items()},
    )


def _cite(source: Source, where: str | None) -> Source:
    return dataclasses.replace(source, where=where) if where else source
