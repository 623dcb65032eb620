"""People for whom an answer is another one: children, the old, pregnancy, kidneys (``data/persons.yml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from baclofen import dataset, facts
from baclofen.dataset import Problem, problem_at
from baclofen.paths import DATA
from baclofen.text import fold

LONGEST = 2000
"""Characters that are looked at."""


@dataclass(frozen=True)
class Person:
    """Who a question may be about.

    Attributes:
        person: the name of the kind. fact: the id of the fact about them.
    """

    person: str
    fact: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    each = (re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)")


@lru_cache(maxsize=4)
def load(root: Path = DATA) -> tuple[tuple[Person, ...], frozenset[str]]:
    """Return the persons, and the facts beside whose question they matter.

    Raises:
        DataError: the file is missing or breaks its schema.
    """
    data = dataset.load_yaml(root / "persons.yml", "persons")
    persons = (
        Person(
            row["person"],
            row["fact"],
            _pattern(row["words"]),
            _pattern(row["unless"]) if "unless" in row else None,
        )
        for row in data["persons"]
    )
    return tuple(persons), frozenset(data["beside"])


def named(text: str) -> tuple[Person, ...]:
    """Return the persons that a message names, in the order of the file."""
    plain = fold(text[:LONGEST])[0]
    return tuple(
        person
        for person in load()[0]
        if person.words.search(plain) and not (person.unless and person.unless.search(plain))
    )


def beside(fact: str, text: str) -> tuple[str, ...]:
    """Return the facts about the persons named, where they matter beside the question asked.

    Args:
        fact: the id of the fact that is asked for.
        text: as typed.
    """
    if fact not in load()[1]:
        return ()
    return tuple(person.fact for person in named(text))


@dataset.check_for("persons.yml")
def check_persons(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """Yield every fact that does not exist."""
    try:
        known = frozenset(facts.load(root))
    except dataset.DataError:  # told where it is
        return
    for path, data in files.items():
        for number, row in enumerate(data["persons"]):
            if row["fact"] not in known:
                yield problem_at(path, ("persons", number, "fact"), f"no fact '{row['fact']}' in data/facts")
        for number, name in enumerate(data["beside"]):
            if name not in known:
                yield problem_at(path, ("beside", number), f"no fact '{name}' in data/facts; correct the id")
