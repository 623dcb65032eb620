"""``action_answer_question``: the curated facts that a message asks for, or more of the answer before."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.place import language_of, place_of
from actions.say import say
from baclofen import asked_facts, facts, follow_ups, mixtures, replies


class AnswerQuestion(Action):
    """Answer with the fact whose id is the intent's name, and with the others that the message asks for."""

    def name(self) -> str:
        return "action_answer_question"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the facts; an intent without one is a fault of the rules and raises KeyError."""
        intent = tracker.get_intent_of_latest_message(skip_fallback_intent=False) or ""
        parsed = {**(tracker.latest_message or {}), "intent": {"name": intent}}
        place, language, known = place_of(tracker), language_of(tracker), facts.load()
        names = asked_facts.asked_by(parsed, tracker.events)
        for name in names:
            note = parsed.get(mixtures.MEDICINE) if name == names[0] else None
            say(dispatcher, replies.fact(known[name], place, language, medicine=note))
        if not names:
            part = follow_ups.says(intent)
            if part is None:
                raise KeyError(intent)
            before = follow_ups.topic(tracker.events)
            say(dispatcher, replies.follow_up(part, known[before] if before else None, place, language))
        return []
