"""Writes our verdicts on held-out writers: ``python -m benchmarks.triage.verdicts FILE [WRITER …]``.

They come from ``evaluation/held_out.npz``: the fine-tuned encoder's scores of messages by writers it had not
learned from, mixed with n-grams that have not learned from them either, drawn as triage does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from baclofen.signs import LEVELS
from benchmarks.triage import sets
from benchmarks.triage.ours import CALMER
from evaluation import cases, held_out
from evaluation.held_out import HeldOut
from evaluation.tuning import Bench, Settings


def write(file: Path, writers: Sequence[str]) -> int:
    """Write the verdicts on all messages that have scores; return how many.

    Raises:
        SystemExit: there are no scores.
    """
    kept = held_out.load()
    if kept is None:
        raise SystemExit(f"{held_out.PATH.name} is not there; models/encoder/README.md says how it is made.")
    found = cases.collect(only(kept, writers), print)
    bench, settings = Bench(found, Settings.now().temperature), Settings.now()
    calmer = replace(settings, cost={str(level): cost for level, cost in CALMER.items()})
    drawn = {
        "learned": bench.of_learned(settings),
        "both": bench.whole(settings),
        "calmer": bench.whole(calmer),
    }
    rows = [
        {"text": message.text} | {name: LEVELS[one.levels[number]] for name, one in drawn.items()}
        for number, message in enumerate(found.messages)
    ]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return len(rows)


def only(kept: HeldOut, writers: Sequence[str]) -> HeldOut:
    """Return the scores with the folds of some writers alone, and of those the fine-tuned ones."""
    folds = {
        writer: tuple(fold for fold in kept.folds.get(writer, ()) if fold in kept.fine_tuned_folds)[:1]
        for writer in writers
    }
    return HeldOut(folds, kept.learned, kept.frozen, kept.fine_tuned)


if __name__ == "__main__":
    count = write(Path(sys.argv[1]), sys.argv[2:] or sets.HELD_OUT)
    print(f"{count} verdicts written.")
