"""Message 1 fits one text message in every country, says to call, and names the number."""

from __future__ import annotations

import re
from itertools import product

import pytest

from baclofen import countries, replies, wording
from baclofen.countries import Country, Place
from baclofen.signs import Level
from baclofen.triage import Triage

CALL = re.compile(r"\b(call|ring|dial|phone)\b", re.IGNORECASE)
ABOUT = [
    "", "breathing", "unconscious", "seizure", "self_harm", "child", "opioid", "pump", "withdrawal",
    "vomiting", "kidney", "cold", "heart", "confused", "animal",
]  # fmt: skip
ALL = sorted(countries.load().values(), key=lambda country: country.code)


def verdict(level: Level, *about: str) -> Triage:
    return Triage(level, about=frozenset(filter(None, about)))


def stands_alone(number: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\d){re.escape(number)}(?!\d)", text))


@pytest.mark.parametrize("country", ALL, ids=lambda country: country.code)
@pytest.mark.parametrize("is_default", [True, False], ids=["default", "known"])
def test_every_first_message_is_one_plain_text_message_with_the_number(
    country: Country, is_default: bool
) -> None:
    place = Place(country, is_default)
    for level, about, first_time in product(("emergency", "crisis"), ABOUT, (True, False)):
        text = replies.first_words(verdict(level, about), place, first_time=first_time)  # type: ignore[arg-type]
        assert replies.is_gsm7(text), text
        assert replies.gsm7_length(text) <= 160, text
        assert "\n" not in text
        assert CALL.search(text)
        assert stands_alone(country.emergency[0].number, text), text
        assert text.endswith("Elsewhere: 112 or your local number.") is is_default
        if first_time:
            assert text.startswith("Call "), text


@pytest.mark.parametrize("about", ABOUT)
def test_in_english_no_sentence_is_left_out_where_the_country_is_known(about: str) -> None:
    key = about if about in wording.load()["first_words"]["emergency"] else "default"
    sentences = wording.load()["first_words"]["emergency"][key]
    for country in ALL:
        text = replies.first_words(verdict("emergency", about), Place(country, False))
        assert all(sentence.split("{")[-1].split("}")[-1] in text for sentence in sentences)


@pytest.mark.parametrize(
    ("code", "both"), [("GB", ("999", "112")), ("IE", ("112", "999")), ("FR", ("15", "112"))]
)
def test_112_is_named_beside_the_national_number(code: str, both: tuple[str, str]) -> None:
    text = replies.first_words(verdict("emergency"), Place(countries.load()[code], False))
    assert all(stands_alone(number, text) for number in both)


def test_112_is_not_named_where_it_is_no_number_of_the_country() -> None:
    text = replies.first_words(verdict("emergency"), Place(countries.load()["US"], False))
    assert not stands_alone("112", text)


def test_a_mobile_number_says_so() -> None:
    assert "000 or 112 (mobile)" in replies.first_words(
        verdict("emergency"), Place(countries.load()["AU"], False)
    )


@pytest.mark.parametrize("country", ALL, ids=lambda country: country.code)
def test_a_crisis_leads_with_the_crisis_line_and_asks_if_something_was_taken(country: Country) -> None:
    text = replies.first_words(verdict("crisis"), Place(country, False))
    checked = [line for line in country.crisis if line.checked]
    if checked:
        assert text.index(checked[0].number) < text.rindex(country.emergency[0].number)
    assert text.endswith("Was anything taken?")
    assert "You matter." in text


def test_a_line_that_nobody_checked_does_not_lead_a_crisis() -> None:
    country = countries.load()["PT"]
    assert not country.crisis
    assert replies.first_words(verdict("crisis"), Place(country, False)).startswith("Call 112 now")


@pytest.mark.parametrize("level", ["emergency", "crisis"])
@pytest.mark.parametrize("first_time", [True, False])
def test_without_a_country_several_labelled_numbers_are_named(level: Level, first_time: bool) -> None:
    text = replies.first_words(verdict(level), Place(None, True), first_time=first_time)
    assert all(stands_alone(number, text) for number in ("911", "999", "112", "000", "111"))
    assert "US/Canada" in text
    assert "UK" in text
    assert "Australia" in text
    assert replies.is_gsm7(text)
    assert len(text) <= 160


def test_later_in_the_episode_the_words_still_lead_with_the_number() -> None:
    place = Place(countries.load()["US"], False)
    text = replies.first_words(verdict("emergency"), place, first_time=False)
    assert text.startswith("Call 911 now if no one has called yet.")
    assert "chest" in replies.first_words(verdict("emergency", "breathing"), place, first_time=False)


def test_not_breathing_beats_every_other_matter() -> None:
    text = replies.first_words(
        verdict("emergency", "breathing", "seizure", "pump"), Place(countries.load()["US"], False)
    )
    assert "push hard and fast on the chest" in text
    assert "pump" not in text


def test_an_unknown_language_speaks_english() -> None:
    place = Place(countries.load()["US"], False)
    assert replies.first_words(verdict("emergency"), place, "xx") == replies.first_words(
        verdict("emergency"), place
    )


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Call 911 now.", True), ("Ruf 112 an für Hilfe", True), ("Звони 112", False), ("“x”", False)],
)
def test_the_letters_of_a_text_message_are_known(text: str, plain: bool) -> None:
    assert replies.is_gsm7(text) is plain


def test_brackets_and_the_euro_sign_take_two_places() -> None:
    assert replies.gsm7_length("[€]") == 6
    assert replies.gsm7_length("abc") == 3
