"""A sign that both its sentence and the message show to be mere talk is not counted; every other one is."""

from __future__ import annotations

import pytest

from baclofen import learned, triage


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


@pytest.mark.parametrize("joiner", [". ", "! ", "\n"])
@pytest.mark.parametrize("order", [1, -1])
def test_talk_beside_a_sign_takes_nothing_from_it(joiner: str, order: int) -> None:
    said = [TALK, "he is not breathing"][::order]
    assert triage.triage(joiner.join(said)).level == "emergency"


@pytest.mark.usefixtures("without_the_learned_reader")
def test_without_the_learned_reader_every_sign_counts() -> None:
    assert triage.triage(TALK).level == "emergency"


def test_the_graver_the_sign_the_surer_the_reader_must_be() -> None:
    assert triage.TALK["emergency"] <= triage.TALK["urgent"] <= triage.TALK["awareness"]
