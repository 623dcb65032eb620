"""Peer: a list of phrases; the gravest one that stands in the message decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baclofen.signs import LEVELS, Level, highest
from benchmarks.triage.peers import Job, Read
from benchmarks.triage.phrases import plain_text

_WORD = re.compile(r"[\w']+")


def reader(job: Job) -> Read:
    """Return the peer, ready to read."""
    known: dict[tuple[str, ...], Level] = {}
    for level in LEVELS:  # the gravest last: it stays where two levels list the same words
        known |= {tuple(_WORD.findall(phrase)): level for phrase in job.levels.get(level, ())}
    longest = max(map(len, known), default=0)

    def runs(words: list[str]) -> Iterator[tuple[str, ...]]:
        for start in range(len(words)):
            for end in range(start + 1, min(start + longest, len(words)) + 1):
                yield tuple(words[start:end])

    def read(text: str) -> Level:
        return highest(known[run] for run in runs(_WORD.findall(plain_text(text))) if run in known)

    return read
