"""``action_answer_question``: the curated fact that the intent asks for."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.place import language_of, place_of
from actions.say import say
from baclofen import facts, replies


class AnswerQuestion(Action):
    """Answer with the fact whose id is the intent's name."""

    def name(self) -> str:
        return "action_answer_question"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the fact; an intent without one is a fault of the rules and raises KeyError."""
        fact = facts.load()[tracker.get_intent_of_latest_message(skip_fallback_intent=False) or ""]
        say(dispatcher, replies.fact(fact, place_of(tracker), language_of(tracker)))
        return []
