"""Ids of conversations that the server issues and signs, so that nobody can name somebody else's.

An id is a random part, the second until which it holds, and an HMAC of both. The name of the conversation is
another HMAC of the random part: who holds an id cannot tell by which name Rasa keeps it.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
import secrets
import time

from assistant import settings

LIFETIME = 24 * 3600
"""Seconds that an id holds; each reply brings a new one for the same conversation once half is over."""

_ID = re.compile(r"([0-9a-f]{32})\.([0-9]{1,12})\.([0-9a-f]{64})\Z")
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\Z")


def issue(now: float | None = None) -> str:
    """Return an id for a new conversation."""
    return _signed(secrets.token_hex(16), now)


def issue_for(shown: str, message_id: str, now: float | None = None) -> str:
    """Return an id for a message that came without a valid one.

    The same message, sent again because its answer got lost, gets the same conversation; that takes an id
    of the message that nobody can guess, a UUID. Anything else gets a conversation of its own.
    """
    if not _UUID.match(message_id):
        return issue(now)
    return _signed(_mac("first", f"{shown}\0{message_id}")[:32], now)


def renewed(session: str, now: float | None = None) -> str:
    """Return the id to go on with: the same, or a fresh one of the same conversation."""
    found = _ID.match(session)
    moment = time.time() if now is None else now
    if not found or int(found[2]) - moment > LIFETIME / 2:
        return session
    return _signed(found[1], now)


def conversation(session: str, now: float | None = None, even_expired: bool = False) -> str | None:
    """Return the name of the conversation; None for an id that we did not sign or that has expired."""
    found = _ID.match(session)
    if not found or not hmac.compare_digest(_mac("id", f"{found[1]}.{found[2]}"), found[3]):
        return None
    moment = time.time() if now is None else now
    if int(found[2]) < moment and not even_expired:
        return None
    return f"chat:{_mac('conversation', found[1])[:40]}"


def _signed(nonce: str, now: float | None) -> str:
    moment = time.time() if now is None else now
    until = int(moment) // 3600 * 3600 + LIFETIME  # to the hour: who asks again gets the same id
    return f"{nonce}.{until}.{_mac('id', f'{nonce}.{until}')}"


def _mac(purpose: str, text: str) -> str:
    return hmac.new(_key(), f"{purpose}\0{text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _key() -> bytes:
    return (settings.session_secret() or _of_this_start()).encode()


@functools.lru_cache(maxsize=1)
def _of_this_start() -> str:
    return secrets.token_hex(32)
