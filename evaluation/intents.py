"""Cross-validates the intent classifier on ``data/nlu``: which question is asked, and when it is unsure."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import precision_recall_fscore_support
from sklearn.model_selection import StratifiedGroupKFold

from baclofen import facts
from baclofen.classifier import TextClassifier
from baclofen.encoder import Encoder
from baclofen.paths import DATA, ROOT

FOLDS = 5
SEED = 1
MOST_CONFUSED = 25
OUT_OF_SCOPE = "out_of_scope"
BATCH = 256
NEAR = 0.75
"""Cosine of weighted groups of three and four letters from which on two examples are near doubles."""
THRESHOLDS = tuple(round(0.01 * step, 2) for step in range(100))
KEPT = 0.95
"""Share of in-scope messages that have to get an answer where sentences from outside are refused."""
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True)
class Examples:
    """Example messages, n of them, with an intent for each."""

    texts: tuple[str, ...]
    intents: tuple[str, ...]


@dataclass(frozen=True)
class IntentScore:
    """How one intent fared."""

    intent: str
    precision: float
    recall: float
    f1: float
    examples: int


@dataclass(frozen=True)
class Point:
    """What happens at one fallback threshold.

    Args:
        threshold: least confidence for an answer.
        kept: share of in-scope messages that get an answer rather than "not sure".
        kept_right: share of in-scope messages that get the right answer.
        stopped: share of out-of-scope messages that get no fact.
    """

    threshold: float
    kept: float
    kept_right: float
    stopped: float


@dataclass(frozen=True)
class Fallback:
    """The thresholds of config.yml."""

    threshold: float
    ambiguity: float


@dataclass(frozen=True)
class IntentReport:
    """What cross-validation found; ``with_encoder`` is False when sentence embeddings were not there."""

    examples: int
    accuracy: float
    macro_f1: float
    intents: tuple[IntentScore, ...]
    confused: tuple[tuple[str, str, int], ...]
    curve: tuple[Point, ...]
    fallback: Fallback
    with_encoder: bool


def read_examples(folder: Path = DATA / "nlu") -> Examples:
    """Read Rasa's example messages, entity marks taken out, a text that stands twice taken once."""
    pairs = dict(pair for path in sorted(folder.glob("*.yml")) for pair in _pairs(path))
    return Examples(tuple(pairs), tuple(pairs.values()))


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    for block in yaml.safe_load(path.read_text("utf-8")).get("nlu") or []:
        if "intent" not in block:
            continue
        for line in block["examples"].splitlines():
            if line.strip().startswith("- "):
                yield ANNOTATION.sub(r"\1", line.strip()[2:].strip()), block["intent"]


def read_fallback(config: Path = ROOT / "config.yml") -> Fallback:
    """Read the thresholds that Rasa's FallbackClassifier uses."""
    parts = yaml.safe_load(config.read_text("utf-8"))["pipeline"]
    part: dict[str, Any] = next((p for p in parts if p["name"] == "FallbackClassifier"), {})
    return Fallback(float(part.get("threshold", 0.3)), float(part.get("ambiguity_threshold", 0.1)))


def cross_validate(examples: Examples, encoder: Encoder | None, fallback: Fallback) -> IntentReport:
    """Train on four fifths, test on the rest, five times, near doubles together; a line a fold."""
    labels = sorted(set(examples.intents))
    truth = np.array([labels.index(intent) for intent in examples.intents], np.int64)
    embeddings = encoder.embed(examples.texts) if encoder else None
    probabilities = np.zeros((len(truth), len(labels)), np.float32)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    groups = near_doubles(examples.texts)
    for number, (train, test) in enumerate(folds.split(truth, truth, groups), start=1):
        begin = time.monotonic()
        model = TextClassifier.train(
            [examples.texts[i] for i in train],
            [examples.intents[i] for i in train],
            embeddings=None if embeddings is None else embeddings[train],
        )
        found = model.predict_proba(
            [examples.texts[i] for i in test], None if embeddings is None else embeddings[test]
        )
        columns = [labels.index(label) for label in model.labels]
        probabilities[np.ix_(test, columns)] = found
        print(f"  intents, fold {number} of {FOLDS}: {time.monotonic() - begin:.0f} s", flush=True)
    return summarise(truth, probabilities, labels, fallback, encoder is not None)


@dataclass(frozen=True)
class Outside:
    """Sentences that have nothing to do with baclofen, at the threshold that keeps KEPT of those that do.

    Args:
        threshold: chosen in cross-validation, without these sentences.
        refused: share that gets no curated answer.
        answered: how often each fact answers one, the most frequent first.
    """

    sentences: int
    threshold: float
    refused: float
    answered: tuple[tuple[str, int], ...]


def outside(
    examples: Examples, encoder: Encoder | None, curve: Sequence[Point], texts: Sequence[str]
) -> Outside:
    """Train on all examples and say how many sentences from outside get no curated answer.

    Args:
        examples: the examples. encoder: the sentence encoder. curve: of the cross-validation.
        texts: sentences that nothing was trained or tuned on.
    """
    threshold = max(point.threshold for point in curve if point.kept >= KEPT)
    model = TextClassifier.train(examples.texts, examples.intents, encoder=encoder)
    known = facts.load()
    answered: Counter[str] = Counter()
    for start in range(0, len(texts), BATCH):
        chances = model.predict_proba(texts[start : start + BATCH])
        for best, row in zip(chances.argmax(axis=1), chances, strict=True):
            if row[best] >= threshold and model.labels[best] in known:
                answered[model.labels[best]] += 1
    return Outside(len(texts), threshold, 1 - answered.total() / len(texts), tuple(answered.most_common(10)))


def read_sentences(folder: Path) -> list[str]:
    """Return the lines of every ``*.txt`` of a folder, each once."""
    lines = (line.strip() for path in sorted(folder.glob("*.txt")) for line in path.open(encoding="utf-8"))
    return list(dict.fromkeys(filter(None, lines)))


def near_doubles(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return a group for each text; texts whose letters are alike (NEAR) share one."""
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, dtype=np.float32)
    vectors = letters.fit_transform(texts)
    rows, columns = [], []
    for start in range(0, len(texts), BATCH):
        alike = (vectors[start : start + BATCH] @ vectors.T).tocoo()
        near = alike.data >= NEAR
        rows.append(alike.row[near] + start)
        columns.append(alike.col[near])
    pairs = np.concatenate(rows), np.concatenate(columns)
    links = sparse.coo_matrix((np.ones(len(pairs[0])), pairs), shape=(len(texts),) * 2)
    found: npt.NDArray[np.int64] = connected_components(links, directed=False)[1]
    return found


def summarise(
    truth: npt.NDArray[np.int64],
    probabilities: npt.NDArray[np.float32],
    labels: Sequence[str],
    fallback: Fallback,
    with_encoder: bool,
) -> IntentReport:
    """Turn predictions into figures.

    Args:
        truth: index of each message's label, shape (messages,).
        probabilities: shape (messages, labels).
        labels: names of the columns.
        fallback: what config.yml says.
        with_encoder: whether embeddings took part.
    """
    guess = probabilities.argmax(axis=1)
    figures = precision_recall_fscore_support(truth, guess, labels=range(len(labels)), zero_division=0)
    scores = [
        IntentScore(label, float(precision), float(recall), float(f1), int(count))
        for label, precision, recall, f1, count in zip(labels, *figures, strict=True)
    ]
    pairs = Counter(
        (labels[right], labels[wrong]) for right, wrong in zip(truth, guess, strict=True) if right != wrong
    )
    ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:MOST_CONFUSED]
    return IntentReport(
        examples=len(truth),
        accuracy=float((truth == guess).mean()),
        macro_f1=float(np.mean([score.f1 for score in scores])),
        intents=tuple(sorted(scores, key=lambda score: (score.f1, score.intent))),
        confused=tuple((right, wrong, count) for (right, wrong), count in ranked),
        curve=tuple(
            threshold_point(truth, probabilities, labels, Fallback(threshold, fallback.ambiguity))
            for threshold in sorted({*THRESHOLDS, fallback.threshold})
        ),
        fallback=fallback,
        with_encoder=with_encoder,
    )


def threshold_point(
    truth: npt.NDArray[np.int64],
    probabilities: npt.NDArray[np.float32],
    labels: Sequence[str],
    fallback: Fallback,
) -> Point:
    """Say what one threshold keeps and stops.

    A message gets no fact when the best intent is out_of_scope, its confidence lies below the threshold, or
    the runner-up is nearer than the ambiguity threshold.
    """
    ranked = np.sort(probabilities, axis=1)
    best, gap = ranked[:, -1], ranked[:, -1] - ranked[:, -2]
    guess = probabilities.argmax(axis=1)
    outside = labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else -1
    answered = (best >= fallback.threshold) & (gap >= fallback.ambiguity) & (guess != outside)
    inside = truth != outside
    return Point(
        fallback.threshold,
        kept=_mean(answered[inside]),
        kept_right=_mean((answered & (guess == truth))[inside]),
        stopped=_mean(~answered[~inside]),
    )


def _mean(marks: npt.NDArray[np.bool_]) -> float:
    return float(marks.mean()) if marks.size else 0.0
