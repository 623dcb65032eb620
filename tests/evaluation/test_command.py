"""The command: what it prints, what it writes where, and how it ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation import __main__ as command
from tests.evaluation.standin import EMERGENCY, QUIET, standin

SECRET = "a sentence of somebody else: her lips are blue"


@pytest.fixture(autouse=True)
def _bot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    own = tmp_path / "own"
    own.mkdir()
    (own / "patients.jsonl").write_text(
        json.dumps({"id": "e1", "text": "lips blue", "level": "emergency"}), "utf-8"
    )
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "OWN_SET", own)
    monkeypatch.setattr(command, "OUTPUT", tmp_path / "evaluation")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("EVAL_DIR", raising=False)
    with standin(lambda _, message: EMERGENCY if "blue" in message else QUIET) as url:
        monkeypatch.setenv("EVAL_URL", url)
        yield


def other_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "other"
    folder.mkdir()
    row = {"id": "x1", "text": SECRET, "level": "none"}
    (folder / "theirs.jsonl").write_text(json.dumps(row), "utf-8")
    return folder


def state(folder: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def test_one_part_is_printed_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(tmp_path)
    assert command.main(["--only", "bot"]) == 0
    printed = capsys.readouterr().out
    assert "| emergency " in printed
    assert "SUMMARY emergency=1 " in printed
    assert state(tmp_path) == before


def test_another_folder_is_scored_and_its_texts_go_to_a_temporary_folder_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = other_folder(tmp_path)
    monkeypatch.setenv("EVAL_DIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert command.main(["--only", "bot"]) == 0
    printed = capsys.readouterr().out
    place = Path(printed.split("replies and misses: ")[1].splitlines()[0])
    assert SECRET in (place / "errors.md").read_text("utf-8")
    assert json.loads((place / "replies.jsonl").read_text("utf-8"))["reply"] == [EMERGENCY[0]["text"]]
    holding = {p.parent for p in tmp_path.rglob("*") if p.is_file() and SECRET in p.read_text("utf-8")}
    assert holding == {folder, place}
    assert SECRET not in printed


def test_a_broken_bound_ends_with_status_1_and_a_kept_one_with_0(tmp_path: Path) -> None:
    bounds = tmp_path / "bounds.json"
    bounds.write_text('{"at_most": {"missed_emergencies": 0}}', "utf-8")
    assert command.main(["--only", "bot", "--fail-under", str(bounds)]) == 0
    bounds.write_text('{"at_least": {"emergency": 1.1}}', "utf-8")
    assert command.main(["--only", "bot", "--fail-under", str(bounds)]) == 1


def test_a_folder_that_is_missing_ends_with_status_2_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVAL_DIR", str(tmp_path / "nowhere"))
    assert command.main(["--only", "bot"]) == 2
    captured = capsys.readouterr()
    assert "no folder" in captured.err
    assert "messages in" not in captured.out


def test_bounds_that_cannot_be_read_end_with_status_2(tmp_path: Path) -> None:
    assert command.main(["--only", "bot", "--fail-under", str(tmp_path / "nowhere.json")]) == 2
