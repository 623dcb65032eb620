"""Puts a message of ours into Rasa's dispatcher."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from baclofen import replies


def say(dispatcher: CollectingDispatcher, message: replies.Message) -> None:
    """Send text, buttons and the machine-readable part, as far as the message has them."""
    dispatcher.utter_message(
        text=message.text,
        json_message=message.custom,
        buttons=[{"title": b.title, "payload": b.payload} for b in message.buttons],
    )
