"""What was not understood is counted for curators, without a word of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baclofen import misses


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MISSES", str(tmp_path / "misses.jsonl"))
    return tmp_path / "misses.jsonl"


def test_a_miss_is_kept_by_what_is_near_and_named_and_not_by_its_words(file: Path) -> None:
    misses.record("Has Zebedee's tizanidine for his mum a flavour?", ["forms", "cream"], "en")
    row = json.loads(file.read_text("utf-8"))
    assert row["nearest"] == ["forms", "cream"]
    assert row["medicines"]
    assert "ebedee" not in file.read_text("utf-8")
    assert "flavour" not in file.read_text("utf-8")


def test_a_summary_counts_by_the_nearest_question(file: Path) -> None:
    for nearest in (["forms"], ["forms", "cream"], ["storage"], []):
        misses.record("x", nearest, "en")
    file.open("a").write("no json\n")
    lines = list(misses.summary())
    assert lines[0].startswith("4 misses")
    assert lines[1].split()[:2] == ["2", "forms"]
    assert any("nothing near" in line for line in lines)


def test_without_a_file_there_is_nothing_to_show(file: Path) -> None:
    assert list(misses.summary()) == ["No miss is recorded."]


def test_an_empty_setting_keeps_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSES", "")
    assert misses.path() is None
    misses.record("x", [], "en")


def test_a_folder_that_cannot_be_written_does_not_stop_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISSES", str(tmp_path / "no" / "such" / "folder" / "misses.jsonl"))
    misses.record("x", [], "en")


def test_a_file_that_has_grown_large_grows_no_more(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    misses.record("x", [], "en")
    monkeypatch.setattr(misses, "LARGEST", 3)
    before = file.stat().st_size
    misses.record("x", [], "en")
    assert file.stat().st_size == before
