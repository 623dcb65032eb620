"""Spelling: a misspelt sign is repaired, a real word is left alone."""

import pytest

from baclofen import lexicon
from baclofen.text import tokenise


def repaired(text: str) -> list[str]:
    return [token.text for token in lexicon.load().speller.repair(tokenise(text))]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("unrespnsive", "unresponsive"),
        ("seazure", "seizure"),
        ("breathimg", "breathing"),
        ("vomitting", "vomitting"),  # in the lexicon as it is
        ("convulsng", "convulsing"),
        ("unresponsve", "unresponsive"),
        ("halucinating", "halucinating"),  # in the lexicon as it is
        ("baclofn", "baclofen"),
    ],
)
def test_a_misspelt_sign_is_repaired(typed: str, meant: str) -> None:
    assert repaired(typed) == [meant]


@pytest.mark.parametrize(
    "word",
    ["concussion", "giggling", "hyperthermia", "fitness", "mates", "told", "shop", "meeting", "google"],
)
def test_a_real_word_is_never_made_a_sign(word: str) -> None:
    assert repaired(word) == [word]


def test_a_repair_keeps_its_place_in_the_text() -> None:
    typed = "he is unconcsious now"
    token = lexicon.load().speller.repair(tokenise(typed))[2]
    assert typed[token.start : token.end] == "unconcsious"


def test_of_two_words_equally_near_the_one_that_ends_alike_is_meant() -> None:
    assert repaired("overdosd") == ["overdosed"]
    assert repaired("overdos") == ["overdose"]
