"""What is written down of a conversation: what the next turn needs, and not a word of what was typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rasa.shared.core.events import Event

from assistant.conversation import Conversation, Whereabouts, hear
from assistant.privacy import prefix_of, redacted
from baclofen import countries

CANARIES = ("zanzibar", "Quagga", "7700900123", "m-1", "won't wake")


def _user() -> dict[str, Any]:
    return {
        "event": "user",
        "timestamp": 5.0,
        "text": "zanzibar Quagga won't wake",
        "input_channel": "rest",
        "message_id": "m-1",
        "metadata": {"phone": "+447700900123", "language": "en-zanzibar", "country": "zanzibar", "x": "m-1"},
        "parse_data": {
            "intent": {"name": "overdose_signs", "confidence": 0.9},
            "entities": [{"value": "Quagga"}],
            "text": "zanzibar",
            "triage": {"level": "emergency", "signs": [{"words": "won't wake"}]},
            "intent_ranking": [{"name": "x"}],
        },
    }


def _bot() -> dict[str, Any]:
    custom = {
        "fact": {"id": "what_is_baclofen", "x": "zanzibar"},
        "triage": {"signs": [{"words": "won't wake"}]},
    }
    return {
        "event": "bot",
        "timestamp": 6.0,
        "text": "You said zanzibar",
        "data": {"custom": custom, "buttons": None},
        "metadata": {"utter_action": "utter_emergency", "x": "Quagga"},
    }


def _slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "timestamp": 7.0, "name": name, "value": value}


EVENTS = [
    _user(),
    _bot(),
    _slot("session_started_metadata", {"phone": "+447700900123", "note": "Quagga"}),
    _slot(
        "country",
        {"phone": "+447700900123", "given": "zanzibar", "time_zone": "Quagga", "locale": "zanzibar"},
    ),
    _slot("language", {"asked": "en-zanzibar", "x": "Quagga"}),
    _slot("zanzibar", "Quagga"),
    {"event": "entities", "timestamp": 8.0, "entities": [{"value": "zanzibar"}]},
    {"event": "unknown", "timestamp": 8.0, "words": "zanzibar"},
    {"event": "action", "timestamp": 9.0, "name": "action_listen", "action_text": "zanzibar"},
]


def test_of_choices_the_intents_are_written_and_no_other_words() -> None:
    def kept(*payloads: str) -> Any:
        buttons = [{"title": "zanzibar", "payload": payload} for payload in payloads]
        return redacted({**_bot(), "data": {"buttons": buttons}})["data"].get("buttons")

    assert kept("/follow_more") == [{"title": "", "payload": "/follow_more"}]
    assert kept("/follow_more", "zanzibar") is None


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e["event"])
def test_nothing_that_was_typed_or_tells_who_it_is_is_written(event: dict[str, Any]) -> None:
    kept = json.dumps({k: v for k, v in redacted(event).items() if k != "name"})
    assert [canary for canary in CANARIES if canary in kept] == []


@pytest.mark.parametrize("event", EVENTS[:7] + EVENTS[8:], ids=lambda e: e["event"])
def test_what_is_written_can_be_read_back_and_is_not_reduced_further(event: dict[str, Any]) -> None:
    kept = redacted(event)
    assert redacted(kept) == kept
    assert Event.from_parameters(kept) is not None or event["event"] == "entities"


def test_intent_fact_action_and_time_are_kept() -> None:
    assert redacted(_user())["parse_data"]["intent"] == {"name": "overdose_signs", "confidence": 0.9}
    assert redacted(_user())["timestamp"] == 5.0
    assert redacted(_bot())["data"] == {"custom": {"fact": {"id": "what_is_baclofen"}}}
    assert redacted(_bot())["metadata"] == {"utter_action": "utter_emergency"}


@pytest.mark.parametrize(
    "known",
    [
        {"phone": "+14165550123"},
        {"phone": "00493012345678"},
        {"given": "germany"},
        {"time_zone": "Europe/Paris"},
        {"locale": "es-MX"},
        {"said": "NZ"},
    ],
)
def test_the_place_that_is_written_is_the_same_country(known: dict[str, str]) -> None:
    before = Whereabouts.from_dict(known).resolve()
    after = Whereabouts.from_dict(redacted(_slot("country", known))["value"]).resolve()
    assert not before.is_default
    assert after == before


def test_a_number_is_cut_to_its_country_in_every_country_and_one_of_none_is_left_out() -> None:
    for country in countries.load().values():
        for prefix in country.phone_prefixes:
            made = prefix_of(prefix.ljust(12, "7"))
            assert countries.code_of_phone(made) == country.code
            assert "777" not in made.removeprefix(prefix)
    assert prefix_of("0301234567") == ""
    assert prefix_of("zanzibar") == ""


def test_the_episode_outlives_being_written() -> None:
    heard = hear("he took 40 baclofen and wont wake up, zanzibar", Conversation())
    slots = {name: redacted(_slot(name, value))["value"] for name, value in heard.after.to_slots().items()}
    again = Conversation.from_slots(slots)
    assert again.episode == heard.after.episode
    assert again.episode is not None
    assert "zanzibar" not in json.dumps(slots)


def test_everything_is_kept_where_the_operator_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEP_TEXT", "1")
    assert redacted(_user()) == _user()
    monkeypatch.setenv("KEEP_TEXT", "0")
    assert redacted(_user()) != _user()
