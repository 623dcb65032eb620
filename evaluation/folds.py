"""Folds for the learned reader: whole writers are held out, and what nearly repeats their messages is not learned.

``python -m evaluation.folds > rows.jsonl`` prints every row that the reader learns from, with its fold.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from baclofen import learned

FOLDS = 5
ALIKE = 0.8
"""Cosine of the letter n-grams of two messages from which on they count as near duplicates."""
_CHUNK = 1000


@dataclass(frozen=True)
class Row:
    """One row that the reader learns from.

    Attributes:
        text, level, writer, signs, intent: see ``baclofen.learned.Row``.
        fold: 0 to 4. A writer of messages lies in one fold; the questions of an intent are dealt out in turn.
        near: folds that hold a near duplicate by another writer; the row is not learned while one is held out.
    """

    text: str
    level: str | None
    writer: str
    signs: tuple[str, ...]
    intent: str | None
    fold: int
    near: tuple[int, ...]

    def is_learned(self, held_out: int) -> bool:
        return self.fold != held_out and held_out not in self.near


def rows() -> list[Row]:
    """Return every row that the reader learns from, with its fold."""
    found = learned.rows()
    folds = assign(Counter(row.writer for row in found if row.intent is None))
    dealt: Counter[str] = Counter()
    own = []
    for row in found:
        if row.intent is None:
            own.append(folds[row.writer])
        else:
            own.append(dealt[row.intent] % FOLDS)
            dealt[row.intent] += 1
    near = near_duplicates([row.text for row in found], [row.writer for row in found], own)
    return [
        Row(**asdict(row), fold=fold, near=twins) for row, fold, twins in zip(found, own, near, strict=True)
    ]


def assign(sizes: dict[str, int], folds: int = FOLDS) -> dict[str, int]:
    """Return the fold of each writer: the largest first, each into the fold that holds least so far."""
    filled = [0] * folds
    result = {}
    for writer, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold = filled.index(min(filled))
        result[writer] = fold
        filled[fold] += size
    return result


def near_duplicates(
    texts: Sequence[str], writers: Sequence[str], folds: Sequence[int]
) -> list[tuple[int, ...]]:
    """Return for each text the folds in which another writer says nearly the same, its own among them."""
    matrix = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 5), dtype=np.float32).fit_transform(texts)
    result: list[tuple[int, ...]] = []
    for start in range(0, len(texts), _CHUNK):
        likeness = (matrix[start : start + _CHUNK] @ matrix.T).tocoo()
        twins: list[set[int]] = [set() for _ in range(min(_CHUNK, len(texts) - start))]
        alike = likeness.data >= ALIKE
        for here, there in zip(likeness.row[alike], likeness.col[alike], strict=True):
            if writers[there] != writers[start + here]:
                twins[here].add(folds[there])
        result.extend(tuple(sorted(found)) for found in twins)
    return result


def main() -> None:
    for row in rows():
        sys.stdout.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
