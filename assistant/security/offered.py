"""Buttons that were offered to a sender: only these count as a command, ``/intent``.

The latest ones are kept, not those of the last message alone, for in most apps the buttons of earlier
messages stay on the screen. What was not offered is read as a text: that of the question that it stands for
where there is one, so that a button which this process has forgotten still gets an answer, and none escapes
the triage.
"""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from assistant import payloads
from baclofen import wording

SENDERS, EACH = 10_000, 40
"""Senders whose buttons are kept, and how many of each; the latest ones."""

_kept: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()


@functools.lru_cache(maxsize=1)
def starters() -> frozenset[str]:
    """Return the intents of the buttons that the page shows before anybody has said anything."""
    rows = (row for code in wording.languages() for row in wording.load(code).get("suggestions", ()))
    return frozenset(str(row["fact"]) for row in rows)


def remember(sender: str, reply: Mapping[str, Any]) -> None:
    """Keep the buttons of a message that goes out to a sender."""
    offers = [str(button.get("payload", "")).strip() for button in reply.get("buttons") or ()]
    if not offers:
        return
    known = _kept.setdefault(sender, OrderedDict())
    for payload in offers:
        known[payload] = None
        known.move_to_end(payload)
    while len(known) > EACH:
        known.popitem(last=False)
    _kept.move_to_end(sender)
    while len(_kept) > SENDERS:
        _kept.popitem(last=False)


def as_text(sender: str, text: str) -> str:
    """Return what a message counts as: a button that was offered as it is, any other command as a text.

    Never raises, for it comes before the triage.
    """
    try:
        intent = payloads.intent_of(text)
        if intent is None or text.strip() in _kept.get(sender, ()) or intent in starters():
            return text
        return payloads.spoken(text) or intent.replace("_", " ")
    except Exception:
        return text.lstrip("/ ") or text


def forget(sender: str) -> None:
    """Forget the buttons of a sender."""
    _kept.pop(sender, None)
