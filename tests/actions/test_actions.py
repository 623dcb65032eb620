"""The custom actions on trackers as Rasa sends them."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer_question import AnswerQuestion
from actions.nearest_questions import MOST, NearestQuestions
from actions.small_talk import SmallTalk
from baclofen import facts


def _run(action: Action, intent: str, ranking: list[str] | None = None, **slots: Any) -> list[dict[str, Any]]:
    names = [intent, *(ranking or [])]
    message = {"text": "x", "intent": {"name": intent}, "intent_ranking": [{"name": name} for name in names]}
    state = {"sender_id": "a", "slots": slots, "latest_message": message, "events": [], "paused": False}
    dispatcher = CollectingDispatcher()
    assert action.run(dispatcher, Tracker.from_dict(state), {}) == []
    messages: list[dict[str, Any]] = dispatcher.messages
    return messages


@pytest.mark.parametrize("name", sorted(facts.load()))
def test_every_fact_is_answered_with_its_sources(name: str) -> None:
    (message,) = _run(AnswerQuestion(), name)
    assert facts.load()[name].words("US")[0] in message["text"]
    assert message["custom"]["fact"]["id"] == name
    assert message["custom"]["fact"]["sources"]


def test_an_intent_without_a_fact_is_a_fault_and_not_an_answer() -> None:
    with pytest.raises(KeyError):
        _run(AnswerQuestion(), "no_such_fact")


def test_the_numbers_are_those_of_the_country_in_the_slot() -> None:
    british = _run(AnswerQuestion(), "emergency_number", country={"given": "GB"})[0]["text"]
    assert "999" in british
    assert "911" not in british


@pytest.mark.parametrize("country", [None, {}, 7, "GB", {"nonsense": "x"}])
def test_a_slot_of_any_shape_is_answered_for_the_default_country(country: Any) -> None:
    assert "911" in _run(AnswerQuestion(), "emergency_number", country=country)[0]["text"]


@pytest.mark.parametrize(
    "intent", ["greet", "thanks", "goodbye", "are_you_a_bot", "who_made_you", "help", "out_of_scope"]
)
def test_small_talk_has_words_and_no_verdict(intent: str) -> None:
    (message,) = _run(SmallTalk(), intent)
    assert message["text"]
    assert not message["custom"]


def test_the_nearest_questions_are_offered_and_nothing_else() -> None:
    ranking = ["uses", "greet", "forms", "report_signs", "storage", "driving"]
    (message,) = _run(NearestQuestions(), "nlu_fallback", ranking)
    titles = [button["title"] for button in message["buttons"]]
    assert titles == [facts.load()[name].question for name in ("uses", "forms", "storage")]
    assert len(titles) == MOST


def test_without_a_ranking_something_is_offered_all_the_same() -> None:
    (message,) = _run(NearestQuestions(), "nlu_fallback")
    assert message["text"]
