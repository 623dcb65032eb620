"""Signs and circumstances that are graver together than alone (``data/together.yml``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from baclofen import dataset
from baclofen.dataset import Problem, load_yaml, problem_at
from baclofen.paths import DATA
from baclofen.signs import RANK, Level

CIRCUMSTANCES = frozenset(["kidney", "pump", "child", "opioid"])
"""What a message can be about (``rules.Reading.about``) that may stand under ``with``."""


@dataclass(frozen=True)
class Pair:
    """A sign of ``any_of`` beside one of ``beside`` has at least this level."""

    name: str
    any_of: frozenset[str]
    beside: frozenset[str]
    level: Level


@lru_cache(maxsize=1)
def load() -> tuple[Pair, ...]:
    """Read the pairs once.

    Raises:
        baclofen.dataset.DataError: the file is missing or wrong.
    """
    rows = load_yaml(DATA / "together.yml", "together")["together"]
    return tuple(
        Pair(row["name"], frozenset(row["any_of"]), frozenset(row["with"]), row["level"]) for row in rows
    )


def raised(key: str, level: Level, present: frozenset[str]) -> Pair | None:
    """Return the pair that makes a sign graver than it is alone, the gravest; None where none does.

    Args:
        key: the sign.
        level: the level that it has alone.
        present: the signs that are present, and what the message is about.
    """
    pairs = [
        pair
        for pair in load()
        if key in pair.any_of and not pair.beside.isdisjoint(present) and RANK[pair.level] > RANK[level]
    ]
    return max(pairs, key=lambda pair: RANK[pair.level], default=None)


@dataset.check_for("together.yml")
def check_pairs(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """Yield every sign or source that no other file knows."""
    if not files:
        return
    signs = {row["key"] for row in load_yaml(root / "signs" / "en.yml", "signs")["signs"]}
    sources = {row["id"] for row in load_yaml(root / "sources.yml", "sources")["sources"]}
    for path, data in files.items():
        for number, row in enumerate(data["together"]):
            for field, known in (("any_of", signs), ("with", signs | CIRCUMSTANCES), ("sources", sources)):
                for name in sorted(set(row[field]) - known):
                    text = f"'{name}' is known nowhere; correct it or add it"
                    yield problem_at(path, ("together", number, field), text)
