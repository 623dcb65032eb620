"""No curated answer names a harmful amount, a phone number, or a way to make anyone vomit."""

from __future__ import annotations

import re

import pytest

from baclofen import dataset, facts
from baclofen.fact_checks import AMOUNT, DOSE_FACTS, MAKE_VOMIT, PHONE, YEAR
from baclofen.facts import Fact
from tests.facts.conftest import Spoil
from tests.facts.words import everything, texts

FACTS = facts.load()


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_an_answer_names_no_amount_unless_it_is_a_label_fact(fact: Fact) -> None:
    amounts = [match.group() for text in texts(fact) for match in AMOUNT.finditer(text)]
    assert not amounts or fact.id in DOSE_FACTS


def test_label_facts_say_that_the_doctor_decides() -> None:
    for name in ("starting_dose", "maximum_dose", "france_alcohol", "tablet_strengths"):
        assert "your doctor decides" in everything(FACTS[name])
    for name in ("starting_dose", "maximum_dose", "france_alcohol"):
        assert "label" in FACTS[name].short


@pytest.mark.parametrize(
    "text",
    [
        "Take 10 mg.",
        "Take 10mg",
        "five tablets are fine",
        "60-600 mg",
        "1.5 g",
        "two teaspoons",
        "2,5 ml",
        "20 milligrams",
    ],
)
def test_an_amount_is_seen_however_it_is_written(spoil: Spoil, text: str) -> None:
    found = spoil("misuse", "Please do not take extra.", text)
    assert any("amount_for_high: names an amount" in problem for problem in found)


@pytest.mark.parametrize(
    "text", ["a few tablets", "in the 1960s", "two doses together", "three times a day", "below 60 beats"]
)
def test_other_numbers_are_no_amounts(text: str) -> None:
    assert not AMOUNT.search(text)


@pytest.mark.parametrize("fact", [fact for fact in FACTS.values() if fact.refuses], ids=lambda fact: fact.id)
def test_a_refusal_names_no_number_gives_a_reason_and_the_right_place(fact: Fact) -> None:
    words = everything(fact)
    assert not re.search(r"\d", words)
    assert re.search(r"doctor|pharmacist|poison centre|crisis line", words), "where to turn"
    assert re.search(r"danger|breathing|choke|fits|normal dose into too much|differs", words), "why"


def test_the_refusals_are_those_that_could_do_harm() -> None:
    assert {fact.id for fact in FACTS.values() if fact.refuses} == {
        "amount_for_high", "lethal_dose", "how_much_is_overdose", "make_them_vomit", "stopping_suddenly",
        "share_tablets", "hide_from_test", "how_to_come_off",
    }  # fmt: skip


def test_a_refusal_with_a_number_is_a_problem(spoil: Spoil) -> None:
    found = spoil("misuse", "it\n      differs from person", "at 70 kilos it\n      differs from person")
    assert any("lethal_dose: a refusal names no number" in problem for problem in found)


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_no_answer_holds_a_phone_number(fact: Fact) -> None:
    for text in texts(fact):
        assert not PHONE.search(AMOUNT.sub("", YEAR.sub("", text)))


@pytest.mark.parametrize(
    "number", ["911", "999", "112", "988", "1-800-222-1222", "0800 123 456", "13 11 26", "+49 30 19240"]
)
def test_a_phone_number_in_an_answer_is_a_problem(spoil: Spoil, number: str) -> None:
    found = spoil("people", "Call a vet or", f"Call {number} or a vet or")
    assert any("pets: holds a number like a phone number" in problem for problem in found)


def test_no_answer_advises_making_anyone_vomit() -> None:
    assert [text for fact in FACTS.values() for text in texts(fact) if "ake them throw up" in text] != []
    assert not any("vomit" in str(problem) for problem in dataset.check())


@pytest.mark.parametrize(
    "advice",
    ["Make them throw up.", "Try to make him vomit.", "Get her to be sick.", "Give mustard in water.",
     "Salt water helps.", "Induce vomiting at once.", "Put a finger down the throat."],
)  # fmt: skip
def test_advice_to_make_someone_vomit_is_a_problem(spoil: Spoil, advice: str) -> None:
    found = spoil("overdose", "Never try to make them throw up more.", advice)
    assert any("sign_vomiting: seems to advise making someone vomit" in problem for problem in found)


@pytest.mark.parametrize(
    "text", ["Vomiting can be a sign.", "Wipe vomit from the mouth.", "You may feel sick."]
)
def test_naming_vomit_as_a_sign_is_no_such_advice(text: str) -> None:
    assert not MAKE_VOMIT.search(text)


def test_levels_follow_the_question() -> None:
    for name in ("overdose_signs", "sign_seizure", "stopping_suddenly", "pump_stops", "mixing_depressants"):
        assert FACTS[name].level == "awareness"
    assert FACTS["lethal_dose"].level == "crisis"
    for name in ("what_is_baclofen", "storage", "uses", "pets", "drug_test"):
        assert FACTS[name].level == "none"


def test_every_sign_says_what_to_do() -> None:
    signs = [fact for name, fact in FACTS.items() if name.startswith("sign_")]
    assert len(signs) == 9
    assert all("emergency number" in fact.short and fact.short.startswith("Yes") for fact in signs)
