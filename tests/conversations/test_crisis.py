"""A crisis step by step: below an emergency, above urgent, in its own words."""

from __future__ import annotations

import re

import pytest

from tests.conversations.talk import check, replies, verdicts

START = "i want to kill myself"

STEPS = [
    """
    none+      i feel so low these days
    crisis+    i don't want to live any more
    crisis+    i have my baclofen in front of me
    emergency  i've swallowed all of it
    emergency  i'm scared
    emergency  goodbye
    """,
    """
    crisis     how many baclofen would kill me
    crisis     just curious
    crisis     no
    crisis     bye
    """,
    """
    crisis     my friend says she is going to kill herself
    crisis     no she hasn't taken anything
    emergency  she just told me she swallowed a bottle of baclofen
    """,
    """
    crisis     my sister wants to kill herself
    emergency  yes she has taken something
    """,
    """
    crisis     i want to kill myself
    crisis     my mum is here with me now
    crisis     they took my kids away
    """,
]


@pytest.mark.parametrize("conversation", STEPS)
def test_a_crisis_goes_up_with_an_act_and_never_below_itself(conversation: str) -> None:
    check(conversation)


@pytest.mark.parametrize(
    "answer",
    [
        "yes",
        "Yes.",
        "yeah i did",
        "i have",
        "yes, some pills",
        "a few",
        "all of them",
        "about 20",
        "two",
        "2 paracetamol",
        "an hour ago",
        "maybe",
        "she did",
        "oh god yes",
        "yes i'm fine but i took some of his tablets",
    ],
)
def test_a_yes_to_was_anything_taken_is_an_emergency_with_the_crisis_line(answer: str) -> None:
    last = verdicts(START, answer)[-1]
    assert last.level == "emergency"
    assert "self_harm" in last.about
    first, care = replies(START, answer)[-1]
    assert first.startswith("Call 911 now, even if it seems fine.")
    assert "988" in care
    assert "Tell the operator" in care  # all of it, since none of it was said before


@pytest.mark.parametrize(
    "answer", ["no", "nothing", "no i haven't", "No, nothing. Sorry", "i didn't take any"]
)
def test_after_a_no_it_stays_a_crisis_and_is_not_asked_again(answer: str) -> None:
    assert verdicts(START, answer)[-1].level == "crisis"
    first, care = replies(START, answer)[-1]
    assert "988" in first
    assert "?" not in first + care
    assert "glad that nothing was taken" in care
    later = replies(START, answer, "i can't sleep")[-1]
    assert "glad that nothing" not in later[1]
    assert "?" not in "".join(later)


@pytest.mark.parametrize(
    "answer",
    ["yes i am safe", "yes i want to die", "i'm fine", "not yet", "why do you ask", "what do you mean?"],
)
def test_what_is_no_answer_keeps_the_question_open(answer: str) -> None:
    assert verdicts(START, answer)[-1].level == "crisis"
    assert verdicts(START, answer, "yes")[-1].level == "emergency"


@pytest.mark.parametrize(
    ("country", "line", "number"),
    [("US", "988", "911"), ("GB", "116 123", "999"), ("DE", "0800 1110111", "112")],
)
def test_the_lines_are_those_of_the_country(country: str, line: str, number: str) -> None:
    for turn in replies(START, "i can't do this", "leave me alone", country=country):
        assert line in turn[0]
        assert number in turn[0]


def test_later_words_are_short_and_name_no_method_and_no_amount() -> None:
    first, *later = replies(START, "i don't know", "stop telling me to call", "it hurts so much")
    for turn in later:
        assert len("".join(turn)) < len("".join(first)) / 2
        assert not re.search(r"\b(tablets|dose|mg|jump|rope|blade)", " ".join(turn))


def test_a_hospital_takes_over_a_crisis_too() -> None:
    assert verdicts(START, "i'm at the hospital now")[-1].level == "awareness"
    assert verdicts(START, "should i go to hospital")[-1].level == "crisis"
