"""From a message to a labelled example: collected without a name, reviewed in a table, read back."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from assistant import review
from assistant.conversation import Conversation, hear
from assistant.turn import Turn
from baclofen.paths import DATA
from evaluation import reviewed, rows
from evaluation.rows import LabelError
from tests import serving
from tests.serving import ROOT

MESSAGES = [
    'my name is Quagmira Miller, he took 40 baclofen, "20 mg"\nand wont wake up, call 07700 900123',
    "=cmd|' /C calc'!A0 can i take it with marmalade",
    "i took a double dose by mistake, café",
]


def _turn(text: str, is_unsure: bool = False) -> Turn:
    heard = hear(text, Conversation(), {"country": "GB"})
    return Turn(heard, {}, (), False, is_unsure, (), False, False)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEW", str(tmp_path / "review.jsonl"))
    return tmp_path / "review.jsonl"


def _collect(texts: list[str], sender: str = "someone") -> None:
    for text in texts:
        review.note(_turn(text, is_unsure=True), text, "forms", sender)
    review._writer.submit(lambda: None).result(30)


def _export(*arguments: str, file: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", "review", *arguments],
        cwd=ROOT,
        env=serving.environment(REVIEW=str(file)),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_nothing_is_collected_unless_a_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REVIEW", raising=False)
    _collect(MESSAGES)
    assert list(tmp_path.iterdir()) == []
    assert _export(file="").returncode == 1


def test_a_calm_message_that_was_understood_is_not_collected_nor_is_a_synthetic_one(file: Path) -> None:
    review.note(_turn("hello"), "hello", "greet", "someone")
    _collect([MESSAGES[0]], sender="probe")
    assert not file.exists()


def test_a_row_says_what_was_heard_and_not_who_said_it(file: Path) -> None:
    _collect(MESSAGES)
    found = list(review.rows(file))
    assert [(row["kind"], row["level"]) for row in found] == [
        ("escalation", "emergency"),
        ("miss", "none"),
        ("escalation", "urgent"),
    ]
    assert "hard_to_wake" in found[0]["signs"]
    assert found[0]["country"] == "GB"
    assert "40 baclofen" in found[0]["text"]
    kept = file.read_text("utf-8")
    assert [w for w in ("Quagmira", "Miller", "900123", "someone") if w in kept] == []


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_is_reviewed_comes_back_as_labelled_examples(file: Path, tmp_path: Path, form: str) -> None:
    _collect(MESSAGES)
    table = tmp_path / f"table.{form}"
    assert _export("--format", form, str(table), file=file).returncode == 0
    _answer(table, ["emergency", "", "urgent"])
    assert reviewed.main([str(table), str(tmp_path / "out")]) == 0
    found, left = reviewed.read(table)
    kept = [row["text"] for row in review.rows(file)]
    assert [row.text for row in found] == [kept[0].strip(), kept[2].strip()]
    assert [row.also_ok for row in found] == [("crisis",), ("crisis",)]
    assert left == 1
    written = [
        json.loads(line)
        for name in ("messages", "cases")
        for line in (tmp_path / "out" / name / "reviewed.jsonl").read_text("utf-8").splitlines()
    ]
    assert sorted(line["text"] for line in written) == sorted(row.text for row in found)


def _answer(table: Path, levels: list[str]) -> None:
    """Fill in the table as a reviewer would."""
    with table.open(encoding="utf-8", newline="") as lines:
        found: list[dict[str, Any]] = (
            list(csv.DictReader(lines)) if table.suffix == ".csv" else [json.loads(line) for line in lines]
        )
    for row, level in zip(found, levels, strict=True):
        row |= {"right_level": level.upper(), "also_ok": "crisis", "note": "seen", "reviewer": "a nurse"}
    with table.open("w", encoding="utf-8-sig", newline="") as out:
        if table.suffix == ".csv":
            writer = csv.DictWriter(out, found[0])
            writer.writeheader()
            writer.writerows(found)
        else:
            out.writelines(json.dumps(row) + "\n" for row in found)


def test_a_cell_is_no_formula(file: Path, tmp_path: Path) -> None:
    _collect([MESSAGES[1]])
    _export(str(tmp_path / "t.csv"), file=file)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as lines:
        row = next(csv.DictReader(lines))
    assert row["text"].startswith("'=")


def test_examples_have_the_form_of_the_messages_and_of_the_test_cases(tmp_path: Path) -> None:
    row = reviewed.Reviewed("a", "he wont wake up", "emergency", ("urgent",), ("hard_to_wake",), "en", "seen")
    many = [replace(row, id=str(number), text=f"{number} {row.text}") for number in range(40)]
    messages, cases = reviewed.write(many, tmp_path)
    assert messages + cases == 40
    assert 4 <= cases <= 16
    schema = json.loads((DATA / "schemas" / "message.json").read_text("utf-8"))
    for line in (tmp_path / "messages" / "reviewed.jsonl").read_text("utf-8").splitlines():
        jsonschema.validate(json.loads(line), schema)
    read = rows.read(tmp_path / "cases").messages["reviewed"]
    assert len(read) == cases
    assert read[0].accepted == ("emergency", "urgent")


def test_a_level_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text(json.dumps({"id": "a", "text": "x", "right_level": "bad"}) + "\n")
    with pytest.raises(LabelError, match=r"t\.jsonl:1: 'bad' is no level"):
        reviewed.read(table)


def test_rows_are_forgotten_after_their_days(file: Path) -> None:
    _collect(MESSAGES)
    old = {**next(review.rows(file)), "day": "2020-01-01"}
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(old) + "\n")
    assert review.expire(file, 30).result(10) == 1
    assert len(list(review.rows(file))) == 3
