"""Triage: two readers, one level, and what a conversation holds."""

import pytest

from baclofen.signs import LEVELS, highest
from baclofen.triage import HELD, Episode, triage

NOW = 1_800_000_000.0


def test_levels_are_ordered_from_calm_to_grave() -> None:
    assert highest(["urgent", "none", "crisis"]) == "crisis"
    assert highest([]) == "none"
    assert LEVELS[-1] == "emergency"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("he is not breathing", "emergency"),
        ("my toddler swallowed my baclofen", "emergency"),
        ("i took two baclofen instead of one by mistake", "urgent"),
        ("what are the signs of a baclofen overdose", "awareness"),
        ("i want to kill myself", "crisis"),
        ("hello", "none"),
        ("what is baclofen used for", "none"),
    ],
)
def test_a_plain_message_gets_its_level(text: str, level: str) -> None:
    assert triage(text).level == level


def test_a_threat_with_an_act_is_an_emergency_with_the_crisis_line() -> None:
    verdict = triage("i want to die so i took the whole bottle of baclofen")
    assert verdict.level == "emergency"
    assert "self_harm" in verdict.about


def test_the_same_message_gets_the_same_verdict() -> None:
    assert triage("he wont wake up", now=NOW) == triage("he wont wake up", now=NOW)


def after(*texts: str) -> Episode:
    episode = Episode()
    for text in texts:
        episode = triage(text, episode, NOW).episode
    return episode


@pytest.mark.parametrize(
    "next_words", ["ok", "fine", "thanks bye", "stop", "what do i do while waiting", "hello"]
)
def test_an_emergency_holds_over_the_next_turns(next_words: str) -> None:
    assert triage(next_words, after("he is not breathing"), NOW + 60).level == "emergency"


def test_an_emergency_does_not_hold_for_ever() -> None:
    assert triage("hello", after("he is not breathing"), NOW + HELD + 1).level == "none"


def test_a_crisis_holds_over_goodbye() -> None:
    assert triage("goodbye", after("i want to kill myself"), NOW + 60).level == "crisis"


def test_professionals_taking_over_ends_the_emergency() -> None:
    verdict = triage("the ambulance is here", after("he is not breathing"), NOW + 600)
    assert verdict.level == "awareness"
    assert "handover" in verdict.about


@pytest.mark.parametrize(
    "next_words",
    [
        "the ambulance is coming",
        "no ambulance has arrived",
        "is the ambulance here yet?",
        "nobody from the ambulance is here with us",
        "they are here in 10 minutes",
        "im in hospital car park alone",
        "the doctors are here on tv",
        "the ambulance is not here",
        "its my dog i mean my dog is barking",
    ],
)
def test_waiting_for_help_does_not_end_it(next_words: str) -> None:
    assert triage(next_words, after("he is not breathing"), NOW + 60).level == "emergency"


@pytest.mark.parametrize(
    "next_words",
    [
        "the paramedics are here",
        "they've got him now",
        "he is in A&E",
        "ambulance arrived",
        "were at the hospital now",
    ],
)
def test_help_that_came_ends_it(next_words: str) -> None:
    assert triage(next_words, after("he is not breathing"), NOW + 600).level == "awareness"


def test_it_was_the_dog_makes_it_urgent() -> None:
    assert triage("its the dog i mean", after("she swallowed the whole bottle"), NOW + 60).level == "urgent"


def test_a_new_sign_is_heard_after_a_correction() -> None:
    episode = after("she swallowed the whole bottle", "false alarm")
    assert triage("now she is not breathing", episode, NOW + 60).level == "emergency"


def test_a_medicine_named_before_makes_a_mild_sign_count() -> None:
    assert triage("i am really dizzy and slurring", after("i take baclofen"), NOW).level == "urgent"


def test_an_episode_survives_being_stored() -> None:
    episode = after("my toddler swallowed my baclofen")
    assert Episode.from_dict(episode.to_dict()) == episode
    asked = triage("ok", after("i want to kill myself"), NOW).episode
    assert Episode.from_dict(asked.to_dict()) == asked
    assert (asked.asked, "crisis" in asked.said) == ("taken", True)


def test_an_episode_that_was_stored_before_the_bot_remembered_its_question_is_still_read() -> None:
    stored = {"level": "crisis", "signs": ["suicidal_thoughts"], "about": [], "at": NOW, "context": False}
    episode = Episode.from_dict(stored)
    assert (episode.asked, episode.said) == ("", frozenset())
    assert triage("thank you", episode, NOW + 60).level == "crisis"


@pytest.mark.parametrize(
    "next_words", ["the dose is 20 mg", "my mum is coming over", "what helps with spasms"]
)
def test_an_urgent_matter_holds_over_the_next_turns(next_words: str) -> None:
    assert triage(next_words, after("i took two baclofen instead of one by mistake"), NOW + 60).level in (
        "urgent",
        "emergency",
    )


@pytest.mark.parametrize("correction", ["false alarm", "he's only asleep", "wrong chat sorry"])
def test_a_correction_goes_to_urgent_and_one_in_doubt_goes_nowhere(correction: str) -> None:
    assert triage(correction, after("he is not breathing"), NOW + 60).level == "urgent"
    assert triage(f"i hope it is a {correction}", after("he is not breathing"), NOW + 60).level == "emergency"


def test_a_sign_in_somebody_whose_kidneys_were_named_before_is_an_emergency() -> None:
    known = after("my gran is on dialysis")
    assert known.about == {"kidney"}
    assert triage("she takes baclofen and is so drowsy", known, NOW + 60).level == "emergency"
    assert "kidney" not in triage("she takes baclofen and is so drowsy", known, NOW + HELD + 1).about


def test_one_sign_in_a_long_letter_is_found() -> None:
    letter = (
        "We had a lovely week at the sea. " * 60 + "He is not breathing. " + "The weather was fine. " * 60
    )
    assert triage(letter).level == "emergency"


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "?" * 500, "a" * 65_000])
def test_odd_input_gets_a_verdict(text: str) -> None:
    assert triage(text).level in LEVELS
