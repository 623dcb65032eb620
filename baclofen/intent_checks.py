"""Rules of the example questions: every fact is asked for, every intent is answered, no two are too alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from baclofen import dataset, follow_ups, wording
from baclofen.dataset import Problem
from baclofen.encoder import Encoder
from baclofen.paths import DATA, ROOT

FEWEST = 40
"""Examples of a fact's intent; fewer and the classifier guesses."""

TALK_BESIDE = ("report_signs",)
"""Intents that neither a fact nor small talk nor a follow-up answers: the escalation policy does."""

TOO_ALIKE = 0.96
"""Intents nearer than "yes" and "no" (cosine of their middles, 0.95) are one thing to the encoder."""

SAMPLE = 16
"""Examples of an intent from which its middle is taken, so that a check takes seconds."""


class Example(NamedTuple):
    """One example question and where it stands."""

    intent: str
    text: str
    path: Path
    line: int


def examples(root: Path = DATA) -> list[Example]:
    """Return every example of ``data/nlu`` with its file and line; broken files are passed over."""
    found = []
    for path in sorted((root / "nlu").glob("*.yml")):
        intent = ""
        for line, text in enumerate(path.read_text("utf-8").splitlines(), start=1):
            word = text.strip()
            if word.startswith("- intent:"):
                intent = word.removeprefix("- intent:").strip()
            elif word.startswith("- ") and intent:
                found.append(Example(intent, word[2:].strip(), path, line))
    return found


@dataset.check_for("facts/*.yml")
def check_intents(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """Yield facts that nobody can ask for, intents that nothing answers, examples in two intents."""
    given = examples(root)
    if not given:
        return
    counts = Counter(example.intent for example in given)
    for path, data in files.items():
        for number, fact in enumerate(data["facts"]):
            here = ("facts", number, "id")
            if counts[fact["id"]] < FEWEST:
                text = f"{fact['id']}: {counts[fact['id']]} examples in data/nlu; write at least {FEWEST}"
                yield dataset.problem_at(path, here, text)
    answered = {fact["id"] for data in files.values() for fact in data["facts"]} | _other_intents(root)
    first: dict[str, Example] = {}
    for example in given:
        name = dataset.shown(example.path)
        before = first.setdefault(example.text.lower(), example)
        if example.intent not in answered:
            answered |= {example.intent}
            yield Problem(
                name, example.line - 2, f"{example.intent}: no fact of this id; write it or drop the intent"
            )
        if before is not example:
            place = f"{dataset.shown(before.path)}:{before.line}"
            yield Problem(
                name, example.line, f"{example.intent}: '{example.text}' also stands in {place}; keep one"
            )
    yield from _unlisted(answered)


def _other_intents(root: Path) -> set[str]:
    try:
        return {*follow_ups.load(root)["says"], *wording.load()["small_talk"], *TALK_BESIDE}
    except dataset.DataError:  # told where it is
        return set(TALK_BESIDE)


def _unlisted(intents: set[str]) -> Iterator[Problem]:
    """Yield every intent that Rasa would not know, or would not know what to do with."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"]
    known = {next(iter(entry)) if isinstance(entry, dict) else entry for entry in domain}
    rules = (DATA / "rules.yml").read_text("utf-8")
    for intent in sorted(intents):
        if intent not in known:
            yield Problem(
                "domain.yml", 0, f"{intent} is missing under intents; add '- {intent}: {{use_entities: []}}'"
            )
        if not re.search(rf"- intent: {intent}\b", rules):
            yield Problem("data/rules.yml", 0, f"{intent} is in no rule; add '- intent: {intent}'")


class Pair(NamedTuple):
    """Two intents and how near their middles are (cosine)."""

    one: str
    other: str
    nearness: float


def closest(given: Sequence[Example], encoder: Encoder, most: int = 5) -> list[Pair]:
    """Return the pairs of intents that are nearest to each other, the nearest first.

    Args:
        given: the examples.
        encoder: what the classifier reads them with.
        most: how many pairs.
    """
    by_intent: dict[str, list[str]] = {}
    for example in given:
        by_intent.setdefault(example.intent, []).append(example.text)
    names = sorted(by_intent)
    middles = np.stack(
        [
            encoder.embed(by_intent[name][:: max(1, len(by_intent[name]) // SAMPLE)]).mean(axis=0)
            for name in names
        ]
    )
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    nearness = np.triu(middles @ middles.T, k=1)
    order = np.argsort(nearness, axis=None)[::-1][:most]
    places = (np.unravel_index(place, nearness.shape) for place in order)
    return [Pair(names[i], names[j], float(nearness[i, j])) for i, j in places]


def too_alike(pairs: Sequence[Pair]) -> list[Problem]:
    """Return a problem for each pair that the classifier cannot tell apart."""
    text = "too alike ({:.2f}); move the examples that could be either, or make one fact of the two"
    return [
        Problem("data/nlu", 0, f"{pair.one} and {pair.other}: {text.format(pair.nearness)}")
        for pair in pairs
        if pair.nearness >= TOO_ALIKE
    ]
