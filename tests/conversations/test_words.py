"""The words of later turns: short, the number first, and only what is new."""

from __future__ import annotations

import pytest

from baclofen import wording
from tests.conversations.talk import replies

START = "he won't wake up"


def test_later_words_lead_with_the_number_and_repeat_no_wall_of_text() -> None:
    full, *later = replies(START, "ok", "please hurry", "he's still the same")
    assert len(full[1].splitlines()) > 5
    for first, care in later:
        assert first.startswith("Call 911 now if no one has called yet.")
        assert len(care.splitlines()) == 1


@pytest.mark.parametrize(
    ("turn", "says"),
    [
        ("he's having a fit now", ["Clear the space.", "Time the fit."]),
        ("now he's stopped breathing", ["push hard and fast on the chest"]),
        ("he's choking on his vomit", ["Wipe the mouth clean.", "mouth low"]),
        ("he's freezing cold and his temperature is 31", ["coat or blanket"]),
        ("he has a baclofen pump", ["Say: baclofen pump.", "Ask the hospital to call the pump team."]),
        ("he took heroin with his baclofen", ["Give naloxone if you have it."]),
        ("he's on dialysis", ["weak kidneys"]),
    ],
)
def test_a_new_sign_brings_its_own_step_once(turn: str, says: list[str]) -> None:
    _, before, after, again = replies(START, "ok", turn, "ok")
    for words in says:
        assert words not in "\n".join(before)
        assert words in "\n".join(after)
    assert "roll them on one side. Tip" not in after[1]
    assert len(again[1].splitlines()) == 1


@pytest.mark.parametrize(
    "turn",
    ["what do i do while waiting", "what should i do now?", "can you say that again", "how can i help"],
)
def test_who_asks_what_to_do_gets_all_the_steps_again(turn: str) -> None:
    care = replies(START, "ok", turn)[-1][1]
    assert "roll them on one side" in care
    assert "Do not make them throw up." in care


@pytest.mark.parametrize(
    "turn",
    [
        "stop telling me to call",
        "i said no ambulance",
        "don't you dare give me a number",
        "i heard you the first time",
    ],
)
def test_who_forbids_the_alarm_hears_less_of_it_but_the_number(turn: str) -> None:
    loud, quiet, next_turn = replies(START, turn, "ok")
    assert quiet[0] == next_turn[0] == "Call 911 if no one has called yet. I will keep it short."
    assert len("".join(quiet)) < len("".join(loud)) / 4
    new_sign = replies(START, turn, "he's having a fit now")[-1]
    assert new_sign[0].startswith("Call 911 now")


@pytest.mark.parametrize("turn", ["please don't tell my mum", "it won't go away", "i can't call anyone"])
def test_who_forbids_something_else_is_not_hushed(turn: str) -> None:
    assert replies(START, turn)[-1][0].startswith("Call 911 now if no one has called yet.")


@pytest.mark.parametrize(
    "turn", ["he's awake now", "she's breathing again", "the fit has stopped", "he came round"]
)
def test_who_is_better_is_told_that_it_may_not_be_over(turn: str) -> None:
    first, care = replies("he collapsed and isn't breathing", turn)[-1]
    assert first.startswith("Call 911 now")
    assert "it can get worse again" in care


def test_an_urgent_matter_is_not_said_twice_in_full() -> None:
    full, again = replies("i took an extra baclofen by mistake", "ok")
    assert "How many were taken, and when?" in full[0]
    assert len(again[0].splitlines()) == 2
    assert "Poison Help" in again[0]
    assert "911" in again[0]


def test_an_emergency_after_a_false_alarm_is_said_in_full() -> None:
    first, care = replies("he is not breathing", "false alarm", "he won't wake up")[-1]
    assert first.startswith("Call 911 now, on speaker.")
    assert "Tell the operator" in care


@pytest.mark.parametrize("language", wording.languages())
def test_a_crisis_ends_with_its_question_which_is_left_out_once_answered(language: str) -> None:
    crisis = wording.load(language)["first_words"]["crisis"]
    for key in ("default", "no_line", "later", "unknown_place"):
        assert crisis[key][-1].endswith("?")
        assert not any("?" in sentence for sentence in crisis[key][:-1])
