"""Held-out messages with what each model makes of them, and of the parts that triage reads by themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from baclofen import learned, rules, triage
from baclofen.classifier import Floats, TextClassifier, softmax
from baclofen.clear import clear
from baclofen.signs import LEVELS, RANK
from evaluation.held_out import HeldOut, Scores, key

Ints = npt.NDArray[np.int64]

DANGER = [RANK[level] for level in LEVELS if RANK[level] >= RANK["urgent"]]


@dataclass(frozen=True)
class Message:
    """A whole message of ``data/messages`` whose writer was held out in a fold."""

    text: str
    level: str
    writer: str
    fold: int
    lang: str = "en"


@dataclass(frozen=True)
class Votes:
    """What the models make of texts, shape (texts, levels) each, columns in the order of ``LEVELS``.

    Attributes:
        ngrams: chances. frozen, fine_tuned: scores, whose softmax is chances; NaN where there are none.
    """

    ngrams: Floats
    frozen: Floats
    fine_tuned: Floats

    def encoder(self, temperature: float) -> Floats:
        """Return chances by the fine-tuned encoder, or by the frozen one where it was not run, or NaN."""
        tuned = softmax(self.fine_tuned / np.float32(temperature))
        result: Floats = np.where(np.isnan(self.fine_tuned), softmax(self.frozen), tuned)
        return result

    def shipped(self, temperature: float) -> Floats:
        """Return chances as the reader mixes them; by n-grams alone where no encoder read the text."""
        mixed = learned.mix(self.encoder(temperature), self.ngrams)
        result: Floats = np.where(np.isnan(mixed), self.ngrams, mixed)
        return result

    def take(self, rows: npt.NDArray[np.bool_]) -> Votes:
        return Votes(self.ngrams[rows], self.frozen[rows], self.fine_tuned[rows])


@dataclass(frozen=True)
class Windows:
    """The windows of long messages that the encoder reads: whose they are, and their votes."""

    owners: Ints
    votes: Votes


@dataclass(frozen=True)
class Findings:
    """What the rules found.

    Attributes:
        owners: the message of each. ranks: of the level that each asks for.
        votes: on the sentence that holds it.
        with_whole: whether triage asks of the whole message too, before it holds the words to be mere talk.
        bare: whether it never does, because the message says nothing else.
    """

    owners: Ints
    ranks: Ints
    votes: Votes
    with_whole: npt.NDArray[np.bool_]
    bare: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cases:
    """Held-out messages and all that was made of them.

    Attributes:
        messages: in order. votes: on each whole message.
        windows, findings: of some messages; of those alone that the fine-tuned encoder judged.
        left_out: messages of ``data/messages`` that were written or changed after the models were trained.
    """

    messages: tuple[Message, ...]
    votes: Votes
    windows: Windows
    findings: Findings
    left_out: int

    @property
    def labels(self) -> Ints:
        return np.array([RANK[m.level] for m in self.messages], np.int64)  # type: ignore[index]

    @property
    def folds(self) -> Ints:
        return np.array([m.fold for m in self.messages], np.int64)

    @property
    def parts_judged(self) -> tuple[int, int]:
        """Sentences and windows that the fine-tuned encoder judged by themselves, and all of them."""
        scores = np.concatenate([self.findings.votes.fine_tuned, self.windows.votes.fine_tuned])
        return int((~np.isnan(scores).any(axis=1)).sum()), len(scores)

    def in_folds(self, folds: Iterable[int]) -> Cases:
        """Return the messages of some folds alone."""
        return self.where(np.isin(self.folds, list(folds)))

    def once(self, folds: Sequence[int]) -> Cases:
        """Return the messages of some folds, of each writer those of the first of these folds alone."""
        first: dict[str, int] = {}
        for message in self.messages:
            if message.fold in folds:
                first[message.writer] = min(message.fold, first.get(message.writer, message.fold))
        return self.where(np.array([first.get(m.writer) == m.fold for m in self.messages], bool))

    def in_english(self, yes: bool = True) -> Cases:
        """Return the messages in English, or those in other languages."""
        return self.where(np.array([(m.lang == "en") == yes for m in self.messages], bool))

    def where(self, kept: npt.NDArray[np.bool_]) -> Cases:
        """Return the messages that are marked."""
        number = np.cumsum(kept) - 1
        windows, findings = kept[self.windows.owners], kept[self.findings.owners]
        return Cases(
            tuple(m for m, keep in zip(self.messages, kept, strict=True) if keep),
            self.votes.take(kept),
            Windows(number[self.windows.owners[windows]], self.windows.votes.take(windows)),
            Findings(
                number[self.findings.owners[findings]],
                self.findings.ranks[findings],
                self.findings.votes.take(findings),
                self.findings.with_whole[findings],
                self.findings.bare[findings],
            ),
            self.left_out,
        )


def read_messages(kept: HeldOut, folder: Path = learned.MESSAGES) -> tuple[list[Message], int]:
    """Return the whole messages that have scores, for each fold that has them, and how many have none."""
    found, left_out = [], 0
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").split("\n"):
            if not line.strip():
                continue
            row = json.loads(line)
            name = key(row["text"])
            folds = [fold for fold in kept.folds.get(file.stem, ()) if (fold, name) in kept.frozen]
            found += [Message(row["text"], row["level"], file.stem, fold, row["lang"]) for fold in folds]
            left_out += not folds
    return found, left_out


def collect(kept: HeldOut, say: Callable[[str], None]) -> Cases:
    """Train the n-grams for each fold and gather what all models make of the held-out messages."""
    messages, left_out = read_messages(kept)
    rows = [row for row in learned.rows() if row.level]
    parts: list[Cases] = []
    for fold in sorted({message.fold for message in messages}):
        taught = [row for row in rows if kept.is_learned(row.text, fold)]
        model = learned.fit(taught)
        judged = [message for message in messages if message.fold == fold]
        say(f"  fold {fold}: n-grams learned {len(taught)} rows and judge {len(judged)} messages")
        parts.append(_fold(judged, model, kept, fold, left_out))
    return _join(parts, left_out)


def _fold(
    messages: Sequence[Message], model: TextClassifier, kept: HeldOut, fold: int, left_out: int
) -> Cases:
    columns = [model.labels.index(level) for level in LEVELS]

    def votes(texts: Sequence[str]) -> Votes:
        chances = model.predict_proba([clear(text) for text in texts])[:, columns]
        return Votes(chances, _scores(texts, fold, kept.frozen), _scores(texts, fold, kept.fine_tuned))

    whole = votes([message.text for message in messages])
    windows: list[tuple[int, str]] = []
    findings: list[tuple[int, rules.Finding]] = []
    if fold in kept.fine_tuned_folds:
        for number, message in enumerate(messages):
            findings += [(number, finding) for finding in rules.read(message.text).findings]
            windows += [(number, part) for part in learned._parts(message.text)[1:]]
    of_windows = votes([part for _, part in windows])
    closely = gravest(np.array([owner for owner, _ in windows], np.int64), of_windows.ngrams)
    bare = [triage.is_bare_red_flag(finding, messages[owner].text) for owner, finding in findings]
    short = [len(messages[owner].text.split()) <= learned.LONG for owner, _ in findings]
    return Cases(
        tuple(messages),
        whole,
        Windows(
            np.array([owner for owner, _ in windows], np.int64)[closely],
            of_windows.take(closely),
        ),
        Findings(
            np.array([owner for owner, _ in findings], np.int64),
            np.array([RANK[finding.sign.level] for _, finding in findings], np.int64),
            votes([finding.sentence for _, finding in findings]),
            np.array(short, bool),
            np.array(bare, bool),
        ),
        left_out,
    )


def _scores(texts: Sequence[str], fold: int, known: Mapping[tuple[int, int], Scores]) -> Floats:
    nothing = np.full(len(LEVELS), np.nan, np.float32)
    found = [known.get((fold, key(text)), nothing) for text in texts]
    return np.array(found, np.float32).reshape(len(texts), len(LEVELS))


def gravest(owners: Ints, chances: Floats) -> npt.NDArray[np.bool_]:
    """Mark the windows of each message that the encoder reads too: those that the n-grams find gravest."""
    gravity = chances[:, DANGER].sum(axis=1)
    result = np.zeros(len(owners), bool)
    for owner in np.unique(owners):
        of_owner = np.flatnonzero(owners == owner)
        result[of_owner[np.argsort(-gravity[of_owner])[: learned.CLOSELY]]] = True
    return result


def _join(parts: Sequence[Cases], left_out: int) -> Cases:
    before = np.cumsum([0, *(len(part.messages) for part in parts)])

    def votes(each: Sequence[Votes]) -> Votes:
        return Votes(
            *(np.concatenate([getattr(v, name) for v in each]) for name in ("ngrams", "frozen", "fine_tuned"))
        )

    return Cases(
        tuple(message for part in parts for message in part.messages),
        votes([part.votes for part in parts]),
        Windows(
            np.concatenate([part.windows.owners + n for part, n in zip(parts, before, strict=False)]),
            votes([part.windows.votes for part in parts]),
        ),
        Findings(
            np.concatenate([part.findings.owners + n for part, n in zip(parts, before, strict=False)]),
            np.concatenate([part.findings.ranks for part in parts]),
            votes([part.findings.votes for part in parts]),
            np.concatenate([part.findings.with_whole for part in parts]),
            np.concatenate([part.findings.bare for part in parts]),
        ),
        left_out,
    )
