"""The sentences beside each sign do what they say, and a wrong file is refused with its line."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from baclofen import lexicon
from baclofen.dataset import DataError, load_yaml
from baclofen.paths import DATA
from baclofen.sign_checks import check_signs, finds

FILE = DATA / "signs" / "en.yml"
SIGNS: list[dict[str, Any]] = load_yaml(FILE, "signs")["signs"]
MUST = [(s["key"], s["level"], text) for s in SIGNS for text in s.get("must_match", ())]
MUST_NOT = [(s["key"], s["level"], text) for s in SIGNS for text in s.get("must_not_match", ())]


@pytest.mark.parametrize(("key", "level", "sentence"), MUST)
def test_a_sentence_that_must_show_a_sign_shows_it(key: str, level: str, sentence: str) -> None:
    assert finds(sentence, key, level, lexicon.load())


@pytest.mark.parametrize(("key", "level", "sentence"), MUST_NOT)
def test_a_sentence_that_must_not_show_a_sign_does_not(key: str, level: str, sentence: str) -> None:
    assert not finds(sentence, key, level, lexicon.load())


def changed(folder: Path, old: str, new: str) -> Path:
    """Return a copy of the file with a change, in a data folder of its own."""
    (folder / "signs").mkdir()
    shutil.copy(DATA / "sources.yml", folder)
    text = FILE.read_text("utf-8")
    assert old in text
    path = folder / "signs" / "en.yml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_an_unknown_key_is_refused_with_its_line(tmp_path: Path) -> None:
    path = changed(tmp_path, "  family: breath\n", "  family: breath\n  colour: red\n")
    with pytest.raises(DataError, match=r"en\.yml:\d+.*colour"):
        load_yaml(path, "signs")


def test_a_sentence_that_is_misread_is_a_problem_with_its_line(tmp_path: Path) -> None:
    path = changed(tmp_path, '"he isn\'t breathing"', '"he is whistling"')
    problems = list(check_signs({path: load_yaml(path, "signs")}, tmp_path))
    assert [p.line > 0 and "he is whistling" in p.message for p in problems] == [True]


def test_a_source_that_is_not_listed_is_a_problem(tmp_path: Path) -> None:
    path = changed(tmp_path, "  - CA-PMS\n", "  - NOWHERE\n")
    problems = list(check_signs({path: load_yaml(path, "signs")}, tmp_path))
    assert any("NOWHERE" in p.message for p in problems)


def test_the_projects_own_signs_have_no_problem() -> None:
    assert list(check_signs({FILE: load_yaml(FILE, "signs")}, DATA)) == []
