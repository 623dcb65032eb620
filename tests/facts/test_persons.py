"""People for whom an answer is another one."""

from __future__ import annotations

import pytest

from baclofen import facts, persons


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("what is the starting dose for my 6 year old", "children"),
        ("max dose for an elderly lady?", "older_people"),
        ("usual dose when pregnant", "pregnancy"),
        ("how is it raised on dialysis", "kidney_disease"),
        ("dose with CKD stage 4", "kidney_disease"),
    ],
)
def test_whoever_is_named_beside_a_question_on_the_dose_gets_their_own_answer(text: str, fact: str) -> None:
    assert persons.beside("starting_dose", text) == (fact,)


@pytest.mark.parametrize("text", ["what is the starting dose", "dose for adults", "is it grandiose", ""])
def test_nobody_named_adds_nothing(text: str) -> None:
    assert persons.beside("starting_dose", text) == ()


def test_a_question_to_which_the_person_does_not_matter_stays_alone() -> None:
    assert persons.beside("storage", "how do I store my son's bottle") == ()


def test_every_person_leads_to_a_fact() -> None:
    everyone, beside = persons.load()
    assert {person.fact for person in everyone} | beside <= facts.load().keys()
