"""Questions about the answer before: "why?", "more", "and for children?" (``data/follow_ups.yml``).

The topic of a conversation is the fact that was answered last. It is read from what the bot has said, so
that no slot can go stale, and is given up after :data:`TURNS` messages about something else or
:data:`KEPT` seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from baclofen import dataset, facts
from baclofen.dataset import Problem, problem_at
from baclofen.paths import DATA

Says = Literal["more", "short", "sources", "certainty", "question"]

TURNS = 5
"""Messages of the user for which an answer stays the topic."""

KEPT = 3600.0
"""Seconds for which an answer stays the topic."""

LONGEST = 7
"""Words of a question that may leave out what it is about."""


@lru_cache(maxsize=8)
def load(root: Path = DATA) -> Mapping[str, Any]:
    """Return the content of ``follow_ups.yml``.

    Raises:
        DataError: the file is missing or breaks its schema.
    """
    data: Mapping[str, Any] = dataset.load_yaml(root / "follow_ups.yml", "follow_ups")
    return data


def says(intent: str | None) -> Says | None:
    """Return what an intent asks of the answer before; None where it asks for something else."""
    part: Says | None = load()["says"].get(intent)
    return part


def topic(events: Iterable[Mapping[str, Any]], now: float | None = None) -> str | None:
    """Return the id of the fact that was answered last, None where there is none or it is too long ago.

    Args:
        events: Rasa's events as plain dicts, oldest first, the message that is asked about included.
        now: seconds since 1970; by default the time of the last event.
    """
    turns = 0
    for event in reversed(list(events)):
        kind = event.get("event")
        now = event.get("timestamp") if now is None else now
        if kind in ("restart", "session_started") or turns > TURNS:
            return None
        if kind == "user":
            turns += 1
        elif kind == "bot":
            found = _answered(event)
            if found:
                return found if (now or 0.0) - (event.get("timestamp") or 0.0) <= KEPT else None
    return None


def _answered(event: Mapping[str, Any]) -> str | None:
    custom = (event.get("data") or {}).get("custom") or {}
    name = (custom.get("fact") or {}).get("id")
    return name if name in facts.load() else None


def meant(fact: str, text: str, before: str | None) -> str:
    """Return the fact that a question means after an answer; mostly the one that it names.

    Args:
        fact: the id of the fact that the words ask for.
        text: as typed; a long question, or one that names baclofen, stands for itself.
        before: the id of the fact that was answered before.
    """
    entry = load()["instead"].get(fact)
    if entry is None or before is None or len(text.split()) > LONGEST or "baclo" in text.lower():
        return fact
    of_fact: str | None = entry.get("facts", {}).get(before)
    of_topic: str | None = entry.get("topics", {}).get(facts.load()[before].topic)
    return of_fact or of_topic or fact


@dataset.check_for("follow_ups.yml")
def check_follow_ups(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """Yield every follow-up that leads to a fact or a topic that does not exist."""
    try:
        known = facts.load(root)
    except dataset.DataError:  # told where it is
        return
    topics = {fact.topic for fact in known.values()}
    for path, data in files.items():
        for name, entry in data["instead"].items():
            of_fact, of_topic = entry.get("facts", {}), entry.get("topics", {})
            for fact in [
                n for n in (name, *of_fact, *of_fact.values(), *of_topic.values()) if n not in known
            ]:
                text = f"{name}: no fact '{fact}' in data/facts; correct the id"
                yield problem_at(path, ("instead", name), text)
            for each in [n for n in of_topic if n not in topics]:
                text = f"{name}: no topic '{each}' in data/facts; correct the name"
                yield problem_at(path, ("instead", name), text)
