"""What the tests of the curated answers share."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from baclofen import dataset
from baclofen.paths import DATA

Spoil = Callable[[str, str, str], list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the facts and sources that a test may spoil."""
    shutil.copytree(DATA / "facts", tmp_path / "facts")
    shutil.copy(DATA / "sources.yml", tmp_path)
    return tmp_path


@pytest.fixture
def spoil(folder: Path) -> Spoil:
    """Return a function that changes one passage of a topic and gives the complaints about the folder."""

    def change(topic: str, old: str, new: str) -> list[str]:
        path = folder / "facts" / f"{topic}.yml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return [str(problem) for problem in dataset.check(folder)]

    return change
