"""``action_nearest_questions``: what the user may have meant, as buttons."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.place import language_of
from actions.say import say
from baclofen import facts, replies

MOST = 3
"""Questions offered; more are hard to take in when read aloud."""


class NearestQuestions(Action):
    """Offer the curated questions nearest to what was asked."""

    def name(self) -> str:
        return "action_nearest_questions"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say that the question was not understood and offer the nearest ones."""
        ranking = (tracker.latest_message or {}).get("intent_ranking") or []
        known = facts.load()
        nearest = [known[entry["name"]] for entry in ranking if entry.get("name") in known]
        say(dispatcher, replies.nearest(nearest[:MOST], language_of(tracker)))
        return []
