"""What was asked and not understood, for curators: one line a miss, without a word of what was typed.

A line holds the day, the language, the nearest curated questions, and of what else was recognised only names
from our own lists: groups of medicines and kinds of persons.
"""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from baclofen import medicines, persons
from baclofen.paths import ROOT

logger = logging.getLogger(__name__)

MOST = 20
"""Clusters that a summary shows."""

LARGEST = 5_000_000
"""Bytes of the file, beyond which nothing is added: a curator has long had enough to read."""


def path() -> Path | None:
    """Return the file that MISSES names; None keeps nothing, which is the default."""
    value = os.environ.get("MISSES", "").strip()
    return ROOT / value if value else None


def record(text: str, nearest: Sequence[str], language: str) -> None:
    """Add a miss. Never raises: an answer does not wait for it.

    Args:
        text: as typed; only what it names from our own lists is kept.
        nearest: ids of the nearest facts, the nearest first.
        language: of the reply.
    """
    try:
        file = path()
        if file is None or (file.exists() and file.stat().st_size > LARGEST):
            return
        line = {
            "day": date.today().isoformat(),
            "language": language,
            "nearest": list(nearest),
            "medicines": sorted({entry.group for entry in medicines.load().mentioned(text)}),
            "persons": [person.person for person in persons.named(text)],
        }
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")
    except Exception as error:
        logger.warning("A miss was not recorded: %s.", type(error).__name__)


def summary(file: Path | None = None) -> Iterator[str]:
    """Yield the clusters of misses, the largest first: how many, nearest question, what else was named."""
    file = file or path()
    lines = [_parsed(line) for line in file.open(encoding="utf-8")] if file and file.exists() else []
    rows = [line for line in lines if line]
    if not rows:
        yield "No miss is recorded." if file else "No miss is recorded: MISSES names no file."
        return
    days = [row["day"] for row in rows]
    yield f"{len(rows)} misses from {min(days)} to {max(days)}, by nearest question:"
    clusters = Counter((r["nearest"] or ["nothing near"])[0] for r in rows)
    for name, count in clusters.most_common(MOST):
        here = [r for r in rows if (r["nearest"] or ["nothing near"])[0] == name]
        beside = Counter(word for r in here for word in (*r["nearest"][1:2], *r["medicines"], *r["persons"]))
        also = ", ".join(f"{word} {times}" for word, times in beside.most_common(4))
        yield f"{count:>5}  {name}" + (f"  (beside it: {also})" if also else "")


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        row: dict[str, Any] = json.loads(line)
        return row if {"day", "nearest", "medicines", "persons"} <= row.keys() else None
    except ValueError:
        return None
