"""The default bot's custom actions, copied into its project: the fact of an intent, what to do meanwhile."""

import json
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

WORDS: dict[str, str] = json.loads((Path(__file__).parent / "words.json").read_text("utf-8"))


class AnswerFact(Action):
    def name(self) -> str:
        return "action_answer_fact"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=WORDS[tracker.get_intent_of_latest_message()])
        return []


class EmergencyDetails(Action):
    def name(self) -> str:
        return "action_emergency_details"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=WORDS["emergency_details"])
        return []
