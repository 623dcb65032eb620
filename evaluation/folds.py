"""Folds for the learned reader: whole writers are held out, what nearly repeats them is not learned.

``python -m evaluation.folds > rows.jsonl`` prints every row that the reader learns from, with its fold; with
``--parts``, after them, the parts of messages that triage reads by themselves: judged, never learned.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from baclofen import learned, rules
from evaluation import held_out
from evaluation.held_out import FOLDS

ALIKE = 0.8
"""Cosine of the letter n-grams of two messages from which on they count as near duplicates."""
_CHUNK = 1000


@dataclass(frozen=True)
class Row:
    """One row that the reader learns from.

    Attributes:
        text, level, writer, signs, intent: see ``baclofen.learned.Row``.
        fold: 0 to 4. A writer of messages lies in one fold; the questions of an intent are dealt out in turn.
        near: folds that hold a near duplicate by another writer; while one is held out, the row is not
            learned.
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
    """Return every row that the reader learns from, with its fold.

    Writers of ``held_out.npz`` keep the fold that they have there: what was run for it stays true.
    """
    found = learned.rows()
    kept = held_out.load()
    known = {writer: folds[0] for writer, folds in kept.folds.items()} if kept else {}
    folds = assign(Counter(row.writer for row in found if row.intent is None), known)
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


def assign(sizes: Mapping[str, int], known: Mapping[str, int], folds: int = FOLDS) -> dict[str, int]:
    """Return the fold of each writer: the largest first, each into the fold that holds least so far.

    Args:
        sizes: how many rows each writer has. known: writers who keep their fold. folds: how many there are.
    """
    filled = [0] * folds
    result = {}
    order = sorted(sizes.items(), key=lambda item: (item[0] not in known, -item[1], item[0]))
    for writer, size in order:
        fold = known.get(writer, filled.index(min(filled)))
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


def parts(whole: Sequence[Row]) -> list[Row]:
    """Return what triage reads of messages beside the whole: windows of long ones, sentences with a sign.

    They have no label and are near to every fold, so that no model learns from them.
    """
    known = {(row.fold, row.text) for row in whole}
    found = []
    for row in whole:
        if row.intent is not None:
            continue
        sentences = (finding.sentence for finding in rules.read(row.text).findings)
        for text in (*learned._parts(row.text)[1:], *sentences):
            if (row.fold, text) not in known:
                known.add((row.fold, text))
                found.append(Row(text, None, row.writer, (), None, row.fold, tuple(range(FOLDS))))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m evaluation.folds", description=__doc__)
    parser.add_argument("--parts", action="store_true", help="print what is only judged, too")
    found = rows()
    for row in found + parts(found) if parser.parse_args().parts else found:
        sys.stdout.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
