"""Learned reader: sees what no lexicon lists, trained on the labelled messages of ``data/messages``.

Two models vote with their probabilities, because they err on different messages: the fine-tuned encoder of
``models/encoder`` and a linear model over character and word n-grams, which survives typing mistakes. Long
messages are read sentence by sentence too. The messages are synthetic; see their data card.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

from baclofen import facts, manifest
from baclofen.classifier import LABELS, WEIGHTS, Floats, TextClassifier, softmax
from baclofen.clear import clear
from baclofen.encoder import Encoder
from baclofen.paths import DATA, MODELS
from baclofen.signs import LEVELS, RANK, Level

logger = logging.getLogger(__name__)

MESSAGES = DATA / "messages"
FOLDER = MODELS / "reader"

ENCODER_SHARE = 0.7
"""Weight of the encoder's vote; the n-grams have the rest."""

TEMPERATURE = 1.0
"""By which the encoder's scores are divided so that its probabilities come true; see evaluation/report.md."""

COST: Mapping[Level, float] = {"none": 1.0, "awareness": 1.0, "urgent": 1.0, "crisis": 1.0, "emergency": 1.0}
"""What it costs to miss a level: a probability is multiplied by it before the likeliest level is taken."""

DOUBT = 0.4
"""From this chance of an emergency on a message that all else calls harmless gets a clarifying question."""

SIGN = 0.3
"""From this chance on the likeliest sign is named."""

REPORT = "report_signs"
"""The intent whose examples are reports of many levels: no material for this reader."""

LONG = 45  # words; longer messages are read in windows too
WINDOW = 3  # sentences
CLOSELY = 4
"""Windows that are read with the encoder too."""

MOST_WINDOWS = 400
"""Windows of one message; a longer one has them further apart."""

SURE = 0.6
"""A window raises the level of the whole message only when it is at least this sure: it lacks the context."""

JOINED = 0.25
"""Pairs of unrelated messages that the n-grams learn as one, as a share of the messages."""

JOINERS = (". ", "! ", "\n", ", ", " ", "... ", " and ", " also ", " - ")
SHORT = 250  # characters; longer messages are not joined

_SENTENCE = re.compile(r"[^.!?\n…]+[.!?\n…]*")


@dataclass(frozen=True)
class Opinion:
    """What the learned reader makes of a message.

    Attributes:
        level: the level it asks for.
        words: the part of the message that it judged by.
        chances: of each level, 0 to 1, for that part.
        sign: the likeliest sign there, a key of ``data/signs`` or ``baclofen.amounts``; "" when none is.
    """

    level: Level
    words: str
    chances: Mapping[Level, float]
    sign: str = ""

    @property
    def sure(self) -> float:
        """The chance of the level it asks for."""
        return self.chances[self.level]

    def at_least(self, level: Level) -> float:
        """Return the chance that the message has this level or a graver one."""
        return sum(chance for each, chance in self.chances.items() if RANK[each] >= RANK[level])


class LearnedReader:
    """Reads messages with the trained models.

    Args:
        ngrams: a classifier over n-grams whose labels are the five levels.
        encoder: the fine-tuned encoder; None leaves the n-grams to decide alone.
    """

    def __init__(self, ngrams: TextClassifier, encoder: Encoder | None) -> None:
        self._ngrams = ngrams
        self._columns = [ngrams.labels.index(level) for level in LEVELS]
        self._encoder = encoder
        self._order = [encoder.levels.index(level) for level in LEVELS] if encoder else []
        self._cost = np.array([COST[level] for level in LEVELS], np.float32)
        self.chances_of = lru_cache(maxsize=256)(self._chances_of)

    def read(self, text: str) -> Opinion:
        """Judge a message, and a long one by its parts as well.

        Args:
            text: as typed; any length.
        """
        parts = self._worst(_parts(text))
        best = self.judge(parts[0])
        for part in parts[1:]:
            opinion = self.judge(part)
            if RANK[opinion.level] > RANK[best.level] and opinion.sure >= SURE:
                best = opinion
        return best

    def _chances_of(self, text: str) -> tuple[float, ...]:
        """Return the chance of each level, in the order of ``LEVELS``."""
        plain = clear(text)
        chances = self._ngrams.predict_proba([plain])[0, self._columns]
        if self._encoder is not None:
            scores = self._encoder.encode([plain]).levels[:, self._order]
            chances = mix(softmax(scores / np.float32(TEMPERATURE))[0], chances)
        return tuple(float(chance) for chance in chances)

    def _worst(self, parts: list[str]) -> list[str]:
        """Keep the whole and the windows that n-grams find gravest: encoding all would take seconds."""
        if len(parts) <= 1 + CLOSELY:
            return parts
        harm = [self._columns[RANK[level]] for level in ("emergency", "crisis", "urgent")]
        gravity = self._ngrams.predict_proba([clear(part) for part in parts[1:]])[:, harm].sum(axis=1)
        return [parts[0], *(parts[1 + i] for i in sorted(np.argsort(-gravity)[:CLOSELY]))]

    def judge(self, part: str) -> Opinion:
        """Judge a text as one piece, however long it is."""
        chances = self.chances_of(part)
        level = LEVELS[int((np.array(chances) * self._cost).argmax())]
        return Opinion(
            level, " ".join(part.split()), dict(zip(LEVELS, chances, strict=True)), self._sign(part)
        )

    def _sign(self, part: str) -> str:
        if self._encoder is None:
            return ""
        scores = self._encoder.encode([clear(part)]).signs[0]
        best = int(scores.argmax())
        return self._encoder.signs[best] if scores[best] > np.log(SIGN / (1 - SIGN)) else ""


def mix(encoder: Floats, ngrams: Floats) -> Floats:
    """Return the common vote of both models; any shape."""
    share = np.float32(ENCODER_SHARE)
    return share * encoder + (1 - share) * ngrams


def _parts(text: str) -> list[str]:
    """Return the whole message and, when it is long, its windows of sentences."""
    if len(text.split()) <= LONG:
        return [text]
    said = [m.group().strip() for m in _SENTENCE.finditer(text)]
    found = list(dict.fromkeys(sentence for sentence in said if sentence))  # said again, it says no more
    pieces = [piece for sentence in found for piece in _cut(sentence)]
    last = max(1, len(pieces) - WINDOW + 1)
    step = min(WINDOW, 1 + last // MOST_WINDOWS)
    windows = [" ".join(pieces[i : i + WINDOW]) for i in range(0, last, step)]
    whole = text if len(found) == len(said) else " ".join(found)
    return [whole[:4000], *windows]


def _cut(sentence: str) -> list[str]:
    """Cut a sentence without end into pieces of at most LONG words."""
    words = sentence.split()
    return [" ".join(words[i : i + LONG]) for i in range(0, len(words), LONG)] or [sentence]


@dataclass(frozen=True)
class Row:
    """One message that the reader learns from.

    Attributes:
        text: as typed.
        level: its label; None for the examples of ``report_signs``, which have many.
        writer: who wrote it: the name of its file.
        signs: what it speaks of, in the writer's words.
        intent: the intent that it is an example of; None for the labelled messages.
    """

    text: str
    level: Level | None
    writer: str
    signs: tuple[str, ...]
    intent: str | None


def rows(folder: Path = MESSAGES) -> list[Row]:
    """Return every labelled message, and every example question with the level of its fact.

    What is harmless in whole is so in every part: the windows of long harmless messages are rows too.
    """
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                texts = _parts(row["text"]) if row["level"] == "none" else [row["text"]]
                found += [Row(text, row["level"], file.stem, tuple(row["signs"]), None) for text in texts]
    known = facts.load()
    for file in sorted((folder.parent / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            intent = block["intent"]
            fact = known.get(intent)
            level: Level | None = None if intent == REPORT else fact.level if fact else "none"
            for line in block["examples"].splitlines():
                if line.startswith("- "):
                    found.append(Row(line[2:].strip(), level, f"nlu_{file.stem}", (), intent))
    return found


def fit(taught: Sequence[Row]) -> TextClassifier:
    """Teach n-grams the levels of rows, and those of some of them with an unrelated one beside them."""
    labelled = [(clear(row.text), row.level) for row in taught if row.level]
    labelled += _joined(labelled)
    return TextClassifier.train([text for text, _ in labelled], [level for _, level in labelled])


def _joined(labelled: Sequence[tuple[str, Level]]) -> list[tuple[str, Level]]:
    """Return pairs of short messages as one, at the graver level: what is beside it takes no danger away."""
    draw = random.Random(0)
    short = [(text, level) for text, level in labelled if len(text) <= SHORT]
    pairs = [draw.sample(short, 2) for _ in range(round(JOINED * len(short)))] if len(short) > 1 else []
    return [
        (one[0].rstrip(".") + draw.choice(JOINERS) + two[0], max(one[1], two[1], key=RANK.__getitem__))
        for one, two in pairs
    ]


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


def train(folder: Path = FOLDER) -> bool:
    """Train the n-gram model on ``data/messages`` and save it, unless that was done already.

    The encoder comes trained: ``models/encoder/README.md`` says how.

    Args:
        folder: where to save.

    Returns:
        True when something was trained, False when the saved model was up to date.
    """
    mark = fingerprint()
    marker = folder / "fingerprint"
    if marker.is_file() and marker.read_text("utf-8") == mark:
        return False
    model = fit(rows())
    marker.unlink(missing_ok=True)
    model.save(folder)
    manifest.add(folder, WEIGHTS, LABELS)
    marker.write_text(mark, "utf-8")
    load.cache_clear()
    return True


@lru_cache(maxsize=1)
def load(folder: Path = FOLDER) -> LearnedReader | None:
    """Return the trained reader; None, with a line in the log, when there is none: the rules go on alone."""
    try:
        for name in (LABELS, WEIGHTS):
            if (folder / name).is_file():
                manifest.verify(folder / name)
        return LearnedReader(TextClassifier.load(folder), Encoder.load())
    except manifest.Changed as error:
        logger.warning("The learned reader is left out: %s. Train again: make train.", error)
        return None
    except (OSError, ValueError, KeyError) as error:
        logger.warning(
            "The learned reader is missing (%s); the rules read alone. Train it: make train.",
            type(error).__name__,
        )
        return None
