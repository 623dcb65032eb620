"""Disguises are read through; what is not disguised stays as it was typed."""

import pytest

from baclofen.clear import clear


@pytest.mark.parametrize(
    "typed",
    [
        "sh3 st0pp3d br34th1ng",
        "SHE STOPPED BREATHING",
        "s h e stopped b r e a t h i n g",
        "she stopped breathinggggg",
        "shё stоppеd brеаthing",
        "she\u200b sto\u200bpped breathing",
        "ｓｈｅ ｓｔｏｐｐｅｄ ｂｒｅａｔｈｉｎｇ",
    ],
)
def test_a_disguise_is_read_through(typed: str) -> None:
    assert clear(typed).replace("s h e", "she") == "she stopped breathing"


@pytest.mark.parametrize(
    "typed",
    ["can't wake him!", "took 2x10mg at 8pm", "she said: no, i'm fine...", "b12, covid-19", "", "💊?"],
)
def test_what_is_not_disguised_keeps_its_marks(typed: str) -> None:
    assert clear(typed).strip() == typed.replace("💊", "pill ").strip().replace("pill ?", "pill ?")
