"""In which order the messages of a dead process are answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

from assistant.channels.messages import Received
from assistant.conversation import Conversation, hear
from assistant.journal.journal import Held


async def gravest_first(recovered: Iterable[Held]) -> AsyncIterator[tuple[Held, Received]]:
    """Yield messages: the people in danger first, and of each person what came first.

    Nobody in danger waits until all have been looked at. A text that was held for too long is not read;
    neither is what was accepted so long ago that an answer would only puzzle.
    """
    people: dict[str, list[tuple[Held, Received]]] = {}
    for held in recovered:
        try:
            message = Received.from_dict(held.content)
        except (TypeError, KeyError, ValueError):
            held.complete()  # of an older version
            continue
        if held.is_forgotten:
            held.complete()
            continue
        people.setdefault(message.person, []).append((held, message))
    calm = []
    for messages in people.values():
        if any(held.is_expired or _is_grave(message) for held, message in messages):
            for pair in messages:
                yield pair
            await asyncio.sleep(0)
        else:
            calm += messages
    for pair in calm:
        yield pair


def _is_grave(message: Received) -> bool:
    return hear(message.text, Conversation(), message.metadata).is_grave
