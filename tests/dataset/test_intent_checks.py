"""Every fact can be asked for, every intent is answered, and no example stands in two."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from baclofen import dataset, intent_checks
from baclofen.intent_checks import Example, Pair
from baclofen.paths import DATA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("facts", "nlu"):
        shutil.copytree(DATA / name, tmp_path / name)
    for name in ("sources.yml", "follow_ups.yml"):
        shutil.copy(DATA / name, tmp_path)
    return tmp_path


def _spoil(folder: Path, name: str, old: str, new: str) -> list[str]:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return [str(problem) for problem in dataset.check(folder)]


def test_the_examples_as_they_are_have_no_problem(folder: Path) -> None:
    assert dataset.check(folder) == []


def test_a_fact_that_nobody_can_ask_for_is_told_with_its_line(folder: Path) -> None:
    found = _spoil(folder, "nlu/handling.yml", "- intent: with_food\n", "- intent: with_foods\n")
    assert any(": with_food: 0 examples" in line and "handling.yml:" in line for line in found)
    assert any("with_foods: no fact of this id" in line for line in found)
    assert any("with_foods is missing under intents" in line for line in found)
    assert any("with_foods is in no rule" in line for line in found)


def test_an_example_in_two_intents_is_told_with_both_places(folder: Path) -> None:
    first = next(e for e in intent_checks.examples(folder) if e.intent == "with_food")
    found = _spoil(folder, "nlu/uses.yml", "    - ", f"    - {first.text.upper()}\n    - ")
    assert any("also stands in" in line and f":{first.line}" in line for line in found)


class Letters:
    """An encoder that counts letters."""

    def embed(self, texts: list[str]) -> np.ndarray:  # type: ignore[type-arg]
        return np.array([[text.count(letter) + 0.01 for letter in "abc"] for text in texts], np.float32)


def test_the_closest_intents_are_named_first_and_only_those_too_alike_are_a_problem() -> None:
    rows = [("one", "aaab"), ("other", "aab"), ("far", "ccc")]
    given = [Example(intent, text, Path("x"), 1) for intent, text in rows]
    pairs = intent_checks.closest(given, Letters(), most=3)  # type: ignore[arg-type]
    assert (pairs[0].one, pairs[0].other) == ("one", "other")
    assert pairs[0].nearness > pairs[1].nearness
    assert len(intent_checks.too_alike([Pair("a", "b", 0.99), Pair("a", "c", 0.2)])) == 1
