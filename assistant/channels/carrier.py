"""Who has texted STOP. It is honoured for everything, an emergency included, as carriers enforce anyway."""

from __future__ import annotations

from collections import OrderedDict

REMEMBERED = 100_000
"""People, the latest ones. The vendor's own list, which blocks for good, stands behind this one."""


class OptedOut:
    """The conversations that get no messages, in this process.

    Attributes:
        unanswered: emergencies that came all the same and were not answered.
    """

    def __init__(self, channel: str, size: int = REMEMBERED) -> None:
        self._channel = channel
        self._size = size
        self._held: OrderedDict[str, None] = OrderedDict()
        self.unanswered = 0

    def holds(self, sender: str) -> bool:
        return sender in self._held

    def add(self, sender: str) -> None:
        self._held[sender] = None
        while len(self._held) > self._size:
            self._held.popitem(last=False)

    def discard(self, sender: str) -> None:
        self._held.pop(sender, None)
