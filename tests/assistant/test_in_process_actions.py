"""Actions in Rasa's own process: as from an action server, and given up when they misbehave."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from assistant import in_process_actions
from assistant.in_process_actions import InProcessActions


def _call(action: str, intent: str = "what_is_baclofen", **slots: Any) -> dict[str, Any]:
    message = {"text": "x", "intent": {"name": intent}, "intent_ranking": [{"name": intent}], "entities": []}
    tracker = {"sender_id": "a", "slots": slots, "latest_message": message, "events": [], "paused": False}
    return {"next_action": action, "sender_id": "a", "tracker": tracker, "domain": {}}


def _run(actions: InProcessActions, call: dict[str, Any]) -> dict[str, Any]:
    return asyncio.run(actions.request(json=call, method="post", timeout=300, compress=False))


@pytest.fixture(scope="module")
def actions() -> InProcessActions:
    return InProcessActions("actions")


@pytest.fixture(scope="module")
def bad_actions() -> InProcessActions:
    return InProcessActions("tests.outages.bad_actions")


def test_our_actions_are_found(actions: InProcessActions) -> None:
    assert {"action_answer_question", "action_small_talk", "action_nearest_questions"} <= actions.names


def test_an_action_says_what_it_would_say_from_a_server(actions: InProcessActions) -> None:
    result = _run(actions, _call("action_answer_question"))
    assert result["responses"][0]["custom"]["fact"]["id"] == "what_is_baclofen"


def test_the_domain_is_not_sent_with_every_call(actions: InProcessActions) -> None:
    assert actions.kwargs["selective_domain"] is True


@pytest.mark.parametrize("action", ["action_unknown", "action_answer_question"])
def test_an_action_that_cannot_answer_apologises(actions: InProcessActions, action: str) -> None:
    result = _run(actions, _call(action, intent="no_such_fact"))
    assert result["responses"] == [{"response": "utter_no_answer"}]


def test_an_action_that_raises_apologises_and_says_nothing_of_the_conversation(
    bad_actions: InProcessActions, caplog: pytest.LogCaptureFixture
) -> None:
    result = _run(bad_actions, _call("action_small_talk"))
    assert result["responses"] == [{"response": "utter_no_answer"}]
    assert "secret" not in caplog.text


def test_an_action_that_hangs_is_given_up(
    bad_actions: InProcessActions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_process_actions, "PATIENCE", 0.2)
    hanging = InProcessActions.__new__(InProcessActions)
    hanging.__dict__.update(bad_actions.__dict__)
    hanging._executor = type(bad_actions._executor)()

    def waits(*_: Any) -> list[Any]:
        time.sleep(1)
        return []

    hanging._executor.register_function("action_waits", lambda dispatcher, tracker, domain: waits())
    begin = time.monotonic()
    assert _run(hanging, _call("action_waits"))["responses"] == [{"response": "utter_no_answer"}]
    assert time.monotonic() - begin < 0.9
