"""A message with an id that was answered before, perhaps by a process that was killed: its answer again.

The trackers hold the answer under the id, so that a second turn is not needed to find it.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
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
        tracker = await asyncio.wait_for(app.ctx.agent.tracker_store.retrieve(sender), PATIENCE)
    except Exception:  # slow, dead or broken: it is answered as if it were new
        return []
    events = list(tracker.events)[-LOOKED_AT:] if tracker else []
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


def _reply(event: BotUttered) -> dict[str, Any]:
    data = event.data or {}
    reply = {"text": event.text, "buttons": data.get("buttons"), "custom": data.get("custom")}
    return {name: value for name, value in reply.items() if value}
