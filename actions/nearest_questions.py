"""``action_nearest_questions``: what the user may have meant, as buttons."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.place import language_of
from actions.say import say
from baclofen import facts, misses, replies
from baclofen.nearest import NEAREST

MOST = 3
"""Questions offered; more are hard to take in when read aloud."""


class NearestQuestions(Action):
    """Offer the curated questions nearest to what was asked."""

    def name(self) -> str:
        return "action_nearest_questions"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say that the question was not understood and offer the nearest ones; a curator can see the miss."""
        message, known, language = tracker.latest_message or {}, facts.load(), language_of(tracker)
        names = message.get(NEAREST) or [entry.get("name") for entry in message.get("intent_ranking") or []]
        nearest = [name for name in names if name in known][:MOST]
        misses.record(message.get("text") or "", nearest, language)
        say(dispatcher, replies.nearest([known[name] for name in nearest], language))
        return []
