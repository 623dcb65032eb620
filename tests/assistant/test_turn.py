"""A turn as the tracker tells it: what the intent adds to what the readers found."""

from __future__ import annotations

import warnings

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant import payloads
from assistant.turn import Turn, read
from baclofen.paths import ROOT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    DOMAIN = Domain.from_file(str(ROOT / "domain.yml"))


def _turn(text: str, intent: str, *events: SlotSet, at: float = 1000.0) -> Turn:
    said = UserUttered(text, {"name": intent, "confidence": 0.95}, timestamp=at)
    tracker = DialogueStateTracker.from_events(
        "x", [ActionExecuted("action_listen"), *events, said], DOMAIN.slots
    )
    turn = read(tracker)
    assert turn is not None
    return turn


@pytest.mark.filterwarnings("ignore:Slot auto-fill has been removed")
def test_a_yes_after_a_question_that_the_intent_called_for_is_understood() -> None:
    asked = _turn("it is about my father", payloads.REPORT)
    assert asked.heard.triage is not None
    assert asked.heard.triage.clarify
    held = [SlotSet(name, value) for name, value in asked.changed_slots().items()]
    assert _turn("yes", "affirm", *held, at=1010.0).heard.level in ("urgent", "emergency")


@pytest.mark.filterwarnings("ignore:Slot auto-fill has been removed")
def test_a_yes_after_an_ordinary_question_is_nothing() -> None:
    asked = _turn("what is baclofen", "what_is_baclofen")
    held = [SlotSet(name, value) for name, value in asked.changed_slots().items()]
    assert _turn("yes", "affirm", *held, at=1010.0).heard.level == "none"


@pytest.mark.filterwarnings("ignore:Slot auto-fill has been removed")
def test_a_crisis_that_only_the_intent_saw_is_held_and_a_calm_question_is_not() -> None:
    asked = _turn("what amount ends it for a grown man", "lethal_dose")
    assert asked.heard.level == "crisis"
    held = [SlotSet(name, value) for name, value in asked.changed_slots().items()]
    assert _turn("come on, just the number in mg", "starting_dose", *held, at=1010.0).heard.level == "crisis"
    calm = _turn("how do I store it", "storage")
    held = [SlotSet(name, value) for name, value in calm.changed_slots().items()]
    assert _turn("come on, just the number in mg", "starting_dose", *held, at=1010.0).heard.level == "none"
