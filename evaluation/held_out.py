"""What models made of messages by writers that they had never seen: ``held_out.npz``.

Fine-tuning needs PyTorch and a quarter of an hour a fold, so its scores are kept:
``models/encoder/compare.py`` writes them, this module reads them. Rows are known by the hash of their text,
so messages that came, went or changed since do no harm: they are neither learned nor scored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PATH = Path(__file__).with_name("held_out.npz")
FOLDS = 5
"""Folds that writers are dealt to; a fold of a higher number is one of older rows, beside them."""

READ = 4000
"""Characters that the readers look at; what lies beyond does not change a row."""

Scores = npt.NDArray[np.float32]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class HeldOut:
    """Scores of held-out texts.

    Attributes:
        folds: in which folds each writer was held out, the one of now first.
        learned: for the key of each text the folds in whose training it took part.
        frozen: log-probabilities by the encoder as published, by fold and key.
        fine_tuned: scores (logits) by the encoder that was fine-tuned on the other folds; where it was run.
    """

    folds: Mapping[str, tuple[int, ...]]
    learned: Mapping[int, frozenset[int]]
    frozen: Mapping[tuple[int, int], Scores]
    fine_tuned: Mapping[tuple[int, int], Scores]

    @property
    def fine_tuned_folds(self) -> tuple[int, ...]:
        return tuple(sorted({fold for fold, _ in self.fine_tuned}))

    def is_learned(self, text: str, held_out: int) -> bool:
        """Whether a text taught the models that were tried on a fold."""
        return held_out in self.learned.get(key(text), frozenset())


def key(text: str) -> int:
    """Return the first 8 bytes of a text's SHA-256 as a number."""
    content = text[:READ].encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(content).digest()[:8], "little")


def save(
    path: Path,
    rows: Rows,
    frozen: Scores,
    fine_tuned: Scores,
    taught: Mapping[int, set[int]],
) -> None:
    """Write the scores of rows.

    Args:
        path: the file to write.
        rows: as ``python -m evaluation.folds`` prints them.
        frozen, fine_tuned: scores of each row, shape (rows, 5); NaN where a model was not run.
        taught: for each fold the keys of what its models learned.
    """
    keys = [key(row["text"]) for row in rows]
    learned = dict.fromkeys(keys, 0)
    for fold, names in taught.items():
        for name in names & learned.keys():
            learned[name] |= 1 << fold
    places = {(row["fold"], name): number for number, (row, name) in enumerate(zip(rows, keys, strict=True))}
    order = [places[place] for place in sorted(places)]
    writers = sorted({(row["writer"], row["fold"]) for row in rows if not row["intent"]})
    np.savez_compressed(
        path,
        text=np.array([keys[number] for number in order], np.uint64),
        fold=np.array([rows[number]["fold"] for number in order], np.uint8),
        learned=np.array([learned[keys[number]] for number in order], np.uint8),
        frozen=frozen[order].astype(np.float16),
        fine_tuned=fine_tuned[order].astype(np.float16),
        writers=np.array([writer for writer, _ in writers]),
        writer_folds=np.array([fold for _, fold in writers], np.uint8),
    )


def taught(rows: Rows, fold: int) -> set[int]:
    """Return the keys of what is learned while a fold is held out; a text that two wrote, if both may be."""
    found: dict[int, bool] = {}
    for row in rows:
        if row["level"]:
            name = key(row["text"])
            may = row["fold"] != fold and fold not in row["near"]
            found[name] = found.get(name, True) and may
    return {name for name, may in found.items() if may}


def load(path: Path | None = None) -> HeldOut | None:
    """Read the scores, by default those beside this file; None where there are none."""
    path = path or PATH
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as arrays:
        keys = [int(name) for name in arrays["text"]]
        places = [(int(fold), name) for fold, name in zip(arrays["fold"], keys, strict=True)]
        folds: dict[str, tuple[int, ...]] = {}
        for writer, fold in zip(arrays["writers"], arrays["writer_folds"], strict=True):
            folds[str(writer)] = (*folds.get(str(writer), ()), int(fold))
        return HeldOut(
            folds,
            {name: _folds(int(bits)) for name, bits in zip(keys, arrays["learned"], strict=True)},
            _known(places, arrays["frozen"]),
            _known(places, arrays["fine_tuned"]),
        )


def _folds(bits: int) -> frozenset[int]:
    return frozenset(fold for fold in range(8) if bits >> fold & 1)


def _known(
    places: Iterable[tuple[int, int]], scores: npt.NDArray[np.float16]
) -> dict[tuple[int, int], Scores]:
    found = scores.astype(np.float32)
    return {place: row for place, row in zip(places, found, strict=True) if not np.isnan(row).any()}
