"""What is sent: conversations of one kind each, in fixed shares, so that every run sends the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.load import TURNS
from benchmarks.questions import endless

SHARES = {"fact": 6, "small talk": 3, "emergency": 1}
"""Conversations of each kind in ten. A conversation keeps to its kind: after an emergency it stays one."""


@dataclass(frozen=True)
class Talk:
    """One conversation: what its messages ask for, and their texts."""

    kind: str
    texts: tuple[str, ...]


def order() -> tuple[str, ...]:
    """Return the kinds of ten conversations, spread evenly."""
    total = sum(SHARES.values())
    places = [((i + 0.5) * total / share, kind) for kind, share in SHARES.items() for i in range(share)]
    return tuple(kind for _, kind in sorted(places))


def talks(texts: Mapping[str, Sequence[str]], numbers: Iterator[int], turns: int = TURNS) -> Iterator[Talk]:
    """Yield conversations without end.

    Args:
        texts: by kind.
        numbers: see ``questions.endless``; no text comes twice.
        turns: messages of each conversation.
    """
    streams = {kind: endless(texts[kind], numbers) for kind in SHARES}
    for kind in itertools.cycle(order()):
        yield Talk(kind, tuple(itertools.islice(streams[kind], turns)))
