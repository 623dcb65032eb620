"""Rasa's own files: nothing in them may call the action server before a policy can speak."""

from __future__ import annotations

from typing import Any

import yaml

from assistant import payloads
from assistant.turn import SLOTS
from baclofen import facts, follow_ups
from baclofen.paths import DATA, ROOT


def _read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


DOMAIN = _read("domain.yml")
RULES = _read("data/rules.yml")["rules"]
CONFIG = _read("config.yml")


def _intents_of(rule: dict[str, Any]) -> set[str]:
    steps = rule["steps"][0]
    return {step["intent"] for step in steps.get("or", [steps])}


def test_the_domain_has_no_form_and_no_action_that_runs_before_a_policy() -> None:
    assert not DOMAIN.get("forms")
    assert not {"action_validate_slot_mappings", "action_session_start"} & set(DOMAIN["actions"])


def test_no_slot_is_filled_by_an_action_or_steers_the_rules() -> None:
    assert set(DOMAIN["slots"]) == set(SLOTS)
    for slot in DOMAIN["slots"].values():
        assert slot["influence_conversation"] is False
        assert slot["mappings"] == [{"type": "custom"}]


def test_the_intents_are_the_facts_follow_ups_small_talk_and_reports_and_nothing_else() -> None:
    names = [name for entry in DOMAIN["intents"] for name in entry]
    assert len(names) == len(set(names))
    assert set(names) == payloads.intents()
    asked = set(facts.load()) | set(follow_ups.load()["says"])
    assert payloads.intents() == asked | set(payloads.SMALL_TALK) | {payloads.REPORT}


def test_no_intent_lets_entities_steer_the_rules() -> None:
    assert all(options == {"use_entities": []} for entry in DOMAIN["intents"] for options in entry.values())


def test_every_intent_has_one_rule() -> None:
    covered = [intent for rule in RULES for intent in _intents_of(rule)]
    assert len(covered) == len(set(covered))
    assert set(covered) == payloads.intents() | {"nlu_fallback"}


def test_facts_and_follow_ups_are_answered_by_the_action_that_answers() -> None:
    answering = next(rule for rule in RULES if rule["steps"][1]["action"] == "action_answer_question")
    assert _intents_of(answering) == set(facts.load()) | set(follow_ups.load()["says"])


def test_the_examples_are_of_known_intents_and_of_each_of_them() -> None:
    found = {
        entry["intent"]
        for path in (DATA / "nlu").glob("*.yml")
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        if "intent" in entry
    }
    assert found == payloads.intents()


def test_the_escalation_policy_and_the_sign_detector_come_first() -> None:
    assert CONFIG["pipeline"][0]["name"] == "assistant.sign_detector.SignDetector"
    assert CONFIG["policies"][0]["name"] == "assistant.escalation_policy.EscalationPolicy"


def test_every_static_reply_of_a_level_names_a_number() -> None:
    for name, variations in DOMAIN["responses"].items():
        text = variations[0]["text"]
        assert len(variations) == 1
        assert name == "utter_crisis_care" or name == "utter_emergency_care" or "911" in text


def test_the_entities_are_those_of_the_data_file() -> None:
    assert set(DOMAIN["entities"]) == set(_read("data/entities.yml")["labels"])


def test_every_action_of_the_domain_exists() -> None:
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(DOMAIN["actions"]) <= set(executor.actions)
