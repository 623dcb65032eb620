"""The messages: which ones the peers learn from, which ones they are measured on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from baclofen import learned
from baclofen.dataset import load_jsonl
from baclofen.signs import Level
from evaluation import rows

HELD_OUT = ("carers", "few_words", "hard_negatives", "harmless", "little_ones", "long", "street")
"""One fold of ``evaluation.held_out``, for which an encoder was fine-tuned without these writers."""


class SetError(ValueError):
    """A set of messages cannot be used; the message says why."""


@dataclass(frozen=True)
class Message:
    """A message, its level, and the other levels that count as right."""

    text: str
    level: Level
    also_ok: tuple[Level, ...] = ()


@dataclass(frozen=True)
class Set:
    """Messages that are measured together.

    Attributes:
        key: ``held_out``, ``labelled`` or ``public``.
        title: as the report names it; no place on this machine.
        messages: all of them; those of ``public`` have the level none.
    """

    key: str
    title: str
    messages: tuple[Message, ...]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    @property
    def digest(self) -> str:
        """Return a hash of texts and levels."""
        parts = "\n".join(f"{message.level}\t{message.text}" for message in self.messages)
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def held_out(writers: Sequence[str], folder: Path = learned.MESSAGES) -> Set:
    """Return the messages of some writers.

    Raises:
        SetError: there is no such writer.
    """
    missing = [name for name in writers if not (folder / f"{name}.jsonl").is_file()]
    if missing:
        raise SetError(f"No such writer in data/messages: {', '.join(missing)}.")
    found = [row for name in writers for row in load_jsonl(folder / f"{name}.jsonl")]
    messages = tuple(Message(row["text"], row["level"]) for row in found)
    return Set("held_out", f"held-out writers ({', '.join(writers)})", messages)


def labelled(folder: Path, title: str) -> Set:
    """Return the single messages of a folder of labelled files; questions and conversations are left out.

    Raises:
        SetError: a file is faulty, or there are none.
    """
    try:
        found = [row for part in rows.read(folder).messages.values() for row in part]
    except rows.LabelError as error:
        raise SetError(str(error)) from error
    if not found:
        raise SetError("The folder of labelled messages holds no single messages.")
    messages = [
        Message(row.text, cast(Level, row.level), cast("tuple[Level, ...]", row.also_ok)) for row in found
    ]
    return Set("labelled", title, tuple(messages))


def public(folder: Path) -> Set:
    """Return the sentences of a folder's ``*.txt`` files, one a line, each once.

    Raises:
        SetError: there are none.
    """
    lines = [line.strip() for file in sorted(folder.glob("*.txt")) for line in _lines(file)]
    texts = [line for line in dict.fromkeys(lines) if line]
    if not texts:
        raise SetError("The folder of public sentences holds no sentence in a .txt file.")
    return Set("public", "public sentences", tuple(Message(text, "none") for text in texts))


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").split("\n")


def training(without: Collection[str] = (), unseen: Iterable[str] = ()) -> list[tuple[str, Level]]:
    """Return what our learned reader learns from: labelled messages and example questions, with their levels.

    Args:
        without: writers that are left out.
        unseen: texts that are left out, whoever else wrote them.
    """
    away = {text.casefold() for text in unseen}
    return [
        (row.text, row.level)
        for row in learned.rows()
        if row.level and row.writer not in without and row.text.casefold() not in away
    ]
