"""Judge held-out writers with the published encoder; put the fine-tuned scores beside: held_out.npz.

The published weights stay as they are; a linear model on their embeddings learns the levels of four folds and
judges the fifth, five times.  The scores of the fine-tuned encoder come from ``finetune.py --hold-out``, for
as many folds as were run.  README.md gives the commands.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from export import TOKENIZER_SHA256, WEIGHTS_SHA256, published_file
from finetune import LEVELS, read
from network import LONGEST, WIDTH, Network, pad
from safetensors.torch import load
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from evaluation import held_out

BATCH = 64
STRENGTHS = (1.0, 10.0)  # inverse of the L2 penalty; the better one on the held-out folds is taken
HIDDEN, ROUNDS = 128, 6  # of the small network; more of either learns the writers instead
SCALE = 2.0  # as baclofen/classifier.py has it for the intents: unit vectors are small beside an L2 penalty

Rows = Sequence[Mapping[str, Any]]
Taught = dict[int, set[int]]  # for each fold the keys of what is learned while it is held out
Scored = dict[tuple[int, str], Any]
Floats = np.ndarray[Any, np.dtype[np.float32]]


@torch.no_grad()
def embed(texts: Sequence[str]) -> Floats:
    """Embed texts with the published weights: (texts, 384)."""
    network = Network(len(LEVELS), 1, 1)
    network.take(load(published_file("model.safetensors", WEIGHTS_SHA256)))
    network.eval()
    tokenizer = Tokenizer.from_str(published_file("tokenizer.json", TOKENIZER_SHA256).decode())
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    pieces = [tokenizer.encode(text[: held_out.READ]).ids for text in texts]
    order = sorted(range(len(texts)), key=lambda i: len(pieces[i]))  # padding costs time
    found = np.zeros((len(texts), WIDTH), np.float32)
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        found[batch] = network(*pad([pieces[i] for i in batch]))[0].numpy()
        if start % (20 * BATCH) == 0:
            print(f"embedded {start} of {len(texts)}", flush=True)
    return found


def remembered(rows: Rows, path: Path | None) -> Floats:
    """Embed rows, each text once; those that a file holds are not embedded again."""
    known: dict[int, Floats] = {}
    if path and path.is_file():
        with np.load(path, allow_pickle=False) as arrays:
            known = dict(zip(map(int, arrays["texts"]), arrays["embeddings"], strict=True))
    texts = {held_out.key(row["text"]): row["text"] for row in rows}
    new = [name for name in texts if name not in known]
    known |= dict(zip(new, embed([texts[name] for name in new]), strict=True))
    if path:
        np.savez(path, texts=np.array(list(known), np.uint64), embeddings=np.array(list(known.values())))
    return np.array([known[held_out.key(row["text"])] for row in rows])


def judge(rows: Rows, embeddings: Floats, taught: Taught, classifier: Any) -> Floats:
    """Return log-probabilities of every row by a model that has not learned its fold: (rows, levels)."""
    labels = np.array([LEVELS.index(row["level"]) if row["level"] else -1 for row in rows])
    folds = np.array([row["fold"] for row in rows])
    keys = [held_out.key(row["text"]) for row in rows]
    result = np.full((len(rows), len(LEVELS)), np.nan, np.float32)
    for fold, names in taught.items():
        learned = np.array([name in names for name in keys]) & (labels >= 0) & (folds < held_out.FOLDS)
        classifier.fit(embeddings[learned] * SCALE, labels[learned])
        result[folds == fold] = classifier.predict_log_proba(embeddings[folds == fold] * SCALE)
        print(f"  fold {fold}: {learned.sum()} learned, {(folds == fold).sum()} judged", flush=True)
    return np.maximum(result, -30)


def merit(rows: Rows, scores: Floats) -> tuple[float, float]:
    """Return mean log-probability and share of the right level, over labelled messages that were judged."""
    seen = [n for n, r in enumerate(rows) if r["level"] and not r["intent"] and not np.isnan(scores[n, 0])]
    labels = np.array([LEVELS.index(rows[n]["level"]) for n in seen])
    chances = scores[seen] - np.logaddexp.reduce(scores[seen], axis=1, keepdims=True)
    right = chances.argmax(axis=1) == labels
    return float(chances[np.arange(len(seen)), labels].mean()), float(right.mean())


def frozen_scores(rows: Rows, embeddings: Floats, taught: Taught) -> Floats:
    """Try the classifiers and return the scores of the one with the best log-probability."""
    tried: dict[str, Any] = {
        f"linear, strength {strength:g}": LogisticRegression(C=strength, max_iter=100, tol=1e-3)
        for strength in STRENGTHS
    }
    tried[f"network, {HIDDEN} hidden"] = MLPClassifier(
        (HIDDEN,), alpha=0.01, learning_rate_init=2e-3, batch_size=64, max_iter=ROUNDS, random_state=0
    )
    best, best_merit = np.zeros(0, np.float32), -np.inf
    for name, classifier in tried.items():
        scores = judge(rows, embeddings, taught, classifier)
        likely, right = merit(rows, scores)
        print(f"frozen, {name}: {right:.3f} right, log-probability {likely:.3f}", flush=True)
        if likely > best_merit:
            best, best_merit = scores, likely
    return best


def put_beside(rows: Rows, files: Sequence[str]) -> tuple[Rows, Taught, Scored]:
    """Find where the scores of ``finetune.py --hold-out`` belong.

    Args:
        rows: the rows of now.
        files: what it wrote; ``FILE=ROWS`` where it had learned other rows than these.

    Returns:
        The rows, those that other rows held out behind them as a fold of their own; for each fold what was
        learned; for each fold and text its scores.

    Raises:
        SystemExit: a file is of other rows.
    """
    found: list[Mapping[str, Any]] = list(rows)
    taught = {fold: held_out.taught(rows, fold) for fold in range(held_out.FOLDS)}
    scored: Scored = {}
    for file in files:
        path, _, other = file.partition("=")
        its = read(Path(other)) if other else rows
        with np.load(path, allow_pickle=False) as arrays:
            numbers, levels = arrays["rows"], arrays["levels"]
        if numbers.max() >= len(its) or len({its[number]["fold"] for number in numbers}) != 1:
            raise SystemExit(f"{path} was not made from these rows: say {path}=ROWS")
        fold = its[numbers[0]]["fold"]
        names = held_out.taught(its, fold)
        if other:
            own = [row for row in its if row["fold"] == fold and not row["intent"]]
            fold = max(taught) + 1
            found += [{**row, "fold": fold} for row in own]
        taught[fold] = names
        scored |= {(fold, its[n]["text"]): score for n, score in zip(numbers, levels, strict=True)}
    return found, taught, scored


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path, help="what `python -m evaluation.folds --parts` printed")
    parser.add_argument(
        "fine_tuned",
        nargs="*",
        help="what finetune.py --hold-out wrote; FILE=ROWS if it learned other rows",
    )
    parser.add_argument("--out", type=Path, default=held_out.PATH)
    parser.add_argument("--embeddings", type=Path, help="keeps the embeddings from run to run (.npz)")
    options = parser.parse_args()
    rows, taught, scored = put_beside(read(options.rows), options.fine_tuned)
    embeddings = remembered(rows, options.embeddings)
    nothing = np.full(len(LEVELS), np.nan, np.float32)
    fine_tuned = np.array([scored.get((row["fold"], row["text"]), nothing) for row in rows], np.float32)
    likely, right = merit(rows, fine_tuned)
    print(f"fine-tuned, where it was run: {right:.3f} right, log-probability {likely:.3f}")
    frozen = frozen_scores(rows, embeddings, taught)
    questions = [bool(row["intent"]) for row in rows]
    frozen[questions] = fine_tuned[questions] = np.nan  # learned, not scored
    held_out.save(options.out, rows, frozen, fine_tuned, taught)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
