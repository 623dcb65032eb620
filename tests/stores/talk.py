"""Turns as Rasa would leave them in a tracker."""

from __future__ import annotations

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.stores.trackers import SafeTrackerStore


def turn(text: str) -> list[Event]:
    return [
        UserUttered(text, {"name": "greet"}),
        ActionExecuted("utter_x"),
        BotUttered("x"),
        ActionExecuted("action_listen"),
    ]


async def say(store: SafeTrackerStore, sender: str, text: str) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    if not tracker.events:
        for event in (
            ActionExecuted("action_session_start"),
            SessionStarted(),
            ActionExecuted("action_listen"),
        ):
            tracker.update(event)
    for event in turn(text):
        tracker.update(event)
    await store.save(tracker)
    return tracker


def texts(tracker: DialogueStateTracker | None) -> list[str | None]:
    return [e.text for e in tracker.events if isinstance(e, UserUttered)] if tracker else []
