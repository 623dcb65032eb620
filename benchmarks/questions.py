"""The messages that are sent: examples from ``data/nlu``, which both bots were trained on."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from baclofen import wording

KINDS = ("emergency", "fact", "small talk")
SMALL_TALK = tuple(wording.load()["small_talk"])
REPORT = "report_signs"
MOST = 120
"""Different messages of a kind."""

MARKS = ".,- "

EMERGENCIES = (
    "he won't wake up",
    "his lips are turning blue",
    "our resident is unresponsive after her 10pm baclofen",
    "dad's breathing really slow and making a snoring noise",
    "He's gone limp and I can't get him to look at me",
    "swallowed about 20 of them",
    "she drank wine on top of her baclofen and I can't rouse her",
    "I feel like my breathing is stopping",
    "he took them on purpose, the bottle's empty",
    "my kid is floppy and won't open his eyes",
    "please help my mother no wake up she take many tablet",
    "his chest isn't moving",
    "she only took her normal dose but she can't be woken",
    "hes turning blue what do i do",
    "hey siri call someone my dad swallowed all his baclofen",
    "no pulse I can find, she's on baclofen",
    "He is having fit now, he takes baclofen",
    "wont wake up wont wake up took baclofen",
    "she's breathing about six times a minute",
    "she's unconscious",
)


@dataclass(frozen=True)
class Example:
    """One line of the training data."""

    intent: str
    text: str


def read(folder: Path) -> list[Example]:
    """Return all examples below a folder of Rasa's NLU files, file by file in the order of their names."""
    examples = []
    for path in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            lines = entry["examples"].splitlines()
            examples += [Example(entry["intent"], line.strip()[2:].strip()) for line in lines if line.strip()]
    return examples


def messages(kind: str, examples: list[Example], calm: frozenset[str]) -> tuple[str, ...]:
    """Return the messages of one kind.

    Args:
        kind: one of ``KINDS``.
        examples: the training data.
        calm: intents of the facts that are no matter of danger; only these are asked for.
    """
    if kind == "emergency":
        return EMERGENCIES
    wanted = calm if kind == "fact" else frozenset(SMALL_TALK)
    texts = [example.text for example in examples if example.intent in wanted]
    return tuple(texts[:: -(-len(texts) // MOST)])


def endless(texts: Sequence[str], numbers: Iterator[int]) -> Iterator[str]:
    """Yield the texts again and again, each time with other marks at the end.

    A bot may remember what it found in a text; nobody is helped by figures from memory.

    Args:
        numbers: never the same one twice for the same bot.
    """
    for text in itertools.cycle(texts):
        yield f"{text} {marks(next(numbers))}"


def marks(number: int) -> str:
    """Return marks that stand for a number, as digits do; they begin and end with a full stop."""
    found = ""
    while number:
        number, rest = divmod(number, len(MARKS))
        found += MARKS[rest]
    return f".{found}."
