"""Corrections: to something milder, to something graver, to an animal, to a child; and what is none."""

from __future__ import annotations

import pytest

from tests.conversations.talk import check, replies, verdicts

MILDER = [
    """
    emergency  he took 20 baclofen
    urgent     sorry 2, not 20
    """,
    """
    emergency  she swallowed 15 baclofen tablets
    urgent     i meant two
    urgent     ok thanks
    """,
    """
    emergency  he took 20 baclofen
    urgent     sorry, he took 2 baclofen not 20
    """,
    """
    emergency  my husband took twelve baclofen
    urgent     oops typo, it was one not twelve
    """,
    """
    emergency  he is not breathing
    urgent     he's only asleep, he's just answered me
    """,
    """
    emergency  i can't wake my wife up
    urgent     she was fast asleep
    urgent     goodbye
    """,
    """
    emergency  she is unconscious
    urgent     she's just spoken to me, she was only napping
    """,
    """
    emergency  he is not breathing
    urgent     false alarm
    """,
    """
    emergency  she swallowed the whole bottle of baclofen
    urgent     it was a joke
    """,
    """
    emergency  he isn't breathing
    urgent     sorry wrong chat
    """,
]

HARMLESS = [
    """
    emergency  she swallowed the whole bottle of baclofen
    awareness  counted them, all the pills are still here
    none       thanks
    """,
    """
    emergency  my toddler swallowed my baclofen
    awareness  she didn't swallow any, they're all there
    """,
    """
    emergency  my toddler ate some of my baclofen
    awareness  it was only tic tacs, none are missing
    """,
]

NO_CORRECTION = [
    """
    emergency  he took 20 baclofen and he won't wake up
    emergency  he's only asleep, he's just answered me
    """,
    """
    emergency  he took 20 baclofen and he won't wake up
    emergency  2, not 20
    """,
    """
    emergency  he won't wake up
    emergency  he never took any, the pills are all there
    """,
    """
    emergency  i took 20 baclofen to kill myself
    emergency  2 not 20
    """,
    """
    emergency  my toddler swallowed 10 baclofen
    emergency  sorry 1, not 10
    """,
    """
    emergency  he is not breathing
    emergency  is it a false alarm?
    emergency  this is not a false alarm
    """,
    """
    emergency  he is not breathing
    emergency  maybe he's only asleep
    emergency  i think he was just sleeping
    """,
    """
    emergency  she swallowed the whole bottle of baclofen
    emergency  she says it was a joke
    emergency  about 2
    """,
    """
    emergency  he is not breathing
    emergency  it was my dog barking
    emergency  the dog is only asleep, but he isn't breathing
    """,
    """
    emergency  he took 20 baclofen
    emergency  maybe 2 not 20?
    """,
    """
    emergency  he won't wake up
    emergency  he's just sleeping it off
    emergency  he spoke to me an hour ago
    emergency  is he only asleep
    emergency  he looks like he's just asleep
    """,
    """
    emergency  he won't wake up
    emergency  i called the wrong number
    emergency  she made it up the stairs
    emergency  they want to do just a test
    emergency  this is no false alarm
    """,
    """
    emergency  she swallowed the whole bottle of baclofen
    emergency  we're all here with her
    emergency  she's not all there
    emergency  i didn't take any, she did
    emergency  she didn't take it well
    """,
]

SELF_HARM = [
    """
    emergency  i took the whole bottle of baclofen to die
    crisis     i was only joking
    crisis     bye
    """,
    """
    emergency  i took the whole bottle of baclofen to kill myself
    crisis     i didn't take any
    """,
    """
    crisis     i want to kill myself
    crisis     false alarm
    crisis     i'm only joking
    """,
]

GRAVER = [
    """
    urgent+    he took two of my baclofen
    emergency  he's 3
    """,
    """
    urgent     she took an extra baclofen
    emergency  she's only four years old
    """,
    """
    urgent     she took an extra baclofen
    emergency  it's my toddler
    """,
    """
    urgent     my dog ate my baclofen
    emergency  my son had some too
    """,
    """
    urgent     our cat ate a baclofen tablet
    emergency  it was the baby, not the cat
    """,
    """
    emergency  he is not breathing
    urgent     he is breathing fine now, false alarm
    emergency  now he's gone blue
    """,
    """
    emergency  she swallowed the whole bottle of baclofen
    awareness  they're all there, she didn't take any
    emergency  she won't wake up now
    """,
    """
    emergency  he took 20 baclofen
    urgent     2 not 20
    emergency  no sorry, it was 20
    """,
]

NOT_GRAVER = [
    """
    urgent     my dog ate my baclofen
    urgent     the dog is 3 years old
    """,
    """
    urgent     i took an extra baclofen by mistake
    urgent     i take 3 a day
    urgent     i'm 5 months pregnant
    """,
    pytest.param(
        """
    urgent     i took an extra baclofen by mistake
    urgent     my dose is 3
    """,
        # Both levels are equally likely to the learned reader, so that it falls by rounding.
        marks=pytest.mark.xfail(strict=False, reason="a dose in so few words may sound like an overdose"),
    ),
    """
    urgent     my dog ate my baclofen
    urgent     did my son have some too?
    """,
]


@pytest.mark.parametrize("conversation", MILDER)
def test_an_explicit_correction_gets_the_level_of_what_is_left(conversation: str) -> None:
    check(conversation)


@pytest.mark.parametrize("conversation", HARMLESS)
def test_if_nothing_was_taken_it_is_awareness(conversation: str) -> None:
    check(conversation)


@pytest.mark.parametrize("conversation", NO_CORRECTION)
def test_a_correction_of_something_else_or_in_doubt_ends_nothing(conversation: str) -> None:
    check(conversation)


@pytest.mark.parametrize("conversation", SELF_HARM)
def test_who_wanted_to_die_is_believed_to_be_in_crisis_still(conversation: str) -> None:
    check(conversation)


@pytest.mark.parametrize("conversation", GRAVER)
def test_a_correction_can_make_it_graver(conversation: str) -> None:
    check(conversation)


@pytest.mark.parametrize("conversation", NOT_GRAVER)
def test_what_names_no_child_stays_as_it_is(conversation: str) -> None:
    check(conversation)


@pytest.mark.parametrize(
    "turn", ["its the dog i mean", "sorry it was the cat, not my son", "i mean the puppy that ate it"]
)
def test_an_animal_after_all_gets_the_vet(turn: str) -> None:
    last = verdicts("she swallowed the whole bottle of baclofen", turn)[-1]
    assert (last.level, last.about) == ("urgent", {"animal"})
    assert replies("she swallowed the whole bottle of baclofen", turn)[-1][0].startswith("Call a vet")


def test_a_child_after_all_gets_the_words_for_a_child() -> None:
    first, care = replies("he took 20 baclofen", "he's 4 years old")[-1]
    assert "Do not make the child throw up." in first
    assert "the child's age and weight" in care


@pytest.mark.parametrize(
    ("start", "turn"),
    [
        ("he is not breathing", "he's only asleep, he's just answered me"),
        ("he took 20 baclofen", "sorry 2, not 20"),
        ("she swallowed the whole bottle of baclofen", "all the pills are still here"),
        ("he is not breathing", "false alarm"),
    ],
)
def test_every_correction_says_what_to_watch_for(start: str, turn: str) -> None:
    said = "\n".join(replies(start, turn)[-1])
    assert "911" in said
    assert "breathe" in said
    assert "wake" in said or "woken" in said
