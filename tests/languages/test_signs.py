"""The rules know an emergency in five more languages, and what only sounds like one."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from baclofen import lexicon, rules
from baclofen.dataset import load_yaml
from baclofen.paths import DATA
from baclofen.sign_checks import finds
from baclofen.signs import RANK, Level, highest
from tests.languages.spoken import HARMLESS, IN_CRISIS, IN_DANGER

LANGUAGES = ["de", "es", "fr", "it", "pt"]
SIGNS: dict[str, list[dict[str, Any]]] = {
    language: load_yaml(DATA / "signs" / f"{language}.yml", "signs")["signs"] for language in LANGUAGES
}
ENGLISH = {row["key"]: row for row in load_yaml(DATA / "signs" / "en.yml", "signs")["signs"]}
SAID_BY_AMOUNT = {
    "large_amount",
    "unknown_amount",
    "child_swallowed",
    "deliberate_overdose",
    "extra_or_double_dose",
    "animal_swallowed",
    "with_alcohol",
}
"""Signs that English finds by its words for amounts alone; other languages have phrases for them too."""

DENIED = [
    ("es", "no tiene convulsiones"),
    ("es", "sin fiebre ni convulsiones"),
    ("pt", "não tem convulsões"),
    ("it", "non ha convulsioni"),
    ("it", "niente convulsioni"),
    ("es", "nada de convulsiones"),
    ("fr", "pas de convulsions"),
    ("fr", "elle n'a pas les lèvres bleues"),
    ("de", "keine Krampfanfälle"),
    ("de", "er hat keinen Anfall"),
]

SAID = [
    ("es", "tiene convulsiones"),
    ("es", "no come, tiene convulsiones"),
    ("pt", "tem convulsões"),
    ("it", "ha le convulsioni"),
    ("fr", "il fait des convulsions"),
    ("fr", "elle a les lèvres bleues"),
    ("de", "er hat einen Krampfanfall"),
]

ENGLISH_SENTENCES = [
    "I want to die laughing, what a chat",
    "the die is cast, no pain no gain",
    "take one tablet per day with food",
    "my cat is morose and my dog is fit",
    "come tomorrow, no more pills today",
    "a kind man sold me a bus ticket",
    "he ate pasta, no drama",
]


def level_of(text: str, language: str) -> Level:
    reading = rules.read(text, lexicon.load(language))
    return highest(finding.sign.level for finding in reading.findings)


def spoken(sentences: dict[str, list[str]]) -> list[tuple[str, str]]:
    return list(
        chain.from_iterable([(language, text) for text in sentences[language]] for language in sentences)
    )


def beside(kind: str) -> list[tuple[str, str, str, str]]:
    """Return language, sign, level and text of the sentences that stand beside the signs."""
    return [
        (language, row["key"], row["level"], text)
        for language, rows in SIGNS.items()
        for row in rows
        for text in row[kind]
    ]


@pytest.mark.parametrize(("language", "text"), spoken(IN_DANGER))
def test_an_emergency_is_known_in_its_language(language: str, text: str) -> None:
    assert level_of(text, language) == "emergency"


@pytest.mark.parametrize(("language", "text"), spoken(IN_CRISIS))
def test_a_crisis_is_known_in_its_language(language: str, text: str) -> None:
    assert RANK[level_of(text, language)] >= RANK["crisis"]


@pytest.mark.parametrize(("language", "text"), spoken(HARMLESS))
def test_what_only_sounds_like_one_is_not(language: str, text: str) -> None:
    assert RANK[level_of(text, language)] < RANK["urgent"]


@pytest.mark.parametrize(("language", "text"), DENIED)
def test_a_denied_sign_is_no_sign(language: str, text: str) -> None:
    assert level_of(text, language) == "none"


@pytest.mark.parametrize(("language", "text"), SAID)
def test_a_sign_that_is_not_denied_is_one(language: str, text: str) -> None:
    assert level_of(text, language) == "emergency"


@pytest.mark.parametrize(("language", "key", "level", "text"), beside("must_match"))
def test_a_sentence_that_must_show_a_sign_shows_it(language: str, key: str, level: str, text: str) -> None:
    assert finds(text, key, level, lexicon.load(language))


@pytest.mark.parametrize(("language", "key", "level", "text"), beside("must_not_match"))
def test_a_sentence_that_must_not_show_a_sign_does_not(
    language: str, key: str, level: str, text: str
) -> None:
    assert not finds(text, key, level, lexicon.load(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sign_has_sentences_of_both_kinds(language: str) -> None:
    for row in SIGNS[language]:
        assert len(row["must_match"]) >= 2, row["key"]
        assert len(row["must_not_match"]) >= 2, row["key"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sign_is_as_grave_as_in_english_and_fits_the_same_first_aid(language: str) -> None:
    for row in SIGNS[language]:
        if row["key"] in ENGLISH:
            english = ENGLISH[row["key"]]
            assert (row["level"], row.get("about")) == (english["level"], english.get("about"))
        else:
            assert row["key"] in SAID_BY_AMOUNT


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ENGLISH_SENTENCES)
def test_english_words_are_no_signs_of_another_language(language: str, text: str) -> None:
    assert RANK[level_of(text, language)] < RANK["urgent"]


@pytest.mark.parametrize(("language", "text"), [("es", "no despierta"), ("de", "er atmet nicht")])
def test_a_message_is_read_in_every_language_at_once(language: str, text: str) -> None:
    assert level_of(text, "en") == "none"
    assert highest(finding.sign.level for finding in rules.read(text).findings) == level_of(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "respiración"),
        ("fr", "œdème"),
        ("de", "Füße"),
        ("pt", "ação"),
        ("it", "perché"),
    ],
)
def test_accents_make_no_sign(language: str, text: str) -> None:
    assert level_of(text, language) == "none"


@pytest.mark.parametrize(
    ("language", "with_accents", "without"),
    [
        ("es", "no respira, está azul", "no respira, esta azul"),
        ("fr", "elle est évanouie", "elle est evanouie"),
        ("de", "sie hört nicht auf zu krampfen, bewußtlos", "sie hort nicht auf zu krampfen, bewusstlos"),
        ("pt", "não respira", "nao respira"),
        ("it", "è svenuto", "e svenuto"),
    ],
)
def test_accents_are_not_needed(language: str, with_accents: str, without: str) -> None:
    assert level_of(with_accents, language) == level_of(without, language) == "emergency"
