"""A sign in a message that is mere talk is not counted; every other one is, whatever stands beside it."""

from __future__ import annotations

import pytest

from baclofen import learned, lexicon, rules, triage
from baclofen.signs import LEVELS


@pytest.fixture
def without_the_learned_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "load", lambda: None)
    triage._alone.cache_clear()


@pytest.fixture(autouse=True)
def _forget() -> object:
    triage._alone.cache_clear()
    yield None
    triage._alone.cache_clear()


TALK = "the kids collapsed on the sofa after football"


def test_a_figure_of_speech_is_not_counted_and_the_reasons_say_so() -> None:
    verdict = triage.triage(TALK)
    assert verdict.level == "none"
    assert any(reason.note.startswith("not counted") for reason in verdict.reasons)


@pytest.mark.parametrize(
    "text", ["the kids collapsed, they took my pills", "my son just collapsed in the kitchen"]
)
def test_the_same_words_of_somebody_who_is_dying_are_counted(text: str) -> None:
    assert triage.triage(text).level == "emergency"


@pytest.fixture
def a_reader_that_hears_only_talk(monkeypatch: pytest.MonkeyPatch) -> None:
    calm = learned.Opinion("none", "", {level: float(level == "none") for level in LEVELS})
    reader = learned.load()
    assert reader is not None
    monkeypatch.setattr(reader, "judge", lambda part: calm)


@pytest.mark.usefixtures("a_reader_that_hears_only_talk")
@pytest.mark.parametrize(
    "text", ["not breathing", "no, he can't breathe!", "she won't wake up", "there's no pulse at all"]
)
def test_a_red_flag_with_nothing_beside_it_is_never_talk(text: str) -> None:
    assert triage.triage(text).level == "emergency"


def test_words_of_padding_are_needed_for_that(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "there's no pulse at all"
    (finding,) = rules.read(text).findings
    assert triage.is_bare_red_flag(finding, text)
    monkeypatch.setitem(lexicon.load().words, "padding", frozenset())
    assert not triage.is_bare_red_flag(finding, text)


@pytest.mark.usefixtures("a_reader_that_hears_only_talk")
@pytest.mark.parametrize("text", ["not breathing lol", "can't breathe 😂", "she won't wake up?", "kill me"])
def test_with_a_laugh_or_a_question_beside_it_it_may_be(text: str) -> None:
    assert triage.triage(text).level == "none"


@pytest.mark.parametrize(
    "text",
    [
        "no signs of breathing",
        "there's no sign of any breathing",
        "no chest movement at all",
        "no signs of a pulse",
    ]
    + ["she is showing no signs of life", "no signs of waking", "can't see any signs of breathing"],
)
def test_no_sign_of_what_keeps_one_alive_is_an_emergency(text: str) -> None:
    assert triage.triage(text).level == "emergency"


@pytest.mark.parametrize(
    "text",
    ["no signs of breathing problems", "no signs of trouble breathing", "no signs of a seizure"]
    + ["the printer shows no signs of life", "no sign of life on mars"],
)
def test_no_sign_of_what_harms_is_none(text: str) -> None:
    assert triage.triage(text).level == "none"


@pytest.mark.parametrize("joiner", [". ", "! ", "\n"])
@pytest.mark.parametrize("order", [1, -1])
def test_talk_beside_a_sign_takes_nothing_from_it(joiner: str, order: int) -> None:
    said = [TALK, "he is not breathing"][::order]
    assert triage.triage(joiner.join(said)).level == "emergency"


@pytest.mark.parametrize(
    "said",
    [
        "what time does the bakery open on sunday and my mum wont wake up",
        "thanks, lovely recipe by the way. dad has gone blue round the mouth",
        "he is not breathing, anyway sorry for the typos",
        "the printer is dead again lol also i just took the whole bottle",
        "happy birthday to the cat! she's having a seizure, my wife I mean",
        "lovely day for the match, and i want to die tonight",
        "Timer for the pasta please\nbaby swallowed a baclofen tablet",
    ],
)
def test_a_danger_stays_one_beside_something_unrelated(said: str) -> None:
    assert triage.triage(said).level in ("emergency", "crisis")


@pytest.mark.parametrize(
    "said",
    [
        "what time does the bakery open on sunday and is the printer still dead",
        "thanks, lovely recipe by the way. the blueberries turned his mouth blue, what a face",
        "my card was declined twice today and this queue is killing me",
    ],
)
def test_two_harmless_things_make_no_danger(said: str) -> None:
    assert triage.triage(said).level in ("none", "awareness")


def test_a_wish_to_die_after_a_small_mishap_is_heard() -> None:
    assert triage.triage("my card was declined twice today and i want to die").level == "crisis"


@pytest.mark.xfail(strict=True, reason="unknown words sound like slurred speech: a false alarm")
def test_gibberish_beside_the_medicine_is_calm() -> None:
    assert triage.triage("xqz baclofen flurb dringle zanzibar").level == "none"


@pytest.mark.usefixtures("without_the_learned_reader")
def test_without_the_learned_reader_every_sign_counts() -> None:
    assert triage.triage(TALK).level == "emergency"


def test_the_graver_the_sign_the_surer_the_reader_must_be() -> None:
    assert triage.TALK["emergency"] <= triage.TALK["urgent"] <= triage.TALK["awareness"]
