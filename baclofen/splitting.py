"""Long texts in parts that a channel carries, cut where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Fits = Callable[[str], bool]

_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?])\s+"),
    re.compile(r"(?<=[;:,])\s+"),
    re.compile(r"(?<!\d)\s+|\s+(?!\d)"),  # never inside "116 123"
)
"""Where a text may be cut, the best place first."""


def split(text: str, fits: Fits) -> list[str]:
    """Return the text in as few parts as can be, each of which fits.

    Cut at the end of a paragraph or a sentence where that makes no part more.

    Args:
        fits: says whether a channel carries a part in one message; it must carry any single character.
    """
    fewest, best = _cut(text, fits, _BREAKS[-1:]), _cut(text, fits, _BREAKS)
    return best if len(best) <= len(fewest) else fewest


def _cut(text: str, fits: Fits, breaks: Sequence[re.Pattern[str]]) -> list[str]:
    parts, rest = [], text.strip()
    while rest and not fits(rest):
        end = _end_of_part(rest, fits, breaks)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _end_of_part(text: str, fits: Fits, breaks: Sequence[re.Pattern[str]]) -> int:
    """Return where the first part ends: the best break in the second half of what fits, else the last one."""
    longest = _longest(text, fits)
    for pattern in breaks:
        ends = [m.start() for m in pattern.finditer(text, 0, longest + 1) if 0 < m.start() <= longest]
        if ends and ends[-1] >= longest // 2:
            return ends[-1]
    ends = [m.start() for m in _BREAKS[-1].finditer(text, 0, longest + 1) if 0 < m.start() <= longest]
    return ends[-1] if ends else longest


def _longest(text: str, fits: Fits) -> int:
    """Return how many characters fit, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[:middle]):
            low = middle
        else:
            high = middle - 1
    return low
