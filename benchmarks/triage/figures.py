"""What is counted of a peer's answers. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from baclofen.signs import LEVELS, RANK, Level
from benchmarks.triage.sets import Message
from evaluation.score import ALARMS, Share

HARMLESS: tuple[Level, ...] = ("none", "awareness")


@dataclass(frozen=True)
class Score:
    """How a set of messages was read.

    Attributes:
        found: by level, messages of it that were given it, a graver one, or one that their label accepts.
        exact: messages that were given a level which their label accepts.
        alarms: messages without danger (none, awareness) that were taken for an emergency or a crisis.
        raised: messages of the level none that were given any other.
    """

    found: dict[Level, Share]
    exact: Share
    alarms: Share
    raised: Share


def score(messages: Sequence[Message], given: Sequence[Level]) -> Score:
    """Compare the levels that were given with those of the labels.

    Raises:
        ValueError: there are more of one than of the other.
    """
    pairs = list(zip(messages, given, strict=True))

    def share(levels: Sequence[Level], is_counted: Callable[[Message, Level], bool]) -> Share:
        marks = [is_counted(message, got) for message, got in pairs if message.level in levels]
        return Share(sum(marks), len(marks))

    return Score(
        found={level: share((level,), is_found) for level in LEVELS if level != "none"},
        exact=share(LEVELS, is_exact),
        alarms=share(HARMLESS, lambda message, got: got in ALARMS and not is_exact(message, got)),
        raised=share(("none",), lambda message, got: not is_exact(message, got)),
    )


def is_exact(message: Message, got: Level) -> bool:
    return got == message.level or got in message.also_ok


def is_found(message: Message, got: Level) -> bool:
    return is_exact(message, got) or RANK[got] >= RANK[message.level]
