"""What the trackers hold of earlier turns, perhaps those of another process or of one that was killed.

The answer to a message with an id, so that a second turn is not needed to find it, and the choices that were
offered last, so that a digit means the same to every process.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from sanic import Sanic

LOOKED_AT = 400
"""Events at the end of a conversation that are looked at."""

PATIENCE = 0.1
"""Seconds for the tracker store."""


def stored_id(channel: str, sender: str, message_id: str) -> str:
    """Return the name by which a tracker knows a message that its client or vendor named."""
    return hashlib.sha256(f"{channel}\n{sender}\n{message_id}".encode()).hexdigest()[:32]


async def find(app: Sanic, channel: str, sender: str, message_id: str) -> list[dict[str, Any]]:
    """Return what was said to a message, none where no turn of it is stored; never raises."""
    if not message_id:
        return []
    try:
        events = await _latest_events(app, sender)
    except Exception:  # slow, dead or broken: it is answered as if it were new
        return []
    name = stored_id(channel, sender, message_id)
    start = next(
        (i for i, e in enumerate(events) if isinstance(e, UserUttered) and e.message_id == name), None
    )
    if start is None:
        return []
    said = []
    for event in events[start + 1 :]:
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            said.append(_reply(event))
    return [reply for reply in said if reply]


async def last_offer(app: Sanic, sender: str) -> tuple[float, list[str]]:
    """Return when something was said last to a sender, and the payloads that could be chosen then.

    Nothing can where something was asked: a digit would be its answer. Never raises; 0 for the time where
    nothing is stored or the store does not answer.
    """
    try:
        return _offer_of(await _latest_events(app, sender))
    except Exception:  # slow, dead or broken: what this process has offered itself counts
        return 0.0, []


async def _latest_events(app: Sanic, sender: str) -> list[Any]:
    """Return the end of a conversation; what a turn under way works on is left alone."""
    store = app.ctx.agent.tracker_store
    known = getattr(store, "_tracker_store", store).latest_events(sender)  # inside Rasa's fail-safe store
    return list(await asyncio.wait_for(known, PATIENCE))[-LOOKED_AT:]


def _offer_of(events: list[Any]) -> tuple[float, list[str]]:
    start = max((i for i, event in enumerate(events) if isinstance(event, UserUttered)), default=0)
    said = [event for event in events[start:] if isinstance(event, BotUttered)]
    if not said:
        return 0.0, []
    episodes = [e.value for e in events if isinstance(e, SlotSet) and e.key == "episode"]
    is_asked = bool(episodes and (episodes[-1] or {}).get("asked"))
    offered = [event.data["buttons"] for event in said if (event.data or {}).get("buttons")]
    choices = offered[-1] if offered and not is_asked else []
    return float(said[-1].timestamp), [str(button["payload"]) for button in choices]


def _reply(event: BotUttered) -> dict[str, Any]:
    data = event.data or {}
    reply = {"text": event.text, "buttons": data.get("buttons"), "custom": data.get("custom")}
    return {name: value for name, value in reply.items() if value}
