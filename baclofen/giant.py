"""Reads a giant text, such as a pasted book, piece by piece: in linear time, and no longer than it has to.

Rules look at every word, whatever the length, but a language that a book wakes anywhere reads all of it,
which takes seconds. A piece wakes few languages, most pieces none. What was said of the medicine anywhere
holds everywhere; figures of speech, fiction and denials hold in their own piece.
"""

from __future__ import annotations

from collections.abc import Iterator

from baclofen import rules
from baclofen.glance import eye
from baclofen.lexicon import plain_text
from baclofen.rules import Reading
from baclofen.signs import RANK
from baclofen.text import words_of

GIANT = 10_000
"""Characters from which on a text is one."""

PIECE = 2000
"""Characters of a piece."""

OVERLAP = 300
"""Characters that a piece has in common with the one before: no words of a sign are torn apart."""


def readings(text: str, context: bool) -> Iterator[Reading]:
    """Yield what the rules make of each piece, its gravest finding first.

    Args:
        text: as typed.
        context: the conversation has already named baclofen or a swallowed medicine.
    """
    parts = list(dict.fromkeys(pieces(text)))
    context = context or any(eye(None).look(words_of(plain_text(part)[0]), False).context for part in parts)
    for part in parts:
        reading = rules.read(part, context=context)
        findings = sorted(reading.findings, key=lambda finding: -RANK[finding.sign.level])
        yield Reading(tuple(findings), reading.context, reading.about, reading.denied)


def pieces(text: str) -> Iterator[str]:
    """Yield overlapping pieces that together are the whole text, cut between words where there are any."""
    start = 0
    while True:
        end = start + PIECE
        if end >= len(text):
            yield text[start:]
            return
        yield text[start : _cut(text, end - OVERLAP, end)]
        start = _cut(text, end - 2 * OVERLAP, end - OVERLAP)


def _cut(text: str, first: int, last: int) -> int:
    """Return where the last word ends between two places; the later one when there is no end."""
    at = max(text.rfind(mark, first, last) for mark in (" ", "\n"))
    return last if at < 0 else at + 1
