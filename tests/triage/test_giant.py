"""A giant text is read to its end, however it is written, and in its pieces as a short one is."""

from __future__ import annotations

import random

import pytest

from baclofen.giant import GIANT, OVERLAP, PIECE, pieces, readings
from baclofen.glance import eye
from baclofen.triage import triage

BODY = 64_000


def _words(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    return [
        chance.choice(("we", "had", "tea", "and", "cake", "today", "by", "the", "sea.")) for _ in range(count)
    ]


@pytest.mark.parametrize(
    "text", ["a " * BODY, "a" * BODY, "tea and cake. " * 4000, "\n" * BODY, "ab\n" * 9000]
)
def test_the_pieces_of_a_text_overlap_and_are_all_of_it(text: str) -> None:
    end = 0
    for piece in pieces(text):
        start = text.index(piece, max(0, end - 2 * OVERLAP)) if end else 0
        assert start <= end
        assert len(piece) <= PIECE
        end = start + len(piece) if len(set(text)) > 3 else end + len(piece) - 2 * OVERLAP
    assert "".join(pieces(text)).replace(" ", "").count(text[0]) >= text.count(text[0])
    assert list(pieces(text))[-1] == text[-len(list(pieces(text))[-1]) :]


@pytest.mark.parametrize("place", [0, 0.001, 0.25, 0.5, 0.75, 0.999, 1])
@pytest.mark.parametrize("sign", ["he is not breathing", "no respira", "i can't wake her up"])
def test_one_sign_in_a_giant_text_is_found_wherever_it_stands(sign: str, place: float) -> None:
    words = _words(BODY // 5, seed=len(sign))
    words.insert(int(place * len(words)), f". {sign} .")
    text = " ".join(words)
    assert len(text) > GIANT
    assert triage(text).level == "emergency"


@pytest.mark.parametrize("start", range(PIECE - OVERLAP - 40, PIECE + 40, 20))
def test_a_sign_at_the_edge_of_a_piece_is_found(start: int) -> None:
    filling = "tea and cake by the sea "
    before = (filling * 200)[:start].rsplit(" ", 1)[0]
    text = f"{before}. he is not breathing. {filling * 600}"
    assert triage(text).level == "emergency"


def test_a_calm_giant_text_stays_calm() -> None:
    assert triage("The parcel came and the garden is green. " * 1600).level == "none"
    assert triage("a " * 32_700).level == "none"


def test_a_phrase_repeated_without_end_stays_calm() -> None:
    assert triage("tea and cake today " * 3300).level == "none"


def test_a_medicine_named_anywhere_in_a_giant_text_counts_everywhere() -> None:
    filling = "We had tea and cake today. " * 500
    seen = list(readings(f"{filling} My pump is refilled on Monday with baclofen.", False))
    assert len(seen) > 1
    assert all(reading.context for reading in seen)
    assert not any(reading.context for reading in readings(filling, False))


def test_a_giant_text_of_emergencies_is_read_no_further_than_the_first() -> None:
    verdict = triage("he is not breathing and his lips are blue. " * 1500)
    assert verdict.level == "emergency"
    assert 1 <= len(verdict.signs) <= 4


@pytest.mark.parametrize("spaced", ["h e i s n o t b r e a t h i n g", "n o r e s p i r a", "s u i c i d e"])
def test_a_sign_in_spaced_letters_is_found_and_letters_that_spell_none_are_not(spaced: str) -> None:
    assert triage(f"please {spaced}").level in ("emergency", "crisis")
    assert eye(None).look(list("qwxzvkjb"), False).awake == (), "no language has anything to read here"
