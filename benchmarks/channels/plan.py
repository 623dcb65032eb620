"""Which webhooks are sent, in which order: genuine ones, their duplicates, forgeries."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

CHANNELS = ("sms", "whatsapp", "telegram", "slack", "messenger")
KINDS = ("genuine", "duplicate", "forged")
DUPLICATES = FORGERIES = 0.2
GRAVE = 0.2
"""Share of the genuine ones that report an emergency."""

FARTHEST = 50
"""Calls between a webhook and its duplicate, at most."""


@dataclass(frozen=True)
class Call:
    """One webhook to be sent.

    Attributes:
        number: of the message; a duplicate has that of its original.
        kind: one of :data:`KINDS`.
        grave: it reports an emergency.
    """

    number: int
    kind: str
    channel: str
    user: str
    text: str
    grave: bool


USERS: dict[str, Callable[[int], str]] = {
    "sms": lambda number: f"+1415{5550000 + number}",
    "whatsapp": lambda number: f"whatsapp:+447700{900000 + number}",
    "telegram": lambda number: str(2_000_000 + number),
    "slack": lambda number: f"U{number:09d}",
    "messenger": lambda number: f"24001{number:012d}",
}
"""The name of a user of each channel; nobody writes twice, so whose answer it is can be told."""


class Source:
    """Makes messages of users who have not written yet."""

    def __init__(self, calm: Sequence[str], grave: Sequence[str], seed: int = 1) -> None:
        self._numbers = itertools.count(1)
        self._calm, self._grave = itertools.cycle(calm), itertools.cycle(grave)
        self._chance = random.Random(seed)

    def messages(self, count: int, kind: str = "genuine", share_grave: float = GRAVE) -> list[Call]:
        """Return ``count`` messages, the channels in turn, of which a share reports an emergency."""
        graves = round(count * share_grave)
        grave = [True] * graves + [False] * (count - graves)
        self._chance.shuffle(grave)
        turns = itertools.islice(itertools.cycle(CHANNELS), count)
        return [
            self._message(kind, channel, is_grave) for channel, is_grave in zip(turns, grave, strict=True)
        ]

    def mixed(self, count: int) -> list[Call]:
        """Return webhooks of which a fifth are duplicates and a fifth forgeries.

        A duplicate comes right after its original or up to :data:`FARTHEST` calls later.
        """
        duplicates, forgeries = round(count * DUPLICATES), round(count * FORGERIES)
        genuine = self.messages(count - duplicates - forgeries)
        calls = genuine + self.messages(forgeries, "forged")
        self._chance.shuffle(calls)
        for original in self._chance.sample(genuine, duplicates):
            at = calls.index(original) + 1
            later = at if self._chance.random() < 0.5 else at + self._chance.randrange(FARTHEST)
            calls.insert(min(later, len(calls)), replace(original, kind="duplicate"))
        return calls

    def _message(self, kind: str, channel: str, grave: bool) -> Call:
        number = next(self._numbers)
        text = next(self._grave if grave else self._calm)
        return Call(number, kind, channel, USERS[channel](number), text, grave)
