"""What the peers learn from and are measured on, and our verdicts from a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from baclofen.signs import LEVELS
from benchmarks.triage import sets, verdicts
from benchmarks.triage.held_out import NoVerdicts, ours_held_out
from evaluation.held_out import HeldOut


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_the_writers_that_are_held_out_by_default_are_there() -> None:
    found = sets.held_out(sets.HELD_OUT)
    assert {message.level for message in found.messages} == set(LEVELS)


def test_a_writer_that_is_not_there_is_named() -> None:
    with pytest.raises(sets.SetError, match="nobody"):
        sets.held_out(["bystanders", "nobody"])


def test_no_held_out_message_is_learned() -> None:
    held = sets.held_out(["bystanders"])
    learned = {text.casefold() for text, _ in sets.training(["bystanders"], held.texts)}
    assert learned.isdisjoint(text.casefold() for text in held.texts)
    assert learned < {text.casefold() for text, _ in sets.training()}


def test_only_single_messages_of_a_labelled_folder_are_measured(tmp_path: Path) -> None:
    write(
        tmp_path / "a.jsonl",
        {"text": "x", "level": "urgent", "also_ok": ["emergency"]},
        {"text": "a question", "must": ["y"]},
        {"turns": [{"say": "z", "level": "none"}]},
    )
    found = sets.labelled(tmp_path, "some")
    assert found.messages == (sets.Message("x", "urgent", ("emergency",)),)


def test_a_folder_without_messages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(sets.SetError):
        sets.labelled(tmp_path, "some")


def test_public_sentences_are_one_a_line_and_counted_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\n\ntwo\none\n", "utf-8")
    (tmp_path / "README.md").write_text("no sentence", "utf-8")
    found = sets.public(tmp_path)
    assert found.texts == ["one", "two"]
    assert {message.level for message in found.messages} == {"none"}


def test_a_set_is_another_one_when_a_label_changes() -> None:
    one, other = (sets.Set("x", "x", (sets.Message("a", level),)) for level in ("none", "urgent"))
    assert one.digest != other.digest


def test_our_verdicts_are_read_by_text_whatever_their_order(tmp_path: Path) -> None:
    file = write(tmp_path / "v.jsonl", {"text": "b", "both": "none"}, {"text": "a", "both": "urgent"})
    assert ours_held_out(["a", "b"], "both", file) == ["urgent", "none"]


def test_our_verdicts_are_read_from_arrays_too(tmp_path: Path) -> None:
    file = tmp_path / "v.npz"
    np.savez(file, texts=np.array(["a", "b"]), learned=np.array(["crisis", "none"]))
    assert ours_held_out(["b", "a"], "learned", file) == ["none", "crisis"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"text": "a", "both": "none"}], "lacks 1 of 2"),
        ([{"text": "a", "learned": "none"}], "cannot be read"),
        ([{"text": "a", "both": "grave"}], "cannot be read"),
    ],
)
def test_verdicts_that_do_not_fit_are_left_out_with_the_reason(
    tmp_path: Path, rows: list[dict[str, object]], reason: str
) -> None:
    with pytest.raises(NoVerdicts, match=reason):
        ours_held_out(["a", "b"], "both", write(tmp_path / "v.jsonl", *rows))


def test_verdicts_come_from_folds_whose_encoder_had_not_learned_from_the_writer() -> None:
    kept = HeldOut({"a": (0, 3), "b": (0,), "c": (3,)}, {}, {}, {(3, 1): np.zeros(5, np.float32)})
    assert verdicts.only(kept, ["a", "b"]).folds == {"a": (3,), "b": ()}


def test_without_a_file_the_reason_says_how_to_give_one() -> None:
    with pytest.raises(NoVerdicts, match="--ours-held-out"):
        ours_held_out(["a"], "both", None)
