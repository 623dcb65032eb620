"""Labelled messages: read from ``.jsonl`` files and checked, so that a slip is found before a run."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LEVELS = ("emergency", "crisis", "urgent", "awareness", "none")
"""The levels, gravest first."""


class LabelError(Exception):
    """A labelled file cannot be used; the message names file and line and says what to do."""


@dataclass(frozen=True)
class Row:
    """One message, question or conversation turn, with what its reply has to be.

    Args:
        id: name of the row, unique in its folder.
        text: what is sent.
        level: the level of help it needs.
        also_ok: other levels that an expert would accept.
        tags: groups the row belongs to.
        must: patterns that have to match somewhere in the whole reply, ignoring case.
        must_not: patterns that may not.
        source: where a question comes from.
    """

    id: str
    text: str
    level: str
    also_ok: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    source: str = "other"

    @property
    def accepted(self) -> tuple[str, ...]:
        """Return the label and the other levels that count as right."""
        return (self.level, *self.also_ok)


@dataclass(frozen=True)
class Conversation:
    """Turns of one sender, in order."""

    id: str
    turns: tuple[Row, ...]


@dataclass(frozen=True)
class LabelledSet:
    """All that a folder holds.

    Args:
        messages: by file, without its ending.
        facts: questions with patterns for the answer.
        conversations: several turns each.
    """

    messages: dict[str, tuple[Row, ...]]
    facts: tuple[Row, ...]
    conversations: tuple[Conversation, ...]

    @property
    def size(self) -> int:
        """Return how many messages a run sends."""
        turns = sum(len(conversation.turns) for conversation in self.conversations)
        return sum(map(len, self.messages.values())) + len(self.facts) + turns


def read(folder: Path) -> LabelledSet:
    """Read every ``.jsonl`` file of a folder.

    A row with ``turns`` is a conversation, one with ``must`` or ``must_not`` a question, any other a message.
    Files of earlier results (rows with ``reply`` or ``ok``) are passed over.

    Raises:
        LabelError: the folder is missing, holds nothing that is labelled, or a row is wrong.
    """
    if not folder.is_dir():
        raise LabelError(f"{folder} is no folder. Give one that holds .jsonl files of labelled messages.")
    messages: dict[str, tuple[Row, ...]] = {}
    facts: list[Row] = []
    conversations: list[Conversation] = []
    for path in sorted(folder.glob("*.jsonl")):
        plain = []
        for where, data in _lines(path):
            if "reply" in data or "ok" in data:
                continue
            if "turns" in data:
                conversations.append(_conversation(data, where))
            elif "must" in data or "must_not" in data:
                facts.append(_row(data, where))
            else:
                plain.append(_row(data, where))
        if plain:
            messages[path.stem] = tuple(plain)
    result = LabelledSet(messages, tuple(facts), tuple(conversations))
    if not result.size:
        raise LabelError(f"{folder} holds no labelled message. Put .jsonl files there, one object a line.")
    return result


def _lines(path: Path) -> list[tuple[str, dict[str, Any]]]:
    found = []
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # not splitlines: a text may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        raise LabelError(f"{path} cannot be read ({error}). It has to be UTF-8 text.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            data = json.loads(line)
        except ValueError as error:
            raise LabelError(f"{where}: no JSON ({error}). Write one object a line.") from error
        if not isinstance(data, dict):
            raise LabelError(f"{where}: an object is needed, such as {{'id': …, 'text': …, 'level': …}}.")
        found.append((where, data))
    return found


def _conversation(data: dict[str, Any], where: str) -> Conversation:
    name, turns = str(data.get("id") or where), data["turns"]
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, dict) for turn in turns):
        raise LabelError(f"{where}: 'turns' has to be a list of objects, at least one.")
    rows = (_row(turn, where, f"{name}.{number}") for number, turn in enumerate(turns, start=1))
    return Conversation(name, tuple(rows))


def _row(data: dict[str, Any], where: str, name: str | None = None) -> Row:
    text = data.get("say" if name else "text")
    if not isinstance(text, str) or not text.strip():
        raise LabelError(
            f"{where}: '{'say' if name else 'text'}' is missing or empty. Write the message there."
        )
    row = Row(
        id=name or str(data.get("id") or where),
        text=text,
        level=data.get("level", "none"),
        also_ok=_words(data, "also_ok", where),
        tags=_words(data, "tags", where),
        must=_words(data, "must", where),
        must_not=_words(data, "must_not", where),
        source=str(data.get("source", "other")),
    )
    for level in row.accepted:
        if level not in LEVELS:
            raise LabelError(f"{where}: {level!r} is no level. Take one of {', '.join(LEVELS)}.")
    for pattern in row.must + row.must_not:
        try:
            re.compile(pattern)
        except re.error as error:
            raise LabelError(f"{where}: {pattern!r} is no regular expression ({error}).") from error
    return row


def _words(data: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value: Sequence[Any] = data.get(key) or ()
    if isinstance(value, str) or not all(isinstance(word, str) for word in value):
        raise LabelError(f"{where}: {key!r} has to be a list of strings.")
    return tuple(value)
