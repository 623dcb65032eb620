"""Rule reader: what is there is found, what is denied is not, and the frame decides the level."""

import pytest

from baclofen import lexicon, rules
from baclofen.signs import highest


def read(text: str, context: bool = False) -> rules.Reading:
    return rules.read(text, lexicon.load(), context)


def level(text: str, context: bool = False) -> str:
    return highest(finding.sign.level for finding in read(text, context).findings)


def keys(text: str) -> set[str]:
    return {finding.sign.key for finding in read(text).findings}


PRESENT = [
    ("he is not breathing", "not_breathing"),
    ("I can't wake my mum", "hard_to_wake"),
    ("her lips are going blue", "blue_or_grey_skin"),
    ("hes having a seizure", "seizure"),
    ("no pulse", "no_pulse_or_dying"),
    ("she just fainted in the kitchen", "unconscious"),
    ("pulse 38 and sleepy", "slow_heartbeat"),
    ("he breathes six times a minute", "slow_or_shallow_breathing"),
    ("temperature 34.1", "hypothermia"),
    ("my toddler swallowed one of my pills", "child_swallowed"),
    ("he took the whole bottle", "large_amount"),
    ("took 30 tablets", "large_amount"),
    ("dont know how many he took, baclofen", "unknown_amount"),
]


@pytest.mark.parametrize(("text", "key"), PRESENT)
def test_a_sign_that_is_there_is_an_emergency(text: str, key: str) -> None:
    assert key in keys(text)
    assert level(text) == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "he is not having a seizure",
        "no seizures",
        "no fits, no vomiting",
        "no vomiting or seizures",
        "seizure? no",
        "no trouble breathing",
        "he hasn't stopped breathing",
        "she is not unconscious",
    ],
)
def test_a_denied_sign_is_no_sign(text: str) -> None:
    assert level(text) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "not vomiting, im having a seizure",
        "no fever but he passed out",
        "not drunk, he just passed out",
        "he is not ok he fainted",
        "i have no idea why he fainted",
        "not just dizzy, he passed out",
        "never had this before, he is having a seizure",
        "no history of epilepsy and she is having a seizure",
        "i dont think hes breathing",
        "not sure if she is breathing",
        "without warning he collapsed",
        "she isn't drunk she is unconscious",
    ],
)
def test_denying_one_thing_never_denies_another(text: str) -> None:
    assert level(text) == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "can baclofen cause seizures?",
        "what are the signs of an overdose, seizures?",
        "what if he stops breathing",
        "is fainting a side effect?",
        "last year i had a seizure",
        "in my novel the hero has a seizure from baclofen",
        "does it make people unconscious",
    ],
)
def test_a_question_a_memory_or_a_story_is_awareness(text: str) -> None:
    assert level(text) == "awareness"


@pytest.mark.parametrize(
    "text",
    [
        "is it normal that he cant wake up",
        "last year he had a seizure and now he is having a seizure again",
        "he took 30 tablets, can it cause seizures?",
        "help what do i do she is having a seizure",
    ],
)
def test_a_report_in_the_form_of_a_question_stays_an_emergency(text: str) -> None:
    assert level(text) == "emergency"


@pytest.mark.parametrize("who", ["i", "he", "she", "my son", "a stranger", "my wife", "the patient"])
def test_who_it_is_never_lowers_the_level(who: str) -> None:
    assert level(f"{who} is having a seizure") == "emergency"


def test_an_animal_that_swallowed_some_is_urgent() -> None:
    assert level("my dog ate my baclofen") == "urgent"


def test_an_animal_that_swallowed_nothing_is_no_matter() -> None:
    assert level("my cat is out cold in the sunshine") == "none"


def test_a_child_beside_an_animal_is_still_an_emergency() -> None:
    assert level("my toddler ate my baclofen and gave one to the dog") == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "this queue is killing me",
        "my phone is dead",
        "laptop won't wake up",
        "overdosed on chocolate",
        "the team collapsed in the second half",
        "socks that fit",
        "im dead 💀",
        "he looked at me and i stopped breathing 😍",
    ],
)
def test_a_figure_of_speech_or_a_thing_is_no_sign(text: str) -> None:
    assert level(text) == "none"


def test_a_mild_sign_counts_only_beside_the_medicine() -> None:
    assert level("i am so dizzy") == "none"
    assert level("i am so dizzy since my baclofen") == "urgent"
    assert level("i am so dizzy", context=True) == "urgent"


def test_a_mild_sign_in_kidney_disease_is_an_emergency() -> None:
    assert level("on dialysis, started baclofen, he is confused") == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "a bit dizzy since the baclofen, her kidneys are fine",
        "dizzy on baclofen. kidney function normal last week",
        "unsteady after baclofen, no kidney problems",
        "she's not on dialysis, baclofen makes her dizzy",
    ],
)
def test_a_mild_sign_beside_healthy_kidneys_stays_urgent(text: str) -> None:
    assert level(text) == "urgent"


@pytest.mark.parametrize(
    "text", ["had 3 ciders with my baclofen", "took a xanax after my baclofen", "baclofen and oxy, took both"]
)
def test_a_mixture_that_was_taken_is_urgent(text: str) -> None:
    assert level(text) == "urgent"


def test_a_usual_dose_is_nothing() -> None:
    assert level("I take 2 tablets of baclofen three times a day") == "none"
    assert level("took my 10 mg this morning as usual") == "none"


def test_the_words_are_quoted_as_typed() -> None:
    finding = next(f for f in read("Help!! Her LIPS are BLUE").findings if f.sign.key == "blue_or_grey_skin")
    assert finding.sign.words == "LIPS are BLUE"


@pytest.mark.parametrize("joiner", [", ", " and ", ". ", " but ", "\n"])
@pytest.mark.parametrize("other", ["no fever", "he is not sick", "she ate lunch", "it is tuesday"])
def test_adding_a_clause_never_lowers_a_sign(other: str, joiner: str) -> None:
    assert level(f"{other}{joiner}he is not breathing") == "emergency"
    assert level(f"he is not breathing{joiner}{other}") == "emergency"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("my baclofen pump is beeping", "urgent"),
        ("i ran out of baclofen on friday", "urgent"),
        ("we missed his pump refill", "urgent"),
        ("stopped baclofen cold turkey and now i am hallucinating", "emergency"),
        ("his pump ran dry, temperature 40.3 and he is talking to people who aren't there", "emergency"),
        ("since he stopped the baclofen he had a seizure this morning", "emergency"),
    ],
)
def test_withdrawal_and_a_failing_pump_are_not_taken_lightly(text: str, wanted: str) -> None:
    assert level(text) == wanted


@pytest.mark.parametrize(
    "text", ["how is a baclofen pump filled", "the heat pump in our house is new", "i stopped for a coffee"]
)
def test_talk_of_a_pump_or_of_stopping_alone_is_no_withdrawal(text: str) -> None:
    assert level(text) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "he is not breathing full stop send help",
        "lips blue comma she wont wake up exclamation mark",
        "new message period my son is having a seizure period",
        "hes out cold colon what do i do question mark",
    ],
)
def test_marks_that_a_phone_wrote_as_words_are_marks(text: str) -> None:
    assert level(text) == "emergency"


@pytest.mark.parametrize("text", ["he had his period pains", "the oxford comma", "a colon cancer leaflet"])
def test_a_word_that_is_no_spoken_mark_stays(text: str) -> None:
    assert lexicon.load().punctuated(text) == text


@pytest.mark.parametrize("text", ["my cat is limp and grey", "the horse collapsed in the field"])
def test_an_animal_without_the_medicine_is_no_matter(text: str) -> None:
    assert level(text) == "none"


def test_a_sign_beside_an_animal_is_still_a_persons() -> None:
    assert level("the dog is barking. not breathing") == "emergency"
    assert level("the dog won't leave him, he is not breathing") == "emergency"


@pytest.mark.parametrize("text", ["chat, he is not breathing", "kind of blue lips, she won't wake"])
def test_words_of_other_languages_change_nothing_in_english(text: str) -> None:
    everywhere, alone = rules.read(text), read(text)
    assert highest(f.sign.level for f in everywhere.findings) == "emergency"
    assert {f.sign.key for f in everywhere.findings} >= {f.sign.key for f in alone.findings}
    assert "animal" not in everywhere.about


@pytest.mark.parametrize("text", ["i don't want to die", "i am not suicidal", "no thoughts of suicide"])
def test_denied_thoughts_of_suicide_are_none(text: str) -> None:
    assert level(text) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "i want to be dead",
        "they would be better off without me",
        "i have lined up all my pills",
        "how much baclofen would it take to kill me",
        "what dose is lethal",
        "my sister says she wants to end it",
        "nobody would miss me",
    ],
)
def test_thoughts_of_suicide_are_a_crisis_however_they_are_put(text: str) -> None:
    assert level(text) == "crisis"


def test_a_phrase_that_is_mostly_a_figure_of_speech_needs_something_beside_it() -> None:
    assert level("after that shift i was out cold all evening") == "none"
    assert level("he is out cold and his lips are blue") == "emergency"
    assert level("took my baclofen and was out cold all evening") == "emergency"


def test_a_misspelt_number_of_the_body_is_found_where_it_was_typed() -> None:
    finding = next(f for f in read("Her temprature was 33.4").findings if f.kind == "number")
    assert finding.sign.key == "hypothermia"
    assert "33.4" in finding.sign.words
