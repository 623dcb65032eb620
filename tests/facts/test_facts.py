"""Every curated answer is short, plain, sourced, dated and safe."""

from __future__ import annotations

import dataclasses
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from baclofen import dataset, facts
from baclofen.fact_checks import CLAIMS
from baclofen.facts import Fact
from tests.facts.conftest import Spoil
from tests.facts.readability import grade
from tests.facts.words import everything, texts

FACTS = facts.load()
TODAY = date(2026, 11, 24)


# --- complete --------------------------------------------------------------------------------------


def test_every_claim_of_the_source_article_is_answered() -> None:
    covered = {claim for fact in FACTS.values() for claim in fact.covers}
    assert [claim for claim in CLAIMS if claim not in covered] == []
    assert len(CLAIMS) == 45


def test_a_claim_that_nobody_answers_is_a_problem(spoil: Spoil) -> None:
    found = spoil("basics", "covers: [S6]", "covers: [L1]")
    assert any("no fact covers S6 of the source article" in problem for problem in found)


@pytest.mark.parametrize("claim", ["S8", "S16", "S24", "S26", "S30", "S45"])
def test_what_primary_sources_contradict_is_corrected(claim: str) -> None:
    assert any(claim == corrected for fact in FACTS.values() for corrected, _ in fact.corrects)


def test_a_claim_that_primary_sources_support_is_not_corrected() -> None:
    assert not any(claim in ("S6", "S33", "S38") for fact in FACTS.values() for claim, _ in fact.corrects)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("what_is_baclofen", ["spasticity", "multiple sclerosis", "prescription"]),
        ("brand_names", ["lioresal", "ozobax", "fleqsuvy", "lyvispah", "gablofen"]),
        ("how_it_works", ["gaba", "receptors"]),
        ("side_effects", ["sleepy", "tired", "dizzy", "weak", "headache", "nausea",
                          "constipation", "trouble sleeping"]),
        ("overdose_signs", ["weak", "vomiting", "seizures", "breathing", "passing out", "cold", "slow heart",
                            "blood pressure", "reflexes"]),
        ("sign_slow_heart", ["bradycardia", "slow pulse", "60"]),
        ("sign_cold", ["hypothermia"]),
        ("pump_stops", ["itching", "tingling", "spasms", "fever", "confusion", "low blood pressure"]),
        ("pump_refill", ["withdrawal", "fever", "organ failure", "death"]),
        ("alcohol_how_it_might_help", ["gaba", "craving", "theory"]),
        ("operator_details", ["how much", "when", "pump", "kidney"]),
        ("storage", ["room temperature", "fridge", "children"]),
        ("recovery_position", ["side", "knee", "chest compressions"]),
        ("naloxone", ["opioids", "emergency number"]),
        ("hospital_care", ["breathe", "heart", "dialysis"]),
        ("cerebral_palsy", ["uk", "us tablet labels"]),
    ],
)  # fmt: skip
def test_an_answer_holds_what_was_asked_for(fact: str, words: list[str]) -> None:
    assert [word for word in words if word not in everything(FACTS[fact])] == []


# --- plain -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_an_answer_is_short_and_plain(fact: Fact) -> None:
    assert len(fact.question) <= 60
    assert fact.question.endswith("?")
    for short in (fact.short, *(words.short for words in fact.countries.values() if words.short)):
        assert len(short) <= 320
    for text in texts(fact):
        assert grade(text) <= 8, (grade(text), text)
        assert not re.search(r"\b[SL]\d+\b", text), "numbers of claims are not for users"
        assert not [
            source.id for source in fact.sources if re.search(r"[-\d]", source.id) and source.id in text
        ]


def test_the_answers_together_read_like_a_schoolbook_for_eleven_year_olds() -> None:
    grades = [grade(text) for fact in FACTS.values() for text in texts(fact)]
    assert sum(grades) / len(grades) <= 6


def test_the_reading_grade_tells_a_hard_sentence_from_an_easy_one() -> None:
    assert grade("Call for help now. Stay with them.") < 2
    assert (
        grade("Concomitant administration of depressants necessitates immediate professional evaluation.")
        > 12
    )


def test_a_yes_or_no_question_is_answered_first(spoil: Spoil) -> None:
    found = spoil("overdose", "Yes. Too much baclofen can put someone", "Too much baclofen can put someone")
    assert any("can_you_overdose: a yes-or-no question; start" in problem for problem in found)


def test_an_open_question_may_start_as_it_likes(spoil: Spoil) -> None:
    assert spoil("basics", "Baclofen is a medicine that relaxes", "This is a medicine that relaxes") == []


def test_a_short_answer_that_is_too_long_is_refused_with_its_length(spoil: Spoil) -> None:
    found = spoil(
        "basics",
        "Yes. Baclofen is a skeletal",
        "Yes. " + "Very long. " * 30 + "Baclofen is a skeletal",
    )
    assert any(
        re.search(r"basics\.yml:\d+: 'short' has \d+ characters; shorten it to 320", text) for text in found
    )


# --- sourced and dated -----------------------------------------------------------------------------


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_an_answer_has_a_source_and_says_honestly_who_reviewed_it(fact: Fact) -> None:
    assert fact.sources
    assert fact.review_status == "researched, not reviewed by a clinician"
    assert date.fromisoformat(fact.reviewed_on) < date.fromisoformat(fact.review_by)


def test_a_source_that_does_not_exist_is_refused_with_file_and_line(folder: Path, spoil: Spoil) -> None:
    found = spoil("basics", "{id: MLP}", "{id: MLQ}")
    assert any(re.search(r"basics\.yml:\d+: .*unknown source MLQ", text) for text in found)
    with pytest.raises(dataset.DataError, match=r"basics\.yml:\d+: unknown source 'MLQ'"):
        facts.load(folder)


def test_an_answer_from_general_knowledge_alone_must_say_so(spoil: Spoil) -> None:
    honest = "    level: none\n    checked: false\n    short: >-\n      No effect"
    found = spoil("other_medicines", honest, honest.replace("    checked: false\n", ""))
    assert any(
        "birth_control: rests on general knowledge alone; say checked: false" in text for text in found
    )


def test_an_id_that_stands_twice_is_refused(folder: Path, spoil: Spoil) -> None:
    found = spoil("basics", "id: cream", "id: forms")
    assert any("'forms' stands twice" in text for text in found)
    with pytest.raises(dataset.DataError, match="'forms' stands twice"):
        facts.load(folder)


def test_ids_and_questions_are_unique() -> None:
    questions = [fact.question for fact in FACTS.values()]
    assert len(set(questions)) == len(questions) == len(FACTS)


def test_a_topic_with_another_name_than_its_file_is_refused(spoil: Spoil) -> None:
    assert any(
        "must be the name of the file, 'uses'" in text for text in spoil("uses", "topic: uses", "topic: use")
    )


def test_an_unknown_key_is_refused_with_file_and_line(folder: Path, spoil: Spoil) -> None:
    spoil("basics", "question: What is baclofen?", "qestion: What is baclofen?")
    with pytest.raises(
        dataset.DataError, match=r"basics\.yml:5: unknown key 'qestion'; did you mean 'question'\?"
    ):
        facts.load(folder)


def test_every_source_links_to_one_web_address_or_to_none() -> None:
    for source in facts.load_sources().values():
        assert source.url is None or re.fullmatch(r"https?://[^\s;]+", source.url)
        assert "xenical" not in (source.url or "")
    assert facts.load_sources()["PIL-UKSOL"].url is None
    assert facts.load_sources()["OWN"].checked is False


# --- said ------------------------------------------------------------------------------------------


def test_the_short_answer_comes_first_then_the_full_one() -> None:
    fact = FACTS["antidote"]
    assert facts.answer(fact, "US", TODAY) == f"{fact.short}\n\n{fact.full}"


def test_an_answer_without_more_is_the_short_one_alone() -> None:
    fact = dataclasses.replace(FACTS["antidote"], full=None)
    assert facts.answer(fact, None, TODAY) == fact.short


def test_a_country_with_other_guidance_gets_its_own_words() -> None:
    strengths = FACTS["tablet_strengths"]
    assert "25 mg" in facts.answer(strengths, "AU", TODAY)
    assert facts.answer(strengths, "gb", TODAY).startswith("In the UK")
    assert facts.answer(FACTS["cerebral_palsy"], "US", TODAY).startswith("No")
    assert facts.answer(FACTS["cerebral_palsy"], "GB", TODAY).startswith("Yes")
    assert facts.answer(FACTS["alcohol_approval"], "FR", TODAY).startswith("Yes")


@pytest.mark.parametrize("code", ["DE", "ZZ", "", None])
def test_a_country_without_gets_the_general_words(code: str | None) -> None:
    assert facts.answer(FACTS["tablet_strengths"], code, TODAY).startswith(FACTS["tablet_strengths"].short)


def test_an_answer_past_its_review_date_says_so_first() -> None:
    said = facts.answer(FACTS["storage"], "US", date(2027, 11, 23))
    assert said.startswith("Please note: this answer was due for a check by 22 November 2027")
    assert FACTS["storage"].short in said


def test_an_answer_on_its_last_day_does_not() -> None:
    assert facts.answer(FACTS["storage"], "US", date(2027, 11, 22)).startswith(FACTS["storage"].short)


def test_the_machine_readable_part_names_sources_and_review() -> None:
    part = FACTS["antidote"].to_dict()
    assert part["id"] == "antidote"
    assert part["reviewed_on"] == "2026-11-22"
    assert part["review_status"] == "researched, not reviewed by a clinician"
    assert part["checked"] is True
    assert part["page"] == "/facts/overdose.html#antidote"
    assert all(set(source) == {"title", "url", "date", "checked"} for source in part["sources"])


def test_loading_twice_reads_once() -> None:
    assert facts.load() is facts.load()


def test_a_folder_without_facts_says_so(folder: Path) -> None:
    shutil.rmtree(folder / "facts")
    with pytest.raises(dataset.DataError, match=r"holds no fact files"):
        facts.load(folder)
