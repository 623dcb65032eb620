"""A reply in the shape of a messaging channel (``data/channels``): lengths, choices, calls.

Pure functions of a reply; the channels turn what comes out into their vendor's own JSON.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from baclofen import gsm7, paths
from baclofen.dataset import DataError, Problem, check_for, load_yaml, problem_at
from baclofen.splitting import split
from baclofen.wording import Wording

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choice:
    """Something to choose: ``payload`` counts as if the user had written it."""

    title: str
    payload: str


@dataclass(frozen=True)
class Call:
    """A number to tap: ``uri`` is ``tel:…`` or ``sms:…``."""

    label: str
    number: str
    uri: str


@dataclass(frozen=True)
class Part:
    """One message as a channel sends it.

    Attributes:
        choices: what can be tapped.
        numbered: what a digit means, the first for 1; listed in the text.
        calls: numbers that can be tapped.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    numbered: tuple[Choice, ...] = ()
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Shape:
    """What a channel carries; see ``data/schemas/channel.json``."""

    name: str
    unit: Literal["segments", "characters"]
    longest: int
    style: Literal["numbered", "quick_replies", "buttons"]
    most_choices: int
    longest_title: int
    longest_payload: int
    most_calls: int
    keywords: Mapping[str, frozenset[str]]

    def fits(self, text: str) -> bool:
        """Say whether one message carries the text."""
        if self.unit == "segments":
            return gsm7.segments(text) <= self.longest
        return len(text.encode("utf-16-le")) // 2 <= self.longest

    def keyword(self, text: str) -> str | None:
        """Return which of stop, start and help a whole message is, None for any other text."""
        said = text.strip().strip(".!\"'").upper()
        return next((name for name, words in self.keywords.items() if said in words), None)

    @property
    def keeps_choices_last(self) -> bool:
        """Whether choices only work under the last message."""
        return self.style != "buttons"


PLAINEST = 300
"""Characters of a message where nothing is known of a channel: two text messages."""


def load_or_plain(name: str) -> Shape:
    """Return the shape of a channel; a plain and short one where its file is broken, which is logged."""
    try:
        return load(name)
    except (DataError, KeyError) as error:
        logger.error("The channel %s is served plainly: %s", name, error)
        return Shape(name, "characters", PLAINEST, "numbered", 3, 0, 0, 0, {})


@lru_cache(maxsize=16)
def load(name: str, root: Path | None = None) -> Shape:
    """Return the shape of a channel.

    Raises:
        DataError: its file is missing or breaks the schema.
    """
    data = load_yaml((root or paths.DATA) / "channels" / f"{name}.yml", "channel")
    choices = data["choices"]
    return Shape(
        name=data["name"],
        unit=data["text"]["unit"],
        longest=data["text"]["longest"],
        style=choices["style"],
        most_choices=choices["most"],
        longest_title=choices.get("longest_title", 0),
        longest_payload=choices.get("longest_payload", 0),
        most_calls=data.get("most_calls", 1) if data["calls"] == "buttons" else 0,
        keywords={key: frozenset(words) for key, words in data.get("keywords", {}).items()},
    )


def parts(reply: Mapping[str, Any], shape: Shape, words: Wording) -> list[Part]:
    """Return a reply as the messages of a channel; none where it has no words.

    Args:
        reply: ``text``, ``buttons`` (``title``, ``payload``) and ``custom``, as far as it has them.
    """
    text = reply.get("text") or ""
    if shape.unit == "segments" and not gsm7.fits_one_message(text):
        text = gsm7.plain(text)
    choices = tuple(Choice(b["title"], b["payload"]) for b in reply.get("buttons") or ())
    last = _offer(Part(text), choices[: shape.most_choices], shape, words)
    said = [replace(last, text=part) for part in split(last.text, shape.fits)]
    if not said:
        return []
    bare = [replace(part, choices=(), numbered=()) for part in said[:-1]]
    shaped = [*bare, said[-1]]
    return [replace(shaped[0], calls=_calls(reply, shape)), *shaped[1:]]


def _offer(part: Part, choices: tuple[Choice, ...], shape: Shape, words: Wording) -> Part:
    if not choices:
        return part
    fit = all(
        len(c.title) <= shape.longest_title and len(c.payload.encode()) <= shape.longest_payload
        for c in choices
    )
    if fit:
        return replace(part, choices=choices)
    own = words["channels"]
    lines = [own["choice"].format(digit=n, title=c.title) for n, c in enumerate(choices, start=1)]
    text = "\n".join([part.text, own["choose"], *lines])
    digits = tuple(Choice(str(n), c.payload) for n, c in enumerate(choices, start=1))
    can_tap = shape.style != "numbered" and all(
        len(c.payload.encode()) <= shape.longest_payload for c in choices
    )
    return replace(part, text=text, numbered=choices, choices=digits if can_tap else ())


def _calls(reply: Mapping[str, Any], shape: Shape) -> tuple[Call, ...]:
    verdict = (reply.get("custom") or {}).get("triage") or {}
    calls = [Call(c["label"], c["number"], c["uri"]) for c in verdict.get("call", ())]
    return tuple(calls[: shape.most_calls])


@check_for("channels/*.yml")
def check_channels(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """The name is the file's, tapped choices say how long they may be, and no keyword means two things."""
    del root
    for path, data in files.items():
        if data["name"] != path.stem:
            text = f"the file is called {path.name}; use '{path.stem}' or rename it"
            yield problem_at(path, ("name",), text)
        choices = data["choices"]
        for key in ("longest_title", "longest_payload"):
            if choices["style"] != "numbered" and key not in choices:
                yield problem_at(path, ("choices",), f"'{choices['style']}' needs {key}; add it")
        taken: dict[str, str] = {}
        for key, keywords in data.get("keywords", {}).items():
            for number, word in enumerate(keywords):
                if taken.setdefault(word, key) != key:
                    text = f"'{word}' also stands under {taken[word]}; keep one"
                    yield problem_at(path, ("keywords", key, number), text)
