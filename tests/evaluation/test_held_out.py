"""The kept scores of held-out writers: what comes back, what taught whom, what is no longer known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluation import held_out
from evaluation.held_out import FOLDS, HeldOut, key

EVERY_FOLD = tuple(range(FOLDS))


def row(text: str, fold: int, near: tuple[int, ...] = (), **other: Any) -> dict[str, Any]:
    known = {"level": "none", "writer": f"writer_{fold}", "intent": None}
    return {"text": text, "fold": fold, "near": near, **known, **other}


OTHERS = [row(f"something of fold {fold}", fold, writer="ann", intent="greet") for fold in EVERY_FOLD]


def taught_by(rows: list[dict[str, Any]]) -> dict[int, set[int]]:
    return {fold: held_out.taught(rows, fold) for fold in EVERY_FOLD}


def kept(tmp_path: Path, *rows: dict[str, Any]) -> HeldOut:
    scores = np.arange(5 * len(rows), dtype=np.float32).reshape(len(rows), 5)
    tuned = scores.copy()
    tuned[[row["fold"] != 0 for row in rows]] = np.nan
    path = tmp_path / "held_out.npz"
    nothing = np.full((len(OTHERS), 5), np.nan)
    whole = [*rows, *OTHERS]
    held_out.save(path, whole, np.vstack([scores, nothing]), np.vstack([tuned, nothing]), taught_by(whole))
    found = held_out.load(path)
    assert found is not None
    return found


def test_scores_come_back_by_fold_and_text(tmp_path: Path) -> None:
    found = kept(tmp_path, row("he is blue", 0), row("my sky is blue", 1))
    assert found.frozen[1, key("my sky is blue")].tolist() == [5, 6, 7, 8, 9]
    assert found.fine_tuned[0, key("he is blue")].tolist() == [0, 1, 2, 3, 4]
    assert found.folds == {"writer_0": (0,), "writer_1": (1,)}


def test_a_fold_that_was_not_run_has_no_fine_tuned_scores(tmp_path: Path) -> None:
    found = kept(tmp_path, row("he is blue", 0), row("my sky is blue", 1))
    assert (1, key("my sky is blue")) not in found.fine_tuned
    assert found.fine_tuned_folds == (0,)


def test_a_message_teaches_other_folds_and_not_its_own(tmp_path: Path) -> None:
    found = kept(tmp_path, row("he is blue", 2))
    assert [fold for fold in EVERY_FOLD if found.is_learned("he is blue", fold)] == [0, 1, 3, 4]


def test_a_message_does_not_teach_a_fold_that_nearly_repeats_it(tmp_path: Path) -> None:
    found = kept(tmp_path, row("he is blue", 2, near=(4,)))
    assert [fold for fold in EVERY_FOLD if found.is_learned("he is blue", fold)] == [0, 1, 3]


def test_what_two_wrote_teaches_where_it_may_for_both(tmp_path: Path) -> None:
    found = kept(tmp_path, row("help", 1), row("help", 3))
    assert [fold for fold in EVERY_FOLD if found.is_learned("help", fold)] == [0, 2, 4]
    assert {fold for fold, _ in found.frozen} == {1, 3}


def test_a_writer_who_was_held_out_twice_has_the_scores_of_both_folds(tmp_path: Path) -> None:
    again = row("he is blue", FOLDS, writer="writer_1")
    found = kept(tmp_path, row("he is blue", 1), again)
    assert found.folds == {"writer_1": (1, FOLDS)}
    assert {fold for fold, _ in found.frozen} == {1, FOLDS}


def test_a_part_of_a_message_is_judged_and_never_learned(tmp_path: Path) -> None:
    found = kept(tmp_path, row("he is blue", 0, near=EVERY_FOLD, level=None))
    assert (0, key("he is blue")) in found.frozen
    assert not any(found.is_learned("he is blue", fold) for fold in EVERY_FOLD)


def test_the_writers_of_questions_are_not_held_out(tmp_path: Path) -> None:
    found = kept(tmp_path, row("what is it", 0, writer="nlu_basics", intent="what_is_baclofen"))
    assert found.folds == {}


def test_a_changed_text_is_not_known(tmp_path: Path) -> None:
    found = kept(tmp_path, row("he is blue", 0))
    assert (0, key("he is blue!")) not in found.frozen
    assert not found.is_learned("he is blue!", 1)


def test_a_text_is_known_by_what_is_read_of_it_and_not_by_what_lies_beyond() -> None:
    read = "a" * held_out.READ
    assert key(read) == key(read + "b") != key(read[:-1] + "b")


def test_half_a_character_has_a_key() -> None:
    assert key("\ud83d") != key("")


def test_no_file_is_no_error(tmp_path: Path) -> None:
    assert held_out.load(tmp_path / "nowhere.npz") is None


@pytest.mark.skipif(not held_out.PATH.is_file(), reason="the scores have not been made")
def test_the_committed_file_is_small_and_holds_no_message() -> None:
    assert held_out.PATH.stat().st_size <= 1_000_000
    with np.load(held_out.PATH, allow_pickle=False) as arrays:
        words = {name for name, array in arrays.items() if array.dtype.kind == "U"}
        assert words == {"writers"}
        assert set(map(int, arrays["writer_folds"])) >= set(EVERY_FOLD)
