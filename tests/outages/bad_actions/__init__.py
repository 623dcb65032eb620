"""Actions that misbehave: one hangs for a minute, one raises, one ends its own thread's patience slowly."""

from __future__ import annotations

import time
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

Events = list[dict[str, Any]]


class Hangs(Action):
    def name(self) -> str:
        return "action_answer_question"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        time.sleep(60)
        return []


class Raises(Action):
    def name(self) -> str:
        return "action_small_talk"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(text="lost")
        raise RuntimeError("secret")


class HangsAwaiting(Action):
    def name(self) -> str:
        return "action_nearest_questions"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        time.sleep(60)  # blocks its loop, as careless actions do
        return []
