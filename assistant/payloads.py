"""Messages that a button sends: ``/intent`` and nothing else.

Rasa takes any text that starts with a slash for an intent with entities. Only what a button of ours can
send is let through; the slash of everything else is taken off, so that it is read like any other text.
"""

from __future__ import annotations

import functools
import re

from baclofen import facts, follow_ups

SMALL_TALK = (
    *("greet", "thanks", "goodbye", "are_you_a_bot", "who_made_you", "help", "out_of_scope"),
    *("privacy", "medical_advice", "languages", "affirm", "deny"),
)
REPORT = "report_signs"

_PAYLOAD = re.compile(r"\s*/([a-z][a-z0-9_]*)\s*\Z")
_SLASHES = re.compile(r"\A[\s/\\]+")


@functools.lru_cache(maxsize=1)
def intents() -> frozenset[str]:
    """Return every intent that a button may name."""
    return frozenset(facts.load()) | frozenset(follow_ups.load()["says"]) | frozenset(SMALL_TALK) | {REPORT}


def intent_of(text: str) -> str | None:
    """Return the intent that a button's message names, None for any other text."""
    match = _PAYLOAD.match(text)
    return match[1] if match and match[1] in intents() else None


def without_slash(text: str) -> str:
    """Return text as Rasa may see it: a button's as it is, any other without its leading slashes."""
    if intent_of(text) or not text.lstrip().startswith("/"):
        return text
    return _SLASHES.sub("", text) or "?"


def spoken(text: str) -> str:
    """Return what a message says: for a button the question that it stands for, else the text itself."""
    intent = intent_of(text)
    if intent is None:
        return text
    fact = facts.load().get(intent)
    return fact.question if fact else ""
