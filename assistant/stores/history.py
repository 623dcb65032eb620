"""Events of a conversation: as rows of the table, and as much of them as a tracker in memory holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered

from assistant.privacy import redacted
from assistant.stores.table import Row, Stored

LONGEST = 400
"""Events that a tracker in memory may hold, and that are read back at most; the table keeps all of them.

Rasa's own store reads the whole session back on every turn (https://github.com/RasaHQ/rasa/issues/6334).
"""

LONGEST_NAME = 255


def rows_of(sender: str, events: Iterable[Event]) -> list[Row]:
    """Return events as the table holds them."""
    return [_row(sender, event) for event in events]


def as_stored(event: Event) -> str:
    """Return an event as the table holds it: JSON, without what tells who wrote or what was written."""
    return json.dumps(redacted(event.as_dict()))


def _row(sender: str, event: Event) -> Row:
    data = redacted(event.as_dict())
    intent = ((data.get("parse_data") or {}).get("intent") or {}).get("name")
    action = data.get("name")
    return Row(
        sender,
        event.type_name,
        data.get("timestamp"),
        str(intent)[:LONGEST_NAME] if intent else None,
        str(action)[:LONGEST_NAME] if action else None,
        json.dumps(data),
    )


def events_of(stored: Iterable[Stored]) -> list[Event]:
    """Return the events that rows of the table hold; one that cannot be read is left out."""
    found = (Event.from_parameters(json.loads(row.data)) for row in stored)
    return [event for event in found if event is not None]


def latest_session(events: Sequence[Event]) -> list[Event]:
    """Return the events from the start of the latest session on, all of them where no start is among them."""
    start = max((i for i, event in enumerate(events) if isinstance(event, SessionStarted)), default=0)
    return list(events[start:])


def slots_of(events: Iterable[Event]) -> dict[str, Event]:
    """Return the last event that set each slot."""
    return {event.key: event for event in events if isinstance(event, SlotSet)}


def shortened(events: list[Event]) -> list[Event]:
    """Return the latest turns of a long conversation, and before them the slots that the older ones set.

    Rasa goes through all events several times a turn; nothing but the slots looks further back than one turn.
    """
    if len(events) <= LONGEST:
        return events
    start = next((i for i in range(len(events) - LONGEST // 2, len(events)) if _opens_turn(events, i)), None)
    if start is None:
        return events
    return [*slots_of(events[:start]).values(), *events[start:]]


def _opens_turn(events: list[Event], i: int) -> bool:
    return isinstance(events[i], ActionExecuted) and any(
        isinstance(e, UserUttered) for e in events[i + 1 : i + 2]
    )


def with_history(history: Sequence[Event], held: Sequence[Event]) -> list[Event]:
    """Return events that were held while the table could not be read, behind those that the table has.

    A session that began meanwhile began without the slots; they are carried over as Rasa would have done.
    """
    start = next((i for i, event in enumerate(held) if isinstance(event, SessionStarted)), None)
    if start is None:
        return list(held)
    known = slots_of(history)
    carried = [SlotSet(key, event.value) for key, event in known.items() if isinstance(event, SlotSet)]
    return [*held[: start + 1], *carried, *held[start + 1 :]]
