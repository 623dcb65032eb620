"""Other medicines by name: found in any spelling, never guessed at, led to what is known of their group."""

from __future__ import annotations

from pathlib import Path

import pytest

from baclofen import dataset, facts, medicines, mixtures
from baclofen.paths import DATA

NAMES = medicines.load()


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("can I take OxyContin with baclofen", "opioids_with_baclofen"),
        ("baclofen and co-codamol ok?", "opioids_with_baclofen"),
        ("is a glass of prosecco alright on these", "alcohol_with_baclofen"),
        ("can i have my zopiclone too", "sedatives_with_baclofen"),
        ("pregabalin plus baclofen", "gabapentin_with_baclofen"),
        ("gabapentn together with it", "gabapentin_with_baclofen"),
        ("mixing weed and bac", "cannabis_with_baclofen"),
        ("sertraline alongside?", "antidepressants_with_baclofen"),
        ("is amlodipine fine with it", "blood_pressure_medicines_with_baclofen"),
        ("can I take Tylenol", "painkillers_with_baclofen"),
        ("ibuprofin with lioresal", "painkillers_with_baclofen"),
        ("sinemet and baclofen", "parkinsons_medicines_with_baclofen"),
        ("cetirizine with it?", "allergy_medicines_with_baclofen"),
        ("magnesium with baclofen", "supplements_with_baclofen"),
    ],
)
def test_a_named_medicine_leads_to_what_its_group_does(text: str, fact: str) -> None:
    assert mixtures.asked(text, "other_medicines", 0.4).fact == fact


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("is_it_an_opioid", "is it an opioid like morphine and codeine"),
        ("versus_gabapentin", "which is better, gabapentin or this, and why"),
        ("storage", "do I keep it in the fridge with my insulin"),
        ("hide_from_test", "will it hide codeine on a test"),
        ("mixing_depressants", "mixing it with vodka and temazepam"),
    ],
)
def test_a_plain_other_question_is_not_turned_into_one_of_mixing(intent: str, text: str) -> None:
    assert mixtures.asked(text, intent, 0.8) == mixtures.Mixing()


@pytest.mark.parametrize(
    "text",
    ["what is baclofen", "how do I stop taking baclofen", "lioresal 10", "hello", "", "my friend and I"],
)
def test_baclofen_and_common_words_are_no_other_medicine(text: str) -> None:
    assert NAMES.mentioned(text) == ()


def test_the_gravest_group_goes_first() -> None:
    found = NAMES.mentioned("paracetamol, sertraline and fentanyl")
    assert [entry.fact for entry in found][0] == "opioids_with_baclofen"
    assert len(found) == 3


@pytest.mark.parametrize("text", ["can I take qwertozil with baclofen", "baclofen and zorbatrix?"])
def test_a_name_that_is_not_listed_is_said_to_be_unknown(text: str) -> None:
    assert mixtures.asked(text, "allergy_medicines_with_baclofen", 0.5) == mixtures.Mixing(
        "other_medicines", {}
    )


@pytest.mark.parametrize(
    "text", ["can I take breakfast with baclofen", "can I take paracetamol with baclofen", "hi"]
)
def test_a_common_word_or_a_listed_name_is_not_unknown(text: str) -> None:
    assert not NAMES.unknown(text)


def test_every_group_leads_to_a_fact() -> None:
    assert NAMES.facts <= facts.load().keys()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("fact: opioids_with_baclofen", "fact: opioid_with_baclofen", "no fact 'opioid_with_baclofen'"),
        ("title: ", "titel: ", "titel"),
        ("names: [", "names: [paracetamol, ", "'paracetamol' stands in"),
    ],
)
def test_a_spoilt_list_is_told_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    import shutil

    shutil.copytree(DATA / "facts", tmp_path / "facts")
    for name in ("sources.yml",):
        shutil.copy(DATA / name, tmp_path)
    text = (DATA / "medicines.yml").read_text("utf-8")
    assert old in text
    (tmp_path / "medicines.yml").write_text(text.replace(old, new, 1), "utf-8")
    found = [p for p in dataset.check(tmp_path) if p.file.endswith("medicines.yml")]
    assert any(says in p.message and p.line for p in found), found


def test_the_list_as_it_is_has_no_problem() -> None:
    assert [p for p in dataset.check() if "medicines" in p.file] == []
