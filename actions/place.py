"""What an action has to know of the user: the country and the language, from the tracker's slots."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk import Tracker

from baclofen import countries

HINTS = ("said", "given", "phone", "time_zone", "locale")


def place_of(tracker: Tracker) -> countries.Place:
    """Return the country to answer for."""
    known = tracker.get_slot("country")
    hints = {k: v for k, v in known.items() if k in HINTS} if isinstance(known, Mapping) else {}
    return countries.resolve(**hints)


def language_of(tracker: Tracker) -> str:
    """Return the language of the replies: what the user writes in, else what was asked for."""
    known = tracker.get_slot("language")
    held = [known.get(name) for name in ("written", "asked")] if isinstance(known, Mapping) else []
    return next((name for name in held if isinstance(name, str)), "en")
