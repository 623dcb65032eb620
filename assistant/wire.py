"""Our messages in Rasa's shape, and the replies that need nothing but the core."""

from __future__ import annotations

from typing import Any

from assistant.conversation import Heard
from baclofen import countries, replies


def to_response(message: replies.Message) -> dict[str, Any]:
    """Return a message as a Rasa response: ``text``, ``custom`` and ``buttons``, as far as it has them."""
    response: dict[str, Any] = {}
    if message.text:
        response["text"] = message.text
    if message.buttons:
        response["buttons"] = [{"title": b.title, "payload": b.payload} for b in message.buttons]
    if message.custom:
        response["custom"] = message.custom
    return response


def spoken_actions(level: str) -> tuple[str, ...]:
    """Return the names of the replies that a level calls for, in order."""
    if level in ("emergency", "crisis"):
        return (f"utter_{level}", f"utter_{level}_care")
    return (f"utter_{level}",) if level in ("urgent", "awareness") else ()


def reply(action: str, heard: Heard) -> replies.Message:
    """Return the words of an ``utter_…`` action.

    Raises:
        KeyError: the action has no words of its own.
    """
    verdict, place, language = heard.triage, heard.place, heard.language
    if action in ("utter_no_answer", "utter_default"):
        return replies.unavailable(place, language)
    if action == "utter_busy":
        return replies.busy(place, language)
    if verdict is None:
        return replies.last_resort(place)
    if action in ("utter_emergency", "utter_crisis"):
        return replies.escalation(verdict, place, language, heard.first_time)[0]
    if action in ("utter_emergency_care", "utter_crisis_care"):
        return replies.escalation(verdict, place, language, heard.first_time)[1]
    if action in ("utter_urgent", "utter_awareness"):
        return replies.advice(verdict, place, language)
    raise KeyError(action)


def safe_reply(action: str, heard: Heard) -> dict[str, Any]:
    """Return the words of an action in Rasa's shape; when they cannot be built, the last resort."""
    try:
        return to_response(reply(action, heard))
    except Exception:
        return last_resort(heard.place)


def last_resort(place: countries.Place | None = None) -> dict[str, Any]:
    """Return a sentence with a number, whatever is broken."""
    return to_response(replies.last_resort(place))
