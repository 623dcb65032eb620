"""Folds: whole writers, of like size, and what nearly repeats them set apart."""

from __future__ import annotations

from evaluation.folds import FOLDS, Row, assign, near_duplicates, parts

LONG = " ".join(
    f"On {day} we bought bread, milk and eggs. Then we came home and put the kettle on for {day}."
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday")
)


def row(text: str, intent: str | None = None) -> Row:
    return Row(text, "emergency", "ann", (), intent, 3, ())


def test_writers_are_dealt_out_evenly() -> None:
    assert assign({"ann": 9, "bob": 5, "cid": 4, "dan": 1}, {}, 2) == {"ann": 0, "bob": 1, "cid": 1, "dan": 0}


def test_a_writer_who_had_a_fold_keeps_it_and_a_new_one_takes_the_emptiest() -> None:
    assert assign({"ann": 9, "bob": 5, "new": 7}, {"ann": 1, "bob": 1}, 2) == {"ann": 1, "bob": 1, "new": 0}


def test_what_two_writers_say_alike_is_near_and_what_one_says_twice_is_not() -> None:
    text = "my husband will not wake up after his tablets"
    assert near_duplicates([text, text + "!", "good morning"], ["ann", "bob", "cid"], [0, 1, 2]) == [
        (1,),
        (0,),
        (),
    ]
    assert near_duplicates([text, text + "!"], ["ann", "ann"], [0, 0]) == [(), ()]


def test_windows_of_a_long_message_are_parts_and_a_short_one_has_none() -> None:
    assert len(parts([row(LONG)])) > 1
    assert parts([row("good morning to you")]) == []


def test_the_sentence_of_a_sign_is_a_part_and_other_sentences_are_not() -> None:
    found = [part.text for part in parts([row("It is Tuesday. He is not breathing.")])]
    assert found == ["He is not breathing."]


def test_parts_are_never_learned_and_a_message_is() -> None:
    message = row("It is Tuesday. He is not breathing.")
    (part,) = parts([message])
    assert (part.level, part.fold) == (None, 3)
    assert not any(part.is_learned(fold) for fold in range(FOLDS))
    assert message.is_learned(0)


def test_questions_have_no_parts() -> None:
    assert parts([row("It is Tuesday. He is not breathing.", intent="report_signs")]) == []
