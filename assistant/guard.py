"""The first net: checks a request, triages its raw text and knows the first words, whatever works behind it.

Nothing here needs a model, a database, a lock or the network.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from assistant import settings, wire
from assistant.conversation import Conversation, Heard, clean_metadata, hear
from assistant.overload.ear import EAR
from assistant.turn import SLOTS
from baclofen.signs import RANK

LARGEST_BODY = 64 * 1024
"""Bytes; anything up to this is triaged before any other limit applies."""

LONGEST_TEXT = 4000
"""Characters that Rasa gets; the guard triages all of them."""

LONGEST_SENDER = 255
"""Characters of a sender that tracker stores can keep; longer ones are hashed."""

LONGEST_ID = 64
"""Characters of a client's own id of a message."""

CONVERSATIONS = 10_000
"""Senders that are remembered, the latest ones."""

TRACKER_PATIENCE = 0.1
"""Seconds that reading a tracker may hold up the first words."""

_BESIDE = ThreadPoolExecutor(2, "long-text")
"""Hears long texts. More at once would be no faster and take the processor from everybody else."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Incoming:
    """A request that can be answered: sender, text as typed, and the metadata that we read.

    ``message_id`` is the client's own name for the message: with the same one again it is the same message,
    sent twice because the first answer got lost. Empty when the client names none. ``has_sender`` is False
    when the sender is an id that was made here for want of one.
    """

    sender: str
    text: str
    metadata: dict[str, str]
    message_id: str = ""
    has_sender: bool = True


@dataclass(frozen=True)
class Refusal:
    """A request that cannot be answered: HTTP status and the reason for the developer."""

    status: int
    reason: str
    metadata: dict[str, str]

    def body(self) -> dict[str, Any]:
        """Return the JSON body: the reason, and the emergency sentence for whoever sees it."""
        return refusal_body(self.reason, self.metadata)


def refusal_body(reason: str, metadata: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the body of any 4xx or 5xx on a chat path."""
    try:
        place = hear("", Conversation(), metadata).place
    except Exception:
        place = None
    return {"error": reason, "text": wire.last_resort(place)["text"]}


def parse(body: bytes) -> Incoming | Refusal:
    """Read the body of ``POST /webhooks/rest/webhook``; never raises."""
    if len(body) > LARGEST_BODY:
        return Refusal(413, f"The body is larger than {LARGEST_BODY} bytes.", {})
    try:
        data = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return Refusal(400, "The body is not JSON.", {})
    if not isinstance(data, dict):
        return Refusal(400, "The body must be a JSON object with a text in 'message'.", {})
    metadata = clean_metadata(data.get("metadata"))
    text = data.get("message")
    if not isinstance(text, str):
        return Refusal(400, "'message' must be a text.", metadata)
    text = _SURROGATE.sub("\ufffd", text)
    if not text.strip():
        return Refusal(400, "'message' is empty.", metadata)
    sender = _sender(data.get("sender"))
    message_id = _message_id(data.get("message_id"))
    return Incoming(sender or uuid.uuid4().hex, text, metadata, message_id, bool(sender))


def parse_sender(body: bytes) -> str | Refusal:
    """Read whose conversation a body names; never raises."""
    try:
        data = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return Refusal(400, "The body is not JSON.", {})
    value = data.get("sender") if isinstance(data, dict) else None
    if not isinstance(value, str) or not value.strip():
        return Refusal(400, "'sender' must be a text.", {})
    return _sender(value)


def _message_id(value: Any) -> str:
    """Return a usable id; one that is missing, odd or too long counts as none."""
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_ID else ""


def _sender(value: Any) -> str:
    """Return a usable sender; empty when it is missing or of another type."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        return ""
    value = _SURROGATE.sub("\ufffd", value.strip())
    if len(value) > LONGEST_SENDER:
        return hashlib.sha256(value.encode("utf-8")).hexdigest()
    return value


OVERLAP = 15.0
"""Seconds in which a message may still wait for its turn here while one of another process is stored."""

ReadSlots = Callable[[str], Awaitable[dict[str, Any] | None]]
"""Returns the slots of a sender's tracker, None when there is no tracker.

``heard_at`` among them says when another process that shares the database last heard the sender, in seconds
since 1970; 0 when none has since this process last wrote. ``own_at`` says when the last message was heard
whose turn this process has finished.
"""


@dataclass(frozen=True)
class _Held:
    """A conversation and when it was last heard, in seconds since 1970; ``own_at`` as in the slots."""

    conversation: Conversation
    at: float
    own_at: float = 0.0


class Guard:
    """Hears every message before Rasa does, and remembers what it must know for the next one."""

    def __init__(self, size: int = CONVERSATIONS) -> None:
        self._size = size
        self._held: OrderedDict[str, _Held] = OrderedDict()

    async def hear(self, incoming: Incoming, read_slots: ReadSlots) -> Heard:
        """Return what a message means in its conversation; looking that up takes a moment at most."""
        stored = _Held(Conversation(), 0.0)
        if incoming.sender not in self._held or settings.has_shared_database():
            stored = await _stored(incoming.sender, read_slots)
        held = self._held.get(incoming.sender)
        before = _newer(held, stored) if held else stored.conversation
        if len(incoming.text) > LONGEST_TEXT:  # takes long enough to keep others waiting
            before = self._held.get(incoming.sender, before)
            loop = asyncio.get_running_loop()
            heard = await loop.run_in_executor(_BESIDE, hear, incoming.text, before, incoming.metadata)
        else:
            async with EAR.turn(incoming.text):
                held = self._held.get(incoming.sender)
                before = _newer(held, stored) if held else stored.conversation
                heard = hear(incoming.text, before, incoming.metadata)
        self._held[incoming.sender] = _Held(heard.after, time.time())
        self._held.move_to_end(incoming.sender)
        while len(self._held) > self._size:
            self._held.popitem(last=False)
        return heard

    def knows(self, sender: str) -> bool:
        """Say whether a sender has been heard in this process, as far as it remembers."""
        return sender in self._held

    def forget(self, sender: str) -> None:
        """Forget what is held of a conversation."""
        self._held.pop(sender, None)


async def _stored(sender: str, read_slots: ReadSlots) -> _Held:
    try:
        slots = await asyncio.wait_for(read_slots(sender), TRACKER_PATIENCE) or {}
    except Exception:  # slow, dead or broken: the raw text alone decides
        slots = {}
    times = [float(slots.get(name) or 0.0) for name in ("heard_at", "own_at")]
    return _Held(Conversation.from_slots({name: slots.get(name) for name in SLOTS}), *times)


def _newer(held: _Held, stored: _Held) -> Conversation:
    """Return what another process has stored if that is newer; nothing grave is lost for being on its way."""
    if stored.at <= held.at:
        return held.conversation
    if stored.own_at >= held.at:  # nothing of this process is on its way
        return stored.conversation
    is_graver = _rank(held.conversation) > _rank(stored.conversation)
    return held.conversation if is_graver and stored.at - held.at < OVERLAP else stored.conversation


def _rank(conversation: Conversation) -> int:
    return RANK[conversation.episode.level] if conversation.episode else 0
