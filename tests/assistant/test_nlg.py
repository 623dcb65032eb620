"""The reply builder: our words, else the domain's, else the last resort; never nothing."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant import wire
from assistant.nlg import ReplyBuilder
from baclofen.paths import ROOT

pytestmark = pytest.mark.filterwarnings("ignore:Slot auto-fill has been removed")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    DOMAIN = Domain.from_file(str(ROOT / "domain.yml"))
ACTIONS = sorted(DOMAIN.responses)


def _generate(action: str, *events: Any, **kwargs: Any) -> dict[str, Any]:
    tracker = DialogueStateTracker.from_events("x", [ActionExecuted("action_listen"), *events], DOMAIN.slots)
    response = asyncio.run(ReplyBuilder().generate(action, tracker, "rest", **kwargs))
    assert response is not None
    return response


def test_the_words_are_those_of_the_country_in_the_slots() -> None:
    events = [SlotSet("country", {"given": "GB"}), UserUttered("he is not breathing")]
    response = _generate("utter_emergency", *events)
    assert "999" in response["text"]
    assert response["custom"]["triage"]["level"] == "emergency"


def test_only_the_first_words_carry_the_verdict() -> None:
    assert "custom" not in _generate("utter_emergency_care", UserUttered("he is not breathing"))


SURE = {"name": "naloxone", "confidence": 0.9}


def test_a_level_that_the_intent_raised_carries_no_verdict_of_the_triage() -> None:
    response = _generate("utter_awareness", UserUttered("What is baclofen?", SURE))
    assert "911" in response["text"]
    assert "custom" not in response


@pytest.mark.parametrize("action", ACTIONS)
def test_words_that_cannot_be_built_come_from_the_domain(
    action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(wire, "reply", fails)
    response = _generate(action, UserUttered("he is not breathing"), domain_responses=DOMAIN.responses)
    assert response["text"] == DOMAIN.responses[action][0]["text"]


def test_without_words_of_the_domain_the_last_resort_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "911" in _generate("utter_unknown", UserUttered("he is not breathing"))["text"]


def test_a_tracker_without_a_message_gets_the_domains_words() -> None:
    response = _generate("utter_emergency", domain_responses=DOMAIN.responses)
    assert response["text"] == DOMAIN.responses["utter_emergency"][0]["text"]


def test_the_domains_words_are_not_changed_by_being_said() -> None:
    for _ in range(2):
        response = _generate("utter_emergency", domain_responses=DOMAIN.responses)
        assert response.pop("text")
