"""Text: disguises are read through, and nothing else is changed."""

import pytest

from baclofen.text import fold, tokenise, undisguise

WORDS = "he hes she is not isnt breathing stopped after her baclofen unconscious wake up cant i"
KNOWN = frozenset(WORDS.split(" "))


def words(text: str) -> list[str]:
    return [token.text for token in undisguise(tokenise(text), KNOWN)]


@pytest.mark.parametrize(
    "typed",
    [
        "He is not breathing",
        "HE IS NOT BREATHING",
        "he  is \t not\u00a0breathing",
        "he\u200b is n\u00adot breath\u200bing",
        "he is nоt brеаthing",  # Cyrillic о, е, а
        "ｈｅ ｉｓ ｎｏｔ ｂｒｅａｔｈｉｎｇ",
        "he is <b>not</b> breathing",
        "he is n0t br34th1ng",
        "he is not breathinggggg",
        "he is not b r e a t h i n g",
        "hé ís nöt bréathing",
        "heisnotbreathing",
    ],
)
def test_a_disguised_sentence_reads_like_the_plain_one(typed: str) -> None:
    assert words(typed) == ["he", "is", "not", "breathing"]


@pytest.mark.parametrize("typed", ["10mg at 8pm", "2x5ml", "b12", "good book", "see you", "a b c"])
def test_doses_and_ordinary_words_stay_as_they_are(typed: str) -> None:
    assert words(typed) == typed.split()


def test_tokens_know_where_they_stood_in_what_was_typed() -> None:
    typed = "oh — ﬁne, he isn’t Breathing"
    token = tokenise(typed)[-1]
    assert typed[token.start : token.end] == "Breathing"


def test_plain_text_needs_no_index() -> None:
    assert fold("Plain text") == ("plain text", None)


@pytest.mark.parametrize("typed", ["", "\ud800", "\x00\x07", "😀" * 50, "a" * 5000, "\n\n"])
def test_odd_input_does_not_fail(typed: str) -> None:
    undisguise(tokenise(typed), KNOWN)


def test_an_emoji_with_a_meaning_becomes_its_word() -> None:
    assert "pill" in words("👶💊")
    assert "pill" not in words("👶🎈")
