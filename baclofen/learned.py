"""Learned reader: a classifier over the labelled messages of ``data/messages``.

It sees what no lexicon lists, and it reads long messages sentence by sentence too, so that one sign in many
words is found. It never lowers what the rule reader found. The messages are synthetic; see their data card.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

from baclofen import facts
from baclofen.classifier import Floats, TextClassifier
from baclofen.encoder import Encoder
from baclofen.paths import DATA, MODELS
from baclofen.signs import LEVELS, RANK, Level

logger = logging.getLogger(__name__)

MESSAGES = DATA / "messages"
FOLDER = MODELS / "reader"

COST: Mapping[Level, float] = {"none": 1.0, "awareness": 1.0, "urgent": 1.0, "crisis": 1.5, "emergency": 1.0}
"""What it costs to miss a level: a probability is multiplied by it before the likeliest level is taken."""

DOUBT = 0.35
"""From this chance of an emergency on a message that all else calls harmless gets a clarifying question.

With the writers held out in turn (``cross_validate``), 0.35 asks back on 3.0 % of the harmless and catches
2.1 % of the emergencies; 0.2 would ask back on 10.2 % and catch 6.1 %.
"""

REPORT = "report_signs"
"""The intent whose examples are reports of many levels: no material for this reader."""

LONG = 45  # words; longer messages are read in windows too
WINDOW = 3  # sentences
CLOSELY = 4
"""Windows that are read with the embedding too."""

MOST_WINDOWS = 400
"""Windows of one message; a longer one has them further apart."""

SURE = 0.6
"""A window raises the level of the whole message only when it is at least this sure: it lacks the context."""

_SENTENCE = re.compile(r"[^.!?\n…]+[.!?\n…]*")


@dataclass(frozen=True)
class Opinion:
    """What the learned reader makes of a message.

    Attributes:
        level: the level it asks for.
        words: the part of the message that it judged by.
        emergency: its chance that somebody is in danger, 0 to 1.
        sure: the chance of the level it asks for, 0 to 1.
    """

    level: Level
    words: str
    emergency: float
    sure: float


class LearnedReader:
    """Reads messages with a trained classifier.

    Args:
        model: a classifier whose labels are the five levels.
    """

    def __init__(self, model: TextClassifier) -> None:
        self._model = model
        self._levels: tuple[Level, ...] = tuple(
            level for label in model.labels for level in LEVELS if level == label
        )
        self._cost = np.array([COST[level] for level in self._levels], np.float32)

    def read(self, text: str) -> Opinion:
        """Judge a message, and a long one by its parts as well.

        Args:
            text: as typed; any length.
        """
        parts = self._worst(_parts(text))
        chances = self._model.predict_proba(parts)
        weighed = chances * self._cost
        best = self._opinion(parts[0], chances[0], weighed[0])
        for part, row, weights in zip(parts[1:], chances[1:], weighed[1:], strict=True):
            opinion = self._opinion(part, row, weights)
            if RANK[opinion.level] > RANK[best.level] and opinion.sure >= SURE:
                best = opinion
        return best

    def _worst(self, parts: list[str]) -> list[str]:
        """Keep the whole and the windows that n-grams find gravest: embedding all would take seconds."""
        if len(parts) <= 1 + CLOSELY:
            return parts
        harm = [self._levels.index(level) for level in ("emergency", "crisis", "urgent")]
        gravity = self._model.ngram_chances(parts[1:])[:, harm].sum(axis=1)
        return [parts[0], *(parts[1 + i] for i in sorted(np.argsort(-gravity)[:CLOSELY]))]

    def _opinion(self, part: str, chances: Floats, weighed: Floats) -> Opinion:
        first = int(weighed.argmax())
        danger = float(chances[self._levels.index("emergency")])
        return Opinion(self._levels[first], " ".join(part.split()), danger, float(chances[first]))


def _parts(text: str) -> list[str]:
    """Return the whole message and, when it is long, its windows of sentences."""
    if len(text.split()) <= LONG:
        return [text]
    found = [m.group().strip() for m in _SENTENCE.finditer(text)]
    pieces = [piece for sentence in found if sentence for piece in _cut(sentence)]
    last = max(1, len(pieces) - WINDOW + 1)
    step = min(WINDOW, 1 + last // MOST_WINDOWS)
    windows = [" ".join(pieces[i : i + WINDOW]) for i in range(0, last, step)]
    return [text[:4000], *windows]


def _cut(sentence: str) -> list[str]:
    """Cut a sentence without end into pieces of at most LONG words."""
    words = sentence.split()
    return [" ".join(words[i : i + LONG]) for i in range(0, len(words), LONG)] or [sentence]


def messages(folder: Path = MESSAGES) -> list[tuple[str, Level, str]]:
    """Return (text, level, writer) of every labelled message, and of every example question as well.

    A question of ``data/nlu`` has the level of its fact; small talk and other topics have none.
    """
    rows: list[tuple[str, Level, str]] = []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                rows.append((row["text"], row["level"], file.stem))
    return rows + _questions(folder.parent / "nlu")


def _questions(folder: Path) -> list[tuple[str, Level, str]]:
    rows: list[tuple[str, Level, str]] = []
    known = facts.load()
    for file in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            if block["intent"] == REPORT:
                continue
            fact = known.get(block["intent"])
            for line in block["examples"].splitlines():
                if line.startswith("- "):
                    rows.append((line[2:].strip(), fact.level if fact else "none", f"nlu_{file.stem}"))
    return rows


def fingerprint(folder: Path = MESSAGES) -> str:
    """Return a hash of the labelled messages and of the code that is trained on them."""
    digest = hashlib.sha256()
    here = Path(__file__)
    for file in [
        *sorted(folder.glob("*.jsonl")),
        *sorted((folder.parent / "nlu").glob("*.yml")),
        here,
        here.with_name("classifier.py"),
    ]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def train(folder: Path = FOLDER, encoder: Encoder | None = None) -> bool:
    """Train on ``data/messages`` and save, unless that was done already.

    Args:
        folder: where to save.
        encoder: sentence encoder; None loads the project's own, if it is there.

    Returns:
        True when something was trained, False when the saved model was up to date.
    """
    encoder = encoder or Encoder.load()
    mark = fingerprint() + (" encoder" if encoder else "")
    marker = folder / "fingerprint"
    if marker.is_file() and marker.read_text("utf-8") == mark:
        return False
    rows = messages()
    model = TextClassifier.train(
        [text for text, _, _ in rows], [level for _, level, _ in rows], encoder=encoder, committee=True
    )
    marker.unlink(missing_ok=True)
    model.save(folder)
    marker.write_text(mark, "utf-8")
    load.cache_clear()
    return True


@lru_cache(maxsize=1)
def load(folder: Path = FOLDER) -> LearnedReader | None:
    """Return the trained reader; None, with a line in the log, when there is none: the rules go on alone."""
    try:
        return LearnedReader(TextClassifier.load(folder, Encoder.load()))
    except (OSError, ValueError, KeyError) as error:
        logger.warning(
            "The learned reader is missing (%s); the rules read alone. Train it: make train.",
            type(error).__name__,
        )
        return None


def cross_validate(folds: int = 5) -> tuple[list[Level], Floats, list[str]]:
    """Train on all writers but a fold's, judge that fold's messages.

    Returns:
        The true levels, the chances of shape (messages, levels) in the order of ``LEVELS``, and the writers.
    """
    rows = messages()
    writers = sorted({writer for _, _, writer in rows})
    encoder = Encoder.load()
    texts = [text for text, _, _ in rows]
    embeddings = encoder.embed(texts) if encoder else None
    chances = np.zeros((len(rows), len(LEVELS)), np.float32)
    names: list[str] = list(LEVELS)
    for fold in range(folds):
        held = np.array([writers.index(writer) % folds == fold for _, _, writer in rows])
        kept = np.flatnonzero(~held)
        model = TextClassifier.train(
            [texts[i] for i in kept],
            [rows[i][1] for i in kept],
            embeddings=None if embeddings is None else embeddings[kept],
            committee=True,
        )
        judged = np.flatnonzero(held)
        result = model.predict_proba(
            [texts[i] for i in judged], None if embeddings is None else embeddings[judged]
        )
        for column, label in enumerate(model.labels):
            chances[judged, names.index(label)] = result[:, column]
    return [level for _, level, _ in rows], chances, [writer for _, _, writer in rows]
