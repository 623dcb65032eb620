"""In every language message 1 is one plain text message that says to call, and names the right number."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

from assistant import wire
from assistant.conversation import Conversation, Heard, hear
from baclofen import countries, facts, replies, wording
from baclofen.countries import Country, Place
from baclofen.gsm7 import fits_one_message
from baclofen.paths import DATA
from baclofen.signs import Level
from baclofen.triage import Triage

LANGUAGES = sorted(path.stem for path in (DATA / "wording").glob("*.yml"))
OTHERS = [language for language in LANGUAGES if language != "en"]
ALL = sorted(countries.load().values(), key=lambda country: country.code)

SPOKEN = {
    "de": ("er atmet nicht", "ich will nicht mehr leben", "Rufen Sie"),
    "es": ("no respira", "ya no quiero vivir", "Llame"),
    "fr": ("il ne respire plus", "je veux mourir", "Appelez"),
    "it": ("non respira", "non voglio più vivere", "Chiami"),
    "pt": ("ela não respira", "não quero mais viver", "Ligue"),
}
"""An emergency, a crisis, and what message 1 begins with."""

NUMBERS = [
    ("es", "ES", ("112",)),
    ("es", "MX", ("911",)),
    ("fr", "FR", ("15", "112")),
    ("fr", "BE", ("112",)),
    ("fr", "CA", ("911",)),
    ("fr", "CH", ("144", "112")),
    ("de", "DE", ("112",)),
    ("de", "AT", ("144", "112")),
    ("de", "CH", ("144", "112")),
    ("it", "IT", ("112",)),
    ("it", "CH", ("144", "112")),
    ("pt", "BR", ("192",)),
    ("pt", "PT", ("112",)),
]


def stands_alone(number: str, text: str) -> bool:
    return re.search(rf"(?<!\d){re.escape(number)}(?!\d)", text) is not None


def said(heard: Heard) -> list[replies.Message]:
    return [wire.reply(action, heard) for action in wire.spoken_actions(heard.level)]


def heard(text: str, country: str | None = None) -> Heard:
    return hear(text, Conversation(), {"country": country} if country else {})


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("level", ["emergency", "crisis"])
@pytest.mark.parametrize("is_default", [True, False], ids=["default", "known"])
def test_every_first_message_is_one_plain_text_message_with_the_number(
    language: str, level: Level, is_default: bool
) -> None:
    about = ["", *wording.load(language)["first_words"]["emergency"]]
    for country, subject, first_time in product(ALL, about, (True, False)):
        triage = Triage(level, about=frozenset(filter(None, [subject])))
        text = replies.first_words(triage, Place(country, is_default), language, first_time)
        assert fits_one_message(text), text
        assert stands_alone(country.emergency[0].number, text), text


@pytest.mark.parametrize(("language", "country", "numbers"), NUMBERS)
def test_an_emergency_is_answered_in_its_language_with_the_number_of_the_place(
    language: str, country: str, numbers: tuple[str, ...]
) -> None:
    emergency, _, begins = SPOKEN[language]
    first = said(heard(emergency, country))[0]
    assert first.text is not None
    assert first.text.startswith(begins)
    assert all(stands_alone(number, first.text) for number in numbers)
    assert first.custom is not None
    assert (first.custom["triage"]["level"], first.custom["triage"]["language"]) == ("emergency", language)


@pytest.mark.parametrize("language", OTHERS)
def test_a_bare_language_is_no_country(language: str) -> None:
    text = said(heard(SPOKEN[language][0]))[0].text or ""
    assert stands_alone("911", text)
    assert stands_alone("112", text)


@pytest.mark.parametrize(("language", "country", "numbers"), [row for row in NUMBERS if row[2] == ("112",)])
def test_where_the_country_is_known_no_other_is_named(
    language: str, country: str, numbers: tuple[str, ...]
) -> None:
    del numbers
    assert not stands_alone("911", said(heard(SPOKEN[language][0], country))[0].text or "")


@pytest.mark.parametrize("language", OTHERS)
def test_a_crisis_is_answered_in_its_language(language: str) -> None:
    both = said(heard(SPOKEN[language][1], "ES"))
    assert both[0].text == replies.first_words(
        Triage("crisis"), Place(countries.load()["ES"], False), language
    )
    assert stands_alone("024", both[0].text or "")
    assert all(english not in (message.text or "") for message in both for english in (" the ", "you "))


@pytest.mark.parametrize("language", OTHERS)
def test_the_second_message_is_in_the_same_language(language: str) -> None:
    first, second = said(heard(SPOKEN[language][0], "US"))
    care = wording.load(language)["care"]
    assert first.text != second.text
    assert care["heading"] in (second.text or "")


@pytest.mark.parametrize("language", OTHERS)
def test_the_calls_are_named_in_the_language(language: str) -> None:
    country: Country = countries.load()["GB"]
    triage = Triage("emergency", about=frozenset(["self_harm"]))
    custom: Any = replies.escalation(triage, Place(country, False), language)[0].custom
    labels = {call["label"] for call in custom["triage"]["call"]}
    assert "Emergency services" not in labels
    assert wording.load(language)["country_words"]["Emergency services"] in labels


@pytest.mark.parametrize("language", OTHERS)
def test_an_answer_that_is_english_only_says_so(language: str) -> None:
    text = replies.fact(facts.load()["what_is_baclofen"], None, language).text or ""
    assert text.startswith(wording.load(language)["english_only"])
    assert (replies.fact(facts.load()["what_is_baclofen"], None).text or "").split("\n")[0] in text


def test_in_english_nothing_says_so() -> None:
    assert "english_only" not in wording.load("en")
    text = replies.fact(facts.load()["what_is_baclofen"], None).text or ""
    assert not any(wording.load(language)["english_only"] in text for language in OTHERS)


def test_an_unknown_language_is_answered_in_english() -> None:
    triage, place = Triage("emergency"), Place(countries.load()["US"], False)
    assert replies.first_words(triage, place, "fi") == replies.first_words(triage, place)


@pytest.mark.parametrize("language", OTHERS)
def test_the_words_say_all_that_the_english_ones_say(language: str) -> None:
    english, other = wording.load("en"), wording.load(language)
    assert set(other) - {"english_only", "country_words"} == set(english)
    for part in ("first_words", "care", "crisis_care", "urgent", "awareness", "small_talk", "fallback"):
        assert shape(other[part]) == shape(english[part]), part


def shape(value: Any) -> Any:
    """Return the keys of what is said, and what is filled in where."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items() if key not in ("say", "sources")}
    if isinstance(value, list):
        return [shape(part) for part in value if isinstance(part, dict)]
    return type(value)
