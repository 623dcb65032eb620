"""``action_small_talk``: greetings, thanks, what the bot is and what it can do."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.place import language_of, place_of
from actions.say import say
from baclofen import replies


class SmallTalk(Action):
    """Answer with the words kept for the intent."""

    def name(self) -> str:
        return "action_small_talk"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the words; an intent without words is a fault of the rules and raises KeyError."""
        key = tracker.get_intent_of_latest_message(skip_fallback_intent=False) or ""
        say(dispatcher, replies.small_talk(key, place_of(tracker), language_of(tracker)))
        return []
