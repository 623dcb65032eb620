"""Which curated facts a message asks for, from what was understood of it and what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from baclofen import facts, follow_ups

QUESTIONS = "questions"
"""Key of the understood message: ids of further facts that it asks for, the one of the intent left out."""


def asked_by(parsed: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the ids of the facts to answer with, in order; none where no fact is asked for.

    Args:
        parsed: the understood message, with ``intent``, ``text`` and perhaps :data:`QUESTIONS`.
        events: Rasa's events as plain dicts, oldest first; read only where the answer before matters.
    """
    known = facts.load()
    intent = (parsed.get("intent") or {}).get("name")
    if not isinstance(intent, str) or intent not in known:
        return ()
    if intent in follow_ups.load()["instead"]:
        intent = follow_ups.meant(intent, parsed.get("text") or "", follow_ups.topic(events))
    further = [name for name in parsed.get(QUESTIONS) or () if name in known]
    return tuple(dict.fromkeys((intent, *further)))
