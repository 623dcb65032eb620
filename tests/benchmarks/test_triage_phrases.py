"""The phrases that the peers without training share, and the keyword list over them."""

from __future__ import annotations

import pytest

from baclofen.signs import LEVELS, Level
from benchmarks.triage import context, keywords, phrases
from benchmarks.triage.peers import Job, Read

SAME = {"CANT": "(can't|cant)", "WHO": "(him|<CANT>)"}


@pytest.fixture(scope="module")
def read() -> Read:
    return keywords.reader(Job("keywords", {}, phrases.read().levels))


@pytest.mark.parametrize(
    ("phrase", "plain"),
    [
        ("no pulse", {"no pulse"}),
        ("(no|weak) pulse", {"no pulse", "weak pulse"}),
        ("slow (heart|) rate", {"slow heart rate", "slow rate"}),
        ("<CANT> wake", {"can't wake", "cant wake"}),
        ("(<CANT>|will not) wake", {"can't wake", "cant wake", "will not wake"}),
        ("wake <WHO>", {"wake him", "wake can't", "wake cant"}),
    ],
)
def test_alternatives_are_written_out(phrase: str, plain: set[str]) -> None:
    assert set(phrases.expand(phrase, SAME)) == plain


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        list(phrases.expand("<NOBODY> home", SAME))


def test_every_level_but_none_has_phrases_and_none_is_left_with_an_alternative() -> None:
    found = phrases.read()
    assert set(found.levels) == set(LEVELS) - {"none"}
    every = [each for part in (found.levels, found.context) for group in part.values() for each in group]
    assert [each for each in every if set(each) & set("()|<>") or each != phrases.plain_text(each)] == []


def test_every_kind_of_context_has_a_rule() -> None:
    assert set(phrases.read().context) == set(context.RULES)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("He WON’T wake up!", "emergency"),
        ("she took 20 tablets", "emergency"),
        ("I want to die", "crisis"),
        ("i took a double dose", "urgent"),
        ("signs of overdose", "awareness"),
        ("how do i store it", "none"),
        ("", "none"),
    ],
)
def test_the_gravest_phrase_decides(read: Read, text: str, level: Level) -> None:
    assert read(text) == level


def test_a_phrase_ends_at_the_edge_of_a_word(read: Read) -> None:
    assert read("a comatose fish") == "emergency"
    assert read("the comas in this text") == "none"


def test_a_keyword_list_knows_no_denial(read: Read) -> None:
    assert read("he has no seizures") == "emergency"
