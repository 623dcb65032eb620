"""Text classifier: character and word n-grams beside sentence embeddings, their probabilities averaged.

Two heads because they err on different messages: n-grams survive typing mistakes, embeddings see meaning.
On projects of this size the average beats either (Larson et al. 2019 set, 10 to 20 examples an intent).
"""

from __future__ import annotations

import json
import tarfile
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier

from baclofen.encoder import Encoder
from baclofen.paths import MODELS

Floats = NDArray[np.float32]

HASH_SIZE = 2**18
NGRAM_STRENGTH = 10.0  # inverse of the L2 penalty
MANY = 20  # labels from which on n-grams are fitted by gradient descent, each label against the rest
NGRAM_PENALTY, NGRAM_EPOCHS = 1e-5, 15  # of that
EMBEDDING_STRENGTH = 10.0
RAREST = 2  # n-grams seen once teach nothing and are most of them
ROUNDS = 60  # the optimiser's; more of them change no decision
EMBEDDING_SCALE = 2.0  # unit vectors of 384 numbers are small beside an L2 penalty
FORMAT = 3
WEIGHTS, LABELS = "weights.npz", "labels.json"


def _vectorisers() -> tuple[HashingVectorizer, HashingVectorizer]:
    common: dict[str, Any] = {
        "n_features": HASH_SIZE,
        "alternate_sign": False,
        "norm": None,
        "dtype": np.float32,
        "lowercase": True,
        "strip_accents": "unicode",
    }
    words = HashingVectorizer(
        analyzer="word", ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b|[?!]", **common
    )
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), **common)
    return words, letters


def softmax(scores: Floats) -> Floats:
    """Turn rows of scores into rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
    return result


class NgramFeatures:
    """TF-IDF weighted, hashed n-grams, restricted to those seen in training.

    Args:
        columns: for each hash bucket its column, or -1 when it was not seen, shape (2 * HASH_SIZE,).
        idf: inverse document frequency of each column, shape (columns,).
    """

    def __init__(self, columns: NDArray[np.int32], idf: Floats) -> None:
        self.columns = columns
        self.idf = idf
        self._vectorisers = _vectorisers()

    @classmethod
    def fit(cls, texts: Sequence[str]) -> NgramFeatures:
        """Learn which n-grams occur and how rare each is."""
        unfitted = cls(np.full(2 * HASH_SIZE, -1, np.int32), np.zeros(0, np.float32))
        seen = np.zeros(2 * HASH_SIZE, np.int64)
        for part, matrix in enumerate(v.transform(texts) for v in unfitted._vectorisers):
            seen[part * HASH_SIZE : (part + 1) * HASH_SIZE] = np.bincount(matrix.indices, minlength=HASH_SIZE)
        known = np.flatnonzero(seen >= RAREST)
        columns = np.full(2 * HASH_SIZE, -1, np.int32)
        columns[known] = np.arange(len(known), dtype=np.int32)
        idf = np.log((1 + len(texts)) / (1 + seen[known])) + 1
        return cls(columns, idf.astype(np.float32))

    def transform(self, texts: Sequence[str]) -> Any:
        """Return a sparse matrix of shape (texts, columns); words and letters each of length one."""
        from scipy import sparse

        rows, columns, values = self.weigh(texts)
        return sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), len(self.idf)))

    def weigh(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int32], Floats]:
        """Return rows, columns and values of that matrix, none of them twice."""
        rows, columns, values = [], [], []
        for part, vectoriser in enumerate(self._vectorisers):
            matrix = vectoriser.transform(texts)
            column = self.columns[matrix.indices + part * HASH_SIZE]
            row = np.repeat(np.arange(len(texts)), np.diff(matrix.indptr))
            known = column >= 0
            row, column = row[known], column[known]
            value = (1 + np.log(matrix.data[known])) * self.idf[column]
            length = np.sqrt(np.bincount(row, weights=value * value, minlength=len(texts)))
            rows.append(row)
            columns.append(column)
            values.append(value / np.maximum(length, 1e-9)[row])
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(values).astype(np.float32)


@dataclass(frozen=True)
class Head:
    """One linear model: weights of shape (features, labels) and a bias of shape (labels,)."""

    weights: Floats
    bias: Floats

    @classmethod
    def fit_sparse(cls, features: Any, targets: NDArray[np.int64]) -> Head:
        """Fit by gradient descent, each label against the rest: as good, in an eighth of the time."""
        model = SGDClassifier(
            loss="log_loss", alpha=NGRAM_PENALTY, max_iter=NGRAM_EPOCHS, tol=None, random_state=0
        )
        model.fit(features, targets)
        return cls._of(model.coef_, model.intercept_)

    @classmethod
    def fit(cls, features: Any, targets: NDArray[np.int64], strength: float) -> Head:
        """Fit by maximum likelihood, all labels together."""
        model = LogisticRegression(C=strength, max_iter=ROUNDS, tol=1e-3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # see ROUNDS
            model.fit(features, targets)
        return cls._of(model.coef_, model.intercept_)

    @classmethod
    def _of(cls, weights: Any, bias: Any) -> Head:
        if len(weights) == 1:  # two labels: scikit-learn keeps one column
            weights, bias = np.vstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2])
        return cls(np.ascontiguousarray(weights.T, np.float32), bias.astype(np.float32))

    def probabilities(self, features: Any) -> Floats:
        return softmax(np.asarray(features @ self.weights) + self.bias)

    def probabilities_of_one(self, columns: NDArray[np.int32], values: Floats) -> Floats:
        """Return the same for one row of sparse features; building a matrix for one row costs time."""
        return softmax((values @ self.weights[columns] + self.bias)[None])


class TextClassifier:
    """Label texts with calibrated-enough probabilities.

    Args:
        labels: the labels, sorted.
        ngrams: fitted n-gram features.
        ngram_head: linear model over them.
        embedding_head: linear model over sentence embeddings; None when trained without an encoder.
        encoder: the encoder; None leaves the n-gram head to decide alone.
    """

    def __init__(
        self,
        labels: Sequence[str],
        ngrams: NgramFeatures,
        ngram_head: Head,
        embedding_head: Head | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        self.labels = tuple(labels)
        self._ngrams = ngrams
        self._ngram_head = ngram_head
        self._embedding_head = embedding_head
        self._encoder = encoder

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        encoder: Encoder | None = None,
        embeddings: Floats | None = None,
    ) -> TextClassifier:
        """Fit both heads.

        Args:
            texts: training texts, n of them.
            labels: a label for each.
            encoder: sentence encoder; without it only the n-gram head is trained.
            embeddings: the texts' embeddings, shape (n, d), when they are known already.

        Raises:
            ValueError: fewer than two different labels.
        """
        names = sorted(set(labels))
        if len(names) < 2:
            raise ValueError("A classifier needs examples of at least two labels.")
        index = {name: i for i, name in enumerate(names)}
        targets = np.array([index[label] for label in labels], np.int64)
        ngrams = NgramFeatures.fit(texts)
        features = ngrams.transform(texts)
        ngram_head = (
            Head.fit(features, targets, NGRAM_STRENGTH)
            if len(names) < MANY
            else Head.fit_sparse(features, targets)
        )
        if embeddings is None and encoder is not None:
            embeddings = encoder.embed(texts)
        embedding_head: Head | None = None
        if embeddings is not None:
            embedding_head = Head.fit(embeddings * np.float32(EMBEDDING_SCALE), targets, EMBEDDING_STRENGTH)
            embedding_head = Head(embedding_head.weights * np.float32(EMBEDDING_SCALE), embedding_head.bias)
        return cls(names, ngrams, ngram_head, embedding_head, encoder)

    def predict_proba(self, texts: Sequence[str], embeddings: Floats | None = None) -> Floats:
        """Return probabilities of shape (texts, labels); rows sum to one."""
        if not texts:
            return np.zeros((0, len(self.labels)), np.float32)
        result = self.ngram_chances(texts)
        if self._embedding_head is None:
            return result
        if embeddings is None and self._encoder is not None:
            embeddings = self._encoder.embed(texts)
        if embeddings is None:
            return result
        mean: Floats = (result + self._embedding_head.probabilities(embeddings)) / 2
        return mean

    def ngram_chances(self, texts: Sequence[str]) -> Floats:
        """Return what the n-grams alone say, of shape (texts, labels): quick, for many texts."""
        if len(texts) == 1:
            _, columns, values = self._ngrams.weigh(texts)
            return self._ngram_head.probabilities_of_one(columns, values)
        return self._ngram_head.probabilities(self._ngrams.transform(texts))

    def save(self, folder: Path) -> None:
        """Write the model into a folder: plain arrays and a JSON file, no pickled code."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {
            "columns": self._ngrams.columns,
            "idf": self._ngrams.idf,
            "ngram_weights": self._ngram_head.weights,
            "ngram_bias": self._ngram_head.bias,
        }
        if self._embedding_head is not None:
            arrays |= {f"embedding_{name}": part for name, part in vars(self._embedding_head).items()}
        np.savez(folder / WEIGHTS, **arrays)
        (folder / LABELS).write_text(json.dumps({"format": FORMAT, "labels": self.labels}), "utf-8")

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None = None) -> TextClassifier:
        """Read a saved model.

        Raises:
            FileNotFoundError: nothing was saved there.
            ValueError: it was saved by another version of this module.
        """
        about = json.loads((folder / LABELS).read_text("utf-8"))
        if about.get("format") != FORMAT:
            raise ValueError(f"{folder} holds a model of another version; train again (make train).")
        with np.load(folder / WEIGHTS, allow_pickle=False) as arrays:
            embedding_head = None
            if "embedding_weights" in arrays:
                embedding_head = Head(arrays["embedding_weights"], arrays["embedding_bias"])
            return cls(
                about["labels"],
                NgramFeatures(arrays["columns"], arrays["idf"]),
                Head(arrays["ngram_weights"], arrays["ngram_bias"]),
                embedding_head,
                encoder,
            )


def newest(encoder: Encoder | None = None, folder: Path = MODELS) -> TextClassifier | None:
    """Return the classifier inside Rasa's newest model, None where there is none (``make train``).

    Raises:
        ValueError: it was saved by another version of this module.
    """
    archives = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not archives:
        return None
    with tempfile.TemporaryDirectory() as place, tarfile.open(archives[-1]) as archive:
        wanted = [m for m in archive.getmembers() if m.isfile() and Path(m.name).name in (WEIGHTS, LABELS)]
        for member in wanted:
            member.name = Path(member.name).name
            archive.extract(member, place)
        return TextClassifier.load(Path(place), encoder) if wanted else None
