"""Held-out messages: which are scored, and that their parts stay with them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from baclofen import learned
from evaluation.cases import gravest, read_messages
from evaluation.held_out import HeldOut, key
from tests.evaluation.some_cases import Builder, chances, held_out_writers

SCORE = np.zeros(5, np.float32)


def known(*places: tuple[int, str], **folds: tuple[int, ...]) -> HeldOut:
    return HeldOut(folds, {}, {(fold, key(text)): SCORE for fold, text in places}, {})


def write(folder: Path, writer: str, *texts: str) -> None:
    lines = [json.dumps({"text": text, "level": "none", "lang": "en"}) for text in texts]
    (folder / f"{writer}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def test_a_message_with_scores_is_read_and_one_that_came_later_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "ann", "how are you", "how is she")
    found, left_out = read_messages(known((2, "how are you"), ann=(2,)), tmp_path)
    assert [(m.text, m.writer, m.fold) for m in found] == [("how are you", "ann", 2)]
    assert left_out == 1


def test_a_writer_who_came_later_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "bob", "how are you")
    assert read_messages(known((2, "how are you"), ann=(2,)), tmp_path) == ([], 1)


def test_a_writer_who_was_held_out_twice_is_read_for_both_folds(tmp_path: Path) -> None:
    write(tmp_path, "ann", "how are you")
    found, left_out = read_messages(known((2, "how are you"), (5, "how are you"), ann=(2, 5)), tmp_path)
    assert [m.fold for m in found] == [2, 5]
    assert left_out == 0


def test_a_fold_keeps_the_parts_of_its_messages_and_no_others() -> None:
    cases = Builder()
    cases.add("none", chances("none"), windows=[chances("urgent")], fold=0)
    cases.add("none", chances("none"), fold=1)
    cases.add("urgent", chances("none"), signs=[("urgent", chances("urgent"))], fold=1)
    found = cases.build().in_folds([1])
    assert [m.text for m in found.messages] == ["message 1", "message 2"]
    assert found.findings.owners.tolist() == [1]
    assert found.windows.owners.tolist() == []


def test_of_a_writer_in_two_folds_the_first_alone_is_taken() -> None:
    found = held_out_writers().once((0, 5))
    assert {(m.writer, m.fold) for m in found.messages} == {("ann", 0), ("bob", 5)}


def test_of_many_windows_the_gravest_are_read_and_of_few_all() -> None:
    many = [chances("emergency", 0.2 + 0.1 * step) for step in range(6)]
    marks = gravest(np.array([0] * 6 + [1] * 2), np.array([*many, many[0], many[0]]))
    assert marks.tolist() == [False, False, *[True] * learned.CLOSELY, True, True]


def test_a_text_that_no_encoder_read_has_the_chances_of_the_n_grams() -> None:
    votes = held_out_writers().votes
    votes.fine_tuned[0], votes.frozen[0] = np.nan, np.nan
    assert votes.shipped(1.0)[0].tolist() == votes.ngrams[0].tolist()


def test_a_text_that_the_fine_tuned_encoder_did_not_read_has_the_frozen_one_beside_the_n_grams() -> None:
    votes = held_out_writers().votes
    votes.fine_tuned[0], votes.frozen[0] = np.nan, np.log(chances("emergency"))
    assert votes.encoder(1.0)[0].argmax() == 4
