"""The care, the advice and the small talk say what they must, and nothing that they must not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from baclofen import countries, facts, replies, wording
from baclofen.countries import Country, Place
from baclofen.signs import Level, Sign
from baclofen.triage import Episode, Triage

ALL = sorted(countries.load().values(), key=lambda country: country.code)
US = Place(countries.load()["US"], False)
GB = Place(countries.load()["GB"], False)
NOWHERE = Place(None, True)
PLACES = [*(Place(country, False) for country in ALL), Place(countries.load()["US"], True), NOWHERE]


def verdict(level: Level, *about: str, **rest: Any) -> Triage:
    return Triage(level, about=frozenset(about), **rest)


def every_reply(triage: Triage, place: Place) -> list[replies.Message]:
    if triage.level in ("emergency", "crisis"):
        return list(replies.escalation(triage, place))
    return [replies.advice(triage, place)]


@pytest.mark.parametrize("level", ["emergency", "crisis", "urgent", "awareness"])
def test_the_machine_readable_part_comes_exactly_once(level: Level) -> None:
    sign = Sign("cannot_be_woken", "wont wake up", "rules", "emergency")
    said = every_reply(verdict(level, signs=(sign,)), GB)
    parts = [message.custom["triage"] for message in said if message.custom]
    assert len(parts) == 1
    assert said[0].custom is not None
    part = parts[0]
    assert (part["level"], part["country"], part["language"]) == (level, "GB", "en")
    assert part["signs"] == [{"key": "cannot_be_woken", "words": "wont wake up", "reader": "rules"}]
    assert {"kind": "emergency", "label": "Emergency services", "number": "999", "uri": "tel:999"} in part[
        "call"
    ]
    assert "clarify" not in part


def test_a_clarifying_question_carries_the_number_and_says_that_it_is_one() -> None:
    said = replies.advice(verdict("awareness", clarify=True), US)
    assert said.custom is not None
    assert said.custom["triage"]["clarify"] is True
    assert said.text is not None
    assert said.text.startswith("Is someone unwell right now?")
    assert "911" in said.text


def kinds(triage: Triage, place: Place) -> list[str]:
    custom = every_reply(triage, place)[0].custom
    assert custom is not None
    return list(dict.fromkeys(call["kind"] for call in custom["triage"]["call"]))


@pytest.mark.parametrize(
    ("triage", "wanted"),
    [
        (verdict("emergency"), ["emergency", "poison"]),
        (verdict("emergency", "self_harm"), ["emergency", "crisis", "poison"]),
        (verdict("crisis"), ["crisis", "emergency"]),
        (verdict("urgent"), ["poison", "emergency"]),
        (verdict("urgent", "animal"), ["animal", "emergency"]),
        (verdict("awareness"), ["poison", "emergency"]),
    ],
)
def test_the_calls_come_in_the_order_of_need(triage: Triage, wanted: list[str]) -> None:
    assert kinds(triage, US) == wanted


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ("breathing", "push hard and fast on the chest"),
        ("seizure", "Put nothing in the mouth"),
        ("unconscious", "roll them on one side"),
        ("vomiting", "Wipe away any vomit"),
        ("cold", "coat or blanket"),
        ("pump", "pump card"),
        ("child", "child's age and weight"),
        ("opioid", "naloxone"),
        ("withdrawal", "last dose"),
        ("kidney", "kidneys"),
        ("self_harm", "988"),
        ("animal", "Pet Poison Helpline"),
    ],
)
def test_the_care_fits_the_signs(about: str, says: str) -> None:
    fitted = replies.escalation(verdict("emergency", about), US)[1].text or ""
    general = replies.escalation(verdict("emergency"), US)[1].text or ""
    assert says in fitted
    assert says not in general


@pytest.mark.parametrize("place", PLACES)
def test_the_care_is_short_and_forbids_vomiting_and_drink(place: Place) -> None:
    for about in (
        (),
        ("breathing", "unconscious", "seizure", "vomiting"),
        ("self_harm", "child", "animal", "pump"),
    ):
        text = replies.escalation(verdict("emergency", *about), place)[1].text or ""
        assert len(text.splitlines()) <= 10
        assert "Do not make them throw up" in text
        assert "Give no food or drink" in text
        assert "Tell the operator" in text


def test_a_crisis_care_is_warm_and_asks_about_safety() -> None:
    text = replies.escalation(verdict("crisis"), US)[1].text or ""
    assert text.startswith("I am glad you wrote.")
    assert "988" in text
    assert "911" in text
    assert text.endswith("Was anything taken? Yes or no is enough.")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("level", ["urgent", "awareness"])
@pytest.mark.parametrize(
    "about", ["", "animal", "pump", "withdrawal", "kidney", "child", "opioid", "self_harm"]
)
def test_every_advice_names_the_emergency_number(place: Place, level: Level, about: str) -> None:
    text = replies.advice(verdict(level, *filter(None, [about])), place).text or ""
    number = place.country.emergency[0].number if place.country else "112"
    assert re.search(rf"(?<!\d){number}(?!\d)", text)
    assert "{" not in text
    assert "None" not in text


def test_urgent_advice_leads_with_poison_advice_and_says_when_it_is_an_emergency() -> None:
    text = replies.advice(verdict("urgent"), US).text or ""
    assert text.index("1-800-222-1222") < text.index("911")
    assert "hard to wake" in text


def test_an_animal_gets_the_vet_first_and_the_human_number_only_for_a_person() -> None:
    text = replies.advice(verdict("urgent", "animal"), US).text or ""
    assert text.startswith("Call a vet")
    assert "1-800-222-1222" not in text
    assert "If a person took some too, call 911." in text


def test_a_country_without_a_poison_line_says_where_else_to_ask() -> None:
    text = replies.advice(verdict("urgent"), Place(countries.load()["SG"], False)).text or ""
    assert "nearest emergency department" in text


@pytest.mark.parametrize("country", ALL, ids=lambda country: country.code)
def test_a_number_that_nobody_checked_is_marked_in_the_text(country: Country) -> None:
    place = Place(country, False)
    unchecked = {
        line.number for kind in countries.KINDS for line in getattr(country, kind) if not line.checked
    }
    for level in ("emergency", "crisis", "urgent"):
        for about in ("", "self_harm", "animal"):
            for message in every_reply(verdict(level, *filter(None, [about])), place):
                for number in unchecked:
                    spots = re.finditer(
                        rf"(?<!\d){re.escape(number)}(?!\d)[^(]*(?:\([^)]*\))? ?(\([^)]*\))?",
                        message.text or "",
                    )
                    assert all("please check" in spot.group() for spot in spots)


def test_feeling_better_in_an_emergency_still_gets_the_number() -> None:
    held = Episode(level="emergency")
    text = replies.advice(verdict("urgent", episode=held), US).text or ""
    assert text.startswith("Call 911 if no one has called yet.")
    assert not (replies.advice(verdict("urgent"), US).text or "").startswith("Call 911 if no one")


def test_when_professionals_are_there_the_words_are_calm() -> None:
    text = replies.advice(verdict("awareness", "handover", "unconscious"), US).text or ""
    assert text.startswith("Do what the crew or doctors say.")
    assert "If no one is there yet, or it gets worse, call 911." in text
    assert (replies.advice(verdict("awareness", "unconscious"), US).text or "").startswith(
        "If this is happening now"
    )


def test_a_report_that_was_taken_back_still_gets_what_to_watch_for() -> None:
    text = replies.advice(verdict("urgent", "corrected", "unconscious"), US).text or ""
    assert "Feeling better does not mean that it is over." in text


@pytest.mark.parametrize(
    "key",
    ["greet", "thanks", "goodbye", "are_you_a_bot", "who_made_you", "help", "out_of_scope", "no such key"],
)
@pytest.mark.parametrize("place", [US, GB, NOWHERE, Place(countries.load()["US"], True)])
def test_small_talk_and_the_fallback_hold_no_number(key: str, place: Place) -> None:
    for message in (
        replies.small_talk(key, place),
        replies.nearest([]),
        replies.nearest(["What is baclofen?"]),
    ):
        words = " ".join([message.text or "", *(button.title + button.payload for button in message.buttons)])
        assert words.strip()
        assert not re.search(r"\d", words)
        assert message.custom is None


def test_the_fallback_offers_questions_and_facts_as_buttons() -> None:
    fact = facts.load()["what_is_baclofen"]
    said = replies.nearest([fact, "Can I drive on baclofen?"])
    assert [button.title for button in said.buttons] == [fact.question, "Can I drive on baclofen?"]


def test_every_suggestion_is_a_question_with_an_answer() -> None:
    known = facts.load()
    for suggestion in wording.load()["suggestions"]:
        assert suggestion["say"] == known[suggestion["fact"]].question


def test_a_fact_comes_with_its_sources_and_its_review() -> None:
    said = replies.fact(facts.load()["what_is_baclofen"], US)
    assert said.custom is not None
    part = said.custom["fact"]
    assert set(part) == {"id", "sources", "reviewed_on", "review_status", "checked", "page"}
    assert part["sources"]
    assert set(part["sources"][0]) == {"title", "url", "date", "checked"}
    assert not re.search(r"(?<!\d)911(?!\d)", said.text or "")


@pytest.mark.parametrize(
    ("code", "numbers"), [("GB", ["999", "112", "111", "116 123"]), ("US", ["911", "988"])]
)
def test_the_question_about_numbers_gets_those_of_the_place(code: str, numbers: list[str]) -> None:
    text = replies.fact(facts.load()["emergency_number"], Place(countries.load()[code], False)).text or ""
    assert all(number in text for number in numbers)


def test_the_users_words_stand_only_in_the_machine_readable_part() -> None:
    sign = Sign("cannot_be_woken", "XYZZY <script>", "rules", "emergency")
    for level in ("emergency", "crisis", "urgent", "awareness"):
        for message in every_reply(verdict(level, signs=(sign,)), US):
            assert "XYZZY" not in (message.text or "")


def test_an_apology_carries_the_number() -> None:
    assert "911" in (replies.unavailable(US).text or "")
    assert "112" in (replies.unavailable(NOWHERE).text or "")


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "pt"])
def test_who_is_told_to_wait_is_told_the_number_in_their_language(language: str) -> None:
    said = replies.busy(US, language).text or ""
    assert "911" in said
    assert (said == replies.busy(US, "en").text) is (language == "en")
    assert said != replies.unavailable(US, language).text


@pytest.mark.parametrize("level", ["emergency", "urgent"])
def test_where_despair_may_be_in_it_the_crisis_line_stands_beside_the_advice(level: Level) -> None:
    def said(*about: str) -> str:
        return "\n".join(message.text for message in every_reply(verdict(level, *about), US))

    assert "988" in said("despair")
    assert "988" not in said()
