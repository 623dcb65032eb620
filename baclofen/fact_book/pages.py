"""Renders the fact book from ``data/facts`` and ``data/sources.yml`` with Jinja2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from baclofen import countries, dataset, facts, wording
from baclofen.facts import Fact, Source
from baclofen.paths import DATA

TEMPLATES = Path(__file__).parent / "templates"
PLAIN = ("book.css", "search.js")


@dataclass(frozen=True)
class Topic:
    """One page of answers."""

    name: str
    title: str
    facts: tuple[Fact, ...]


@lru_cache(maxsize=2)
def pages(root: Path = DATA, today: date | None = None) -> Mapping[str, str]:
    """Return the content of every page by its file name.

    Args:
        root: the data folder.
        today: the day for which answers past their review are marked; the present one by default.

    Raises:
        DataError: the facts or sources cannot be used.
    """
    known = facts.load(root)
    topics = [_topic(path, known.values()) for path in sorted((root / "facts").glob("*.yml"))]
    sources = facts.load_sources(root)
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals |= {
        "topics": topics,
        "today": today or date.today(),
        "say_day": lambda day: wording.day(wording.load(), date.fromisoformat(day)),
        "country_name": _country_name,
    }
    cited = {name: [f for f in known.values() if any(s.id == name for s in f.sources)] for name in sources}
    corrected = [(fact, claim, how) for fact in known.values() for claim, how in fact.corrects]
    made = {
        f"{topic.name}.html": templates.get_template("topic.html").render(topic=topic) for topic in topics
    }
    made["index.html"] = templates.get_template("index.html").render(count=len(known))
    made["sources.html"] = templates.get_template("sources.html").render(
        sources=_sorted(sources), cited=cited
    )
    made["corrections.html"] = templates.get_template("corrections.html").render(
        corrected=sorted(corrected, key=lambda row: int(row[1][1:]))
    )
    return made | {name: (TEMPLATES / name).read_text("utf-8") for name in PLAIN}


def write(folder: Path, root: Path = DATA) -> int:
    """Write every page into a folder, which is made if need be; return how many.

    Raises:
        DataError: the facts or sources cannot be used.
        OSError: the folder cannot be written.
    """
    made = pages(root)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_text(content, "utf-8")
    return len(made)


def _topic(path: Path, known: Iterable[Fact]) -> Topic:
    title = dataset.load_yaml(path, "facts")["title"]
    return Topic(path.stem, title, tuple(fact for fact in known if fact.topic == path.stem))


def _sorted(sources: Mapping[str, Source]) -> list[Source]:
    return sorted(sources.values(), key=lambda source: source.title.lower())


def _country_name(code: str) -> str:
    place = countries.resolve(given=code)
    return place.country.name if place.country else code
