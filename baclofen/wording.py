"""Every sentence that the bot says and that is not a fact (``data/wording/<language>.yml``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from baclofen import paths
from baclofen.dataset import Problem, check_for, load_yaml, problem_at

Wording = Mapping[str, Any]
"""The contents of one wording file; its shape is ``data/schemas/wording.json``."""

DEFAULT = "en"


def languages() -> tuple[str, ...]:
    """Return the languages that have a wording file."""
    return tuple(sorted(path.stem for path in (paths.DATA / "wording").glob("*.yml")))


def load(language: str | None = DEFAULT) -> Wording:
    """Return the sentences in a language (``de``, ``de-AT``), or in English where it has no sound file.

    Raises:
        DataError: the English file is missing or broken.
    """
    code = language.replace("_", "-").split("-")[0].lower() if isinstance(language, str) else DEFAULT
    return _load(code if code in languages() else DEFAULT)


@lru_cache(maxsize=32)
def _load(language: str) -> Wording:
    path = paths.DATA / "wording" / f"{language}.yml"
    try:
        data: Wording = load_yaml(path, "wording")
    except ValueError:
        if language == DEFAULT:
            raise
        return _load(DEFAULT)
    return data


def day(words: Wording, when: date) -> str:
    """Return a day as people write it: ``22 November 2026``, ``22. November 2026``."""
    return str(words["date"].format(day=when.day, month=words["months"][when.month - 1], year=when.year))


@check_for("wording/*.yml")
def check_sources(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """Every step names sources that ``sources.yml`` knows."""
    known = {row["id"] for row in load_yaml(root / "sources.yml", "sources")["sources"]}
    for path, data in files.items():
        for keys, ids in _cited(data):
            for name in sorted(set(ids) - known):
                text = f"unknown source '{name}'; add it to sources.yml or correct the id"
                yield problem_at(path, keys, text)


def _cited(part: Any, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], list[str]]]:
    if isinstance(part, dict):
        if "sources" in part:
            yield (*keys, "sources"), part["sources"]
        for key, value in part.items():
            yield from _cited(value, (*keys, key))
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _cited(value, (*keys, number))
