"""Labelled files: what is read, and what is refused with file, line and advice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from baclofen.paths import ROOT
from evaluation.rows import LabelError, read


def write(folder: Path, name: str, *rows: dict[str, Any]) -> Path:
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def test_messages_questions_and_conversations_are_told_apart_by_what_they_hold(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.jsonl",
        {"id": "m", "text": "hi", "level": "none", "tags": ["short"], "also_ok": ["urgent"]},
    )
    write(tmp_path, "b.jsonl", {"id": "f", "text": "dose?", "must": ["x"], "must_not": [], "source": "seed"})
    write(
        tmp_path,
        "c.jsonl",
        {"id": "c", "turns": [{"say": "one", "level": "none"}, {"say": "two", "level": "urgent"}]},
    )
    found = read(tmp_path)
    assert found.messages["a"][0].accepted == ("none", "urgent")
    assert found.facts[0].source == "seed"
    assert [turn.id for turn in found.conversations[0].turns] == ["c.1", "c.2"]
    assert found.size == 4


def test_results_of_an_earlier_run_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", {"text": "hi", "level": "none"})
    write(tmp_path, "replies.jsonl", {"text": "hi", "level": "none", "ok": True, "reply": ["Hello"]})
    assert read(tmp_path).size == 1


def test_a_text_with_odd_line_ends_and_a_byte_order_mark_is_one_row(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('\ufeff{"text": "one\u2028two", "level": "none"}\r\n\n', "utf-8")
    assert read(tmp_path).messages["a"][0].text == "one\u2028two"


@pytest.mark.parametrize(
    ("row", "advice"),
    [
        ({"text": "hi", "level": "severe"}, "no level"),
        ({"text": "hi", "level": "none", "also_ok": ["bad"]}, "no level"),
        ({"text": " ", "level": "none"}, "Write the message"),
        ({"level": "none"}, "Write the message"),
        ({"text": "hi", "must": ["("]}, "no regular expression"),
        ({"text": "hi", "level": "none", "tags": "short"}, "list of strings"),
        ({"turns": []}, "at least one"),
        ({"turns": [{"text": "hi", "level": "none"}]}, "'say' is missing"),
    ],
)
def test_a_wrong_row_is_refused_with_file_line_and_advice(
    tmp_path: Path, row: dict[str, Any], advice: str
) -> None:
    write(tmp_path, "a.jsonl", {"text": "hi", "level": "none"}, row)
    with pytest.raises(LabelError, match=rf"a\.jsonl:2: .*{advice}"):
        read(tmp_path)


@pytest.mark.parametrize("line", ["{", "[]"])
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.jsonl").write_text(line, "utf-8")
    with pytest.raises(LabelError, match=r"a\.jsonl:1"):
        read(tmp_path)


def test_a_folder_without_labelled_messages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="no labelled message"):
        read(tmp_path)
    with pytest.raises(LabelError, match="no folder"):
        read(tmp_path / "nowhere")


def test_the_projects_own_set_can_be_read() -> None:
    found = read(ROOT / "tests" / "emergencies")
    assert set(found.messages) == {"patients", "street", "traps"}
    assert found.facts
    assert found.conversations
