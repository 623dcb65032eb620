"""Asks the bot the test questions of ``tests/questions`` and counts which curated answer comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from baclofen.paths import ROOT
from evaluation.bot import IN_FLIGHT, Client, new_sender
from evaluation.score import Reply

FOLDER = ROOT / "tests" / "questions"
MOST_MISSED = 80
"""Missed questions that the report lists."""


@dataclass(frozen=True)
class Asked:
    """One question and what came back.

    Attributes:
        kind: single, outside, pairs or turn. wanted: ids of facts, or what the answer before is asked for.
        got: ids of the answers, in order. length: characters of the whole reply.
    """

    kind: str
    text: str
    wanted: tuple[str, ...]
    got: tuple[str, ...]
    is_right: bool
    length: int


@dataclass(frozen=True)
class QuestionReport:
    """Every question asked, in the order of the files."""

    asked: tuple[Asked, ...]

    def of(self, kind: str) -> list[Asked]:
        return [each for each in self.asked if each.kind == kind]

    def share(self, kind: str) -> float:
        """Return the share of a kind that was answered rightly, nan when there is none."""
        each = self.of(kind)
        return sum(a.is_right for a in each) / len(each) if each else float("nan")

    @property
    def figures(self) -> dict[str, float]:
        singles = self.of("single")
        wrong = sum(bool(a.got) and not a.is_right for a in singles)
        lengths = [a.length for a in singles]
        return {
            "question_right": self.share("single"),
            "question_wrong_fact": wrong / len(singles),
            "question_outside": self.share("outside"),
            "question_pairs": self.share("pairs"),
            "question_turns": self.share("turn"),
            "question_median_length": median(lengths),
            "question_longest": max(lengths),
        }


def answers(reply: Reply) -> tuple[str, ...]:
    """Return the ids of the facts that a reply answers with."""
    parts = ((message.get("custom") or {}).get("fact") for message in reply.messages)
    return tuple(part["id"] for part in parts if part)


def run(client: Client, folder: Path = FOLDER) -> QuestionReport:
    """Ask everything, each question of a fresh sender, conversations in order."""
    tasks: list[Callable[[], Iterable[Asked]]] = []
    for kind in ("single", "outside", "pairs"):
        tasks += [lambda row=row, kind=kind: [_ask(client, kind, row)] for row in _rows(folder, kind)]  # type: ignore[misc]
    tasks += [lambda row=row: _talk(client, row["turns"]) for row in _rows(folder, "conversations")]  # type: ignore[misc]
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        found = list(pool.map(lambda task: list(task()), tasks))
    return QuestionReport(tuple(each for group in found for each in group))


def _rows(folder: Path, name: str) -> Sequence[Mapping[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").open(encoding="utf-8")]


def _ask(client: Client, kind: str, row: Mapping[str, Any]) -> Asked:
    reply = client.ask(row["text"])
    got = answers(reply)
    if kind == "outside":
        wanted, right = (), not got
    elif kind == "pairs":
        wanted, right = tuple(row["facts"]), set(row["facts"]) <= set(got)
    else:
        wanted = (row["fact"], *row.get("also", ()))
        right = bool(set(wanted) & set(got))
    return Asked(kind, row["text"], wanted, got, right, _length(reply))


def _talk(client: Client, turns: Sequence[Mapping[str, Any]]) -> Iterable[Asked]:
    sender, before = new_sender(), ()
    for turn in turns:
        reply = client.ask(turn["text"], sender)
        got = answers(reply)
        # What is asked of the answer before comes with its id, whatever part of it is said.
        right = turn["fact"] in got if "fact" in turn else bool(got) and got == before[:1]
        yield Asked("turn", turn["text"], (turn.get("fact") or turn["says"],), got, right, _length(reply))
        before = got or before


def _length(reply: Reply) -> int:
    return sum(len(message.get("text") or "") for message in reply.messages)


def text(found: QuestionReport, day: str) -> str:
    """Return the page ``evaluation/questions.md``."""
    names = {
        "single": "one question: the right answer",
        "outside": "nothing to do with baclofen: no answer",
        "pairs": "two questions at once: both answers",
        "turn": "turns of conversations: the right answer or part of it",
    }
    figures = found.figures
    lines = [
        "# Which answer comes back",
        "",
        f"`python -m evaluation --only questions` on {day};",
        "the questions: [tests/questions](../tests/questions/README.md).",
        "",
        "| asked | right | of | share |",
        "|---|---|---|---|",
        *(
            f"| {name} | {right} | {count} | {found.share(kind):.3f} |"
            for kind, name in names.items()
            for right, count in [(sum(a.is_right for a in found.of(kind)), len(found.of(kind)))]
        ),
        "",
        f"A wrong answer came back to {figures['question_wrong_fact']:.1%} of the single questions; to the",
        "rest of the missed ones none. Replies to single questions, the advice beside them included: median",
        f"{figures['question_median_length']:.0f} characters, longest {figures['question_longest']:.0f}.",
        "",
        "## Missed",
        "",
        "| question | wanted | got |",
        "|---|---|---|",
    ]
    missed = [a for a in found.asked if not a.is_right][:MOST_MISSED]
    lines += [f"| {_cell(a.text)} | {', '.join(a.wanted)} | {', '.join(a.got) or '–'} |" for a in missed]
    return "\n".join(lines) + "\n"


def _cell(words: str) -> str:
    return words.replace("|", "/").replace("\n", " ")[:120]
