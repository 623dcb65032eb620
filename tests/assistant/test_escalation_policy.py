"""The escalation policy on trackers made by hand: which action, in which order, and when it abstains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.escalation_policy import EscalationPolicy
from baclofen.paths import ROOT

pytestmark = pytest.mark.filterwarnings("ignore:Slot auto-fill has been removed")

EMERGENCY = "he is not breathing"
CALM = "What is baclofen?"
LISTEN = "action_listen"
ANSWER = "action_answer_question"


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.from_file(str(ROOT / "domain.yml"))


@pytest.fixture(scope="module")
def policy() -> EscalationPolicy:
    context = ExecutionContext(GraphSchema({}))
    return EscalationPolicy(EscalationPolicy.get_default_config(), None, Resource("x"), context)


def _user(text: str, intent: str | None = None, confidence: float = 1.0) -> list[Event]:
    return [ActionExecuted(LISTEN), UserUttered(text, {"name": intent, "confidence": confidence})]


def _predict(
    policy: EscalationPolicy, domain: Domain, events: Sequence[Event]
) -> tuple[str | None, PolicyPrediction]:
    tracker = DialogueStateTracker.from_events("x", list(events), domain.slots)
    prediction = policy.predict_action_probabilities(tracker, domain)
    best = prediction.max_confidence_index
    return (domain.action_names_or_texts[best] if prediction.max_confidence > 0 else None), prediction


def _play(policy: EscalationPolicy, domain: Domain, events: list[Event], speaks: bool = True) -> list[str]:
    """Run the predictions of a turn until the policy listens or abstains."""
    done: list[str] = []
    while True:
        action, prediction = _predict(policy, domain, events)
        events += prediction.events
        if action is None or len(done) > 8:
            return done
        done.append(action)
        events.append(ActionExecuted(action))
        if action == LISTEN:
            return done
        if speaks or action.startswith("utter_"):
            events.append(BotUttered("said"))


def test_an_emergency_gets_words_and_care(policy: EscalationPolicy, domain: Domain) -> None:
    assert _play(policy, domain, _user(EMERGENCY)) == ["utter_emergency", "utter_emergency_care", LISTEN]


def test_a_question_in_an_emergency_is_answered_last(policy: EscalationPolicy, domain: Domain) -> None:
    events = _user("what is the maximum dose? also he is not breathing", "maximum_dose")
    assert _play(policy, domain, events) == ["utter_emergency", "utter_emergency_care", ANSWER, LISTEN]


def test_a_report_is_not_taken_for_a_question(policy: EscalationPolicy, domain: Domain) -> None:
    assert ANSWER not in _play(policy, domain, _user(EMERGENCY, "sign_breathing"))


def test_a_crisis_has_words_of_its_own(policy: EscalationPolicy, domain: Domain) -> None:
    assert _play(policy, domain, _user("I want to kill myself")) == [
        "utter_crisis",
        "utter_crisis_care",
        LISTEN,
    ]


def test_urgent_advice_comes_before_the_answer(policy: EscalationPolicy, domain: Domain) -> None:
    events = _user("I took a double dose of my baclofen by mistake", "missed_dose")
    assert _play(policy, domain, events) == ["utter_urgent", ANSWER, LISTEN]


def test_awareness_comes_after_the_answer(policy: EscalationPolicy, domain: Domain) -> None:
    events = _user("What are the signs of a baclofen overdose?", "overdose_signs")
    assert _play(policy, domain, events) == [ANSWER, "utter_awareness", LISTEN]


def test_a_calm_question_is_left_to_the_rules(policy: EscalationPolicy, domain: Domain) -> None:
    assert _play(policy, domain, _user(CALM, "what_is_baclofen")) == []


def test_a_fact_about_an_overdose_raises_a_calm_message(policy: EscalationPolicy, domain: Domain) -> None:
    assert _play(policy, domain, _user(CALM, "naloxone")) == [ANSWER, "utter_awareness", LISTEN]
    assert _play(policy, domain, _user(CALM, "lethal_dose"))[0] == "utter_crisis"
    assert _play(policy, domain, _user(CALM, "forms")) == []


def test_a_report_that_no_reader_saw_gets_a_question_back(policy: EscalationPolicy, domain: Domain) -> None:
    assert _play(policy, domain, _user(CALM, "report_signs", 0.9)) == ["utter_awareness", LISTEN]
    assert _play(policy, domain, _user(CALM, "report_signs", 0.45)) == []


def test_no_intent_and_no_payload_switches_it_off(policy: EscalationPolicy, domain: Domain) -> None:
    for intent in ("greet", "goodbye", "nlu_fallback", "restart", "session_start", None):
        assert _predict(policy, domain, _user(EMERGENCY, intent))[0] == "utter_emergency"
    assert (
        _predict(policy, domain, _user('/greet{"x": "he is not breathing"}', "greet"))[0] == "utter_emergency"
    )


def test_it_outranks_a_loop_and_ends_it(policy: EscalationPolicy, domain: Domain) -> None:
    action, prediction = _predict(policy, domain, [ActiveLoop("some_form"), *_user(EMERGENCY)])
    assert action == "utter_emergency"
    assert prediction.is_no_user_prediction
    assert prediction.policy_priority == 1000
    done = _play(policy, domain, [ActiveLoop("some_form"), *_user(EMERGENCY)])
    assert "action_deactivate_loop" in done


def test_the_slots_are_set_once_a_turn_whoever_wins(policy: EscalationPolicy, domain: Domain) -> None:
    _, prediction = _predict(policy, domain, _user(EMERGENCY))
    assert {e.key for e in prediction.events if isinstance(e, SlotSet)} >= {"episode", "language"}
    events = [*_user(EMERGENCY), ActionExecuted("utter_emergency"), BotUttered("said")]
    assert _predict(policy, domain, events)[1].events == []
    _, calm = _predict(policy, domain, _user("We're in Germany", "out_of_scope"))
    assert {e.key: e.value for e in calm.events if isinstance(e, SlotSet)}["country"] == {"said": "DE"}


def test_an_emergency_is_held_in_the_next_turn(policy: EscalationPolicy, domain: Domain) -> None:
    events = _user(EMERGENCY)
    _play(policy, domain, events)
    later = [*events, *_user("what is baclofen?", "what_is_baclofen")[1:]]
    assert _play(policy, domain, later) == ["utter_emergency", ANSWER, LISTEN]


@pytest.mark.parametrize("interruption", [Restarted(), ConversationPaused(), SlotSet("requested_slot", None)])
def test_a_restart_ends_no_emergency(policy: EscalationPolicy, domain: Domain, interruption: Any) -> None:
    events = _user(EMERGENCY)
    _play(policy, domain, events)
    later = [*events, interruption, *_user("what do I do while waiting")]
    assert _predict(policy, domain, later)[0] == "utter_emergency"


def test_an_action_that_said_nothing_is_followed_by_an_apology(
    policy: EscalationPolicy, domain: Domain
) -> None:
    message = UserUttered(CALM, {"name": "what_is_baclofen"}, message_id="an id of a real message")
    ran = [ActionExecuted(LISTEN), message, ActionExecuted(ANSWER)]
    assert _play(policy, domain, [*ran, BotUttered("said")]) == []
    assert _play(policy, domain, ran, speaks=False) == ["utter_no_answer", LISTEN]


def test_without_a_message_it_abstains(policy: EscalationPolicy, domain: Domain) -> None:
    assert _predict(policy, domain, [ActionExecuted(LISTEN)])[0] is None
