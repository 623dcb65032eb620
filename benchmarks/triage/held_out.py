"""What our readers make of the held-out messages when they are trained without the held-out writers.

The models that this project ships have learned from all writers, and training others takes another
environment. So their verdicts come from a file, one JSON object a line::

    {"text": "he won't wake up", "learned": "emergency", "both": "emergency", "calmer": "emergency"}

or the arrays of these names (``texts`` for the first) of an ``.npz`` file. ``learned`` is the learned
reader's level, ``both`` that of the whole triage, ``calmer`` the same at ``ours.CALMER``; a file may have one
of them alone.
``verdicts.py`` writes such a file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from baclofen.signs import LEVELS, Level

READERS = ("learned", "both", "calmer")


class NoVerdicts(Exception):
    """There are no verdicts on these messages; the message says why."""


def ours_held_out(texts: Sequence[str], reader: str, file: Path | None) -> list[Level]:
    """Return the level that a reader of ours gave to each held-out message.

    Args:
        texts: the messages.
        reader: one of ``READERS``.
        file: where the verdicts are.

    Raises:
        NoVerdicts: there is no file, or it has no verdict of this reader on some of the messages.
    """
    if file is None:
        raise NoVerdicts("give --ours-held-out FILE; the shipped models have learned from these writers")
    try:
        known = _read(file, reader)
    except (OSError, ValueError, KeyError) as error:
        raise NoVerdicts(f"{file.name} cannot be read ({error!r})") from error
    missing = sum(text not in known for text in texts)
    if missing:
        raise NoVerdicts(f"{file.name} lacks {missing} of {len(texts)} messages")
    return [known[text] for text in texts]


def _read(file: Path, reader: str) -> dict[str, Level]:
    if file.suffix == ".npz":
        with np.load(file, allow_pickle=False) as arrays:
            pairs = list(zip(map(str, arrays["texts"]), map(str, arrays[reader]), strict=True))
    else:
        rows = [json.loads(line) for line in file.read_text("utf-8").split("\n") if line.strip()]
        pairs = [(row["text"], row[reader]) for row in rows]
    levels: dict[str, Level] = {level: level for level in LEVELS}
    return {text: levels[level] for text, level in pairs}
