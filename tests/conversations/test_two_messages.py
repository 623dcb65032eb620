"""Signs that are spread over messages, and answers to what the bot asks."""

from __future__ import annotations

import pytest

from baclofen.triage import HELD, Episode, triage
from tests.conversations.talk import NOW, check

SPREAD = [
    """
    urgent+    he took some of my baclofen
    emergency  he's gone all floppy
    """,
    """
    none       my gran takes baclofen for her spasms
    urgent+    she seems very drowsy and her speech is slurred
    """,
    """
    none       i have a baclofen pump
    emergency  im confused and can't think straight
    """,
    """
    none       my dad has kidney trouble
    none+      he was started on baclofen
    emergency  he's really drowsy and muddled
    """,
    """
    urgent+    my mum takes baclofen and she's very drowsy
    emergency  she's on dialysis by the way
    """,
    """
    urgent+    i ran out of baclofen on monday
    emergency  im confused and my arms keep jerking
    """,
    """
    urgent     i took an extra baclofen by mistake
    emergency  she wont wake up, i mean my wife who took them with me
    """,
    """
    urgent     i took an extra baclofen by mistake
    emergency  i wanted to die
    """,
    """
    crisis     i want to kill myself
    emergency  i took two extra baclofen
    """,
    """
    emergency  i took 20 baclofen
    emergency  on purpose
    """,
]

APART = [
    """
    none       my dad has kidney trouble
    none       what is baclofen used for
    """,
    """
    urgent     my mum takes baclofen and she's dizzy
    urgent     has she got a pump?
    """,
]

AMOUNTS = [
    """
    urgent     i took an extra baclofen by mistake
    emergency  about 30
    """,
    """
    urgent     i took an extra baclofen by mistake
    emergency  twenty of them i think
    """,
    """
    urgent     she took an extra baclofen
    emergency  she took 12 or so
    """,
    """
    urgent     i took an extra baclofen by mistake
    emergency  the whole bottle
    """,
    """
    urgent     i took an extra baclofen by mistake
    emergency  a handful
    """,
    """
    urgent     i took an extra baclofen by mistake
    emergency  200 mg
    """,
    """
    urgent     i took an extra baclofen by mistake
    emergency  no idea
    """,
    """
    urgent     i took an extra baclofen by mistake
    emergency  sorry not 2, 20
    """,
    """
    urgent     i took an extra baclofen by mistake
    emergency  typo: 20
    """,
]

NO_AMOUNTS = [
    """
    urgent     i took an extra baclofen by mistake
    urgent     just 2
    urgent     i'm 72
    """,
    """
    urgent     i took an extra baclofen by mistake
    urgent     it was 20 minutes ago
    """,
    """
    urgent     i took an extra baclofen by mistake
    urgent     i weigh 80 kg
    urgent     911
    """,
    """
    none       what's the dose of baclofen
    none       20
    """,
]


@pytest.mark.parametrize("conversation", SPREAD)
def test_two_messages_together_are_graver_than_each(conversation: str) -> None:
    check(conversation)


@pytest.mark.parametrize("conversation", APART)
def test_what_was_said_before_and_does_not_matter_raises_nothing(conversation: str) -> None:
    check(conversation)


@pytest.mark.parametrize("conversation", AMOUNTS)
def test_an_amount_that_is_said_later_counts(conversation: str) -> None:
    check(conversation)


@pytest.mark.parametrize("conversation", NO_AMOUNTS)
def test_a_small_or_another_number_raises_nothing(conversation: str) -> None:
    check(conversation)


def test_the_bot_asks_how_many_once() -> None:
    first = triage("i took an extra baclofen by mistake", None, NOW)
    assert first.episode.asked == "amount"
    assert triage("ok", first.episode, NOW).episode.asked == ""


CLARIFY = Episode(at=NOW, asked="unwell")


@pytest.mark.parametrize(
    "answer",
    ["yes", "Yes he is", "yeah my wife", "my son", "she is", "i think so", "yes, he's just staring", "i am"],
)
def test_a_yes_to_is_somebody_unwell_is_an_emergency(answer: str) -> None:
    verdict = triage(answer, CLARIFY, NOW + 60)
    assert verdict.level == "emergency"
    assert verdict.signs[0].words == answer


@pytest.mark.parametrize(
    "answer",
    [
        "no",
        "no, nobody is ill",
        "No, I'm just asking",
        "nope everyone is fine",
        "no he isn't",
        "just curious",
    ],
)
def test_a_no_to_is_somebody_unwell_ends_it(answer: str) -> None:
    verdict = triage(answer, CLARIFY, NOW + 60)
    assert verdict.level == "none"
    assert triage("yes", verdict.episode, NOW + 120).level == "none"


@pytest.mark.parametrize("answer", ["no he can't breathe", "no, he's not ok: he won't wake up"])
def test_a_no_before_a_sign_ends_nothing(answer: str) -> None:
    assert triage(answer, CLARIFY, NOW + 60).level == "emergency"


def test_an_answer_belongs_to_the_question_before_it() -> None:
    assert triage("yes").level == "none"
    asked_and_passed = triage("what is baclofen used for", CLARIFY, NOW + 60).episode
    assert triage("yes", asked_and_passed, NOW + 120).level == "none"
    assert triage("yes", CLARIFY, NOW + HELD + 1).level == "none"
