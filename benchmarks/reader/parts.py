"""What is measured: ``python -m benchmarks.reader.parts PART JOB ANSWER``, the last two JSON files.

A part imports no more than it measures before it looks at the memory.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import median, percentile
from benchmarks.triage.worker import memory_mib

ROUNDS = 3
ALIKE = 300
"""Messages that both readers read: the learned one is slow."""
LENGTHS = (30, 100, 300, 1_000, 3_000, 10_000)
LONG_TEXTS = 10
COPIES = 10
"""Times the phrases of the English lexicon."""
NEAR = (0.7, 1.3)
"""A word of a synthetic phrase stands so far from the real one's place in the list of common words."""

Texts = Mapping[str, Sequence[str]]
Read = Callable[[str], object]


def speed(read: Read, texts: Sequence[str]) -> dict[str, float]:
    """Return the messages read in a second of processor time: at first sight, and again (the best round)."""
    rounds = [len(texts) / max(seconds(read, texts), 1e-9) for _ in range(1 + ROUNDS)]
    return {"first": rounds[0], "again": max(rounds[1:])}


def seconds(read: Read, texts: Sequence[str]) -> float:
    """Return the processor time that the reading of some texts takes."""
    start = time.process_time()
    for text in texts:
        read(text)
    return time.process_time() - start


def loading(texts: Texts) -> dict[str, Any]:
    """Measure what the rules take to load, and what they hold after all texts."""
    from baclofen import lexicon, rules

    empty = memory_mib()
    found = {}
    for name, load in (("English", lexicon.load), ("all languages", lexicon.load_all)):
        start = time.process_time()
        load()
        found[name] = {"seconds": time.process_time() - start, "mib": memory_mib() - empty}
    for text in (text for each in texts.values() for text in each):
        rules.read(text)
    return {**found, "all languages, after all messages": {"mib": memory_mib() - empty}}


def reading(texts: Texts) -> dict[str, Any]:
    """Measure the rules on every set, by the English lexicon and by all."""
    from baclofen import lexicon, rules

    english = lexicon.load()
    readers: dict[str, Read] = {
        "English": lambda text: rules.read(text, english),
        "all languages": rules.read,
    }
    return {
        f"{key}, {name}": speed(read, each)
        for key, each in texts.items()
        for name, read in readers.items()
        if each
    }


def together(texts: Texts) -> dict[str, Any]:
    """Measure the rules alone and both readers on the same messages, in milliseconds."""
    from baclofen import learned, rules
    from baclofen.triage import triage

    for text in ("hello", "he took something and will not wake"):
        triage(text)  # loads
    found: dict[str, Any] = {"with the learned reader": learned.load() is not None}
    for key, each in texts.items():
        chosen = spread(each, ALIKE)
        for name, read in (("rules", rules.read), ("both readers", triage)):
            times = [seconds(read, [text]) * 1000 for text in chosen]
            if times:
                found[f"{key}, {name}"] = {"p50": median(times), "p95": percentile(times, 95)}
    return {**found, "mib": memory_mib()}


def length(texts: Texts) -> dict[str, Any]:
    """Measure texts of several lengths made of the messages of a set, in milliseconds."""
    from baclofen import rules
    from baclofen.triage import triage

    triage("he took something and will not wake")  # loads
    found: dict[str, Any] = {}
    for key, each in texts.items():
        for size in LENGTHS if each else ():
            long = list(runs(each, size, LONG_TEXTS))
            found.setdefault(key, {})[str(size)] = {
                name: min(seconds(read, long) for _ in range(rounds)) / len(long) * 1000
                for name, read, rounds in (("rules", rules.read, ROUNDS), ("both readers", triage, 1))
            }
    return found


def tenfold(texts: Texts) -> dict[str, Any]:
    """Measure the rules with the English lexicon and with one of ten times its phrases."""
    from baclofen import rules
    from baclofen.dataset import load_yaml
    from baclofen.lexicon import Lexicon
    from baclofen.paths import DATA

    english = load_yaml(DATA / "signs" / "en.yml", "signs")
    found: dict[str, Any] = {}
    for name, data in (("as it is", english), (f"times {COPIES}", with_more_phrases(english, COPIES))):
        before, start = memory_mib(), time.process_time()
        lexicon = Lexicon(data)
        row: dict[str, Any] = {"load s": time.process_time() - start, "mib": memory_mib() - before}
        row["phrases"] = sum(len(sign.get("phrases", ())) for sign in data["signs"])
        for key, each in texts.items():
            if each:
                row[key] = speed(lambda text, by=lexicon: rules.read(text, by), each)  # type: ignore[misc]
        found[name] = row
    return found


def with_more_phrases(data: Mapping[str, Any], times: int) -> dict[str, Any]:
    """Return a lexicon's data with so many times the phrases.

    The new ones are copies with every plain word another one that is about as common: so they wake as many
    messages as real ones would.
    """
    from baclofen.spelling import common_words, frequency

    words = sorted(common_words(), key=lambda word: (-frequency(word), word))
    ranks = {word: rank for rank, word in enumerate(words)}
    dice = random.Random(0)

    def another(word: re.Match[str]) -> str:
        rank = ranks.get(word.group(), len(words) - 1)
        return words[min(int(rank * dice.uniform(*NEAR)), len(words) - 1)]

    signs = []
    for sign in data["signs"]:
        phrases = list(sign.get("phrases", ()))
        copies = [re.sub(r"\b[a-z']+\b", another, phrase) for phrase in phrases for _ in range(times - 1)]
        signs.append({**sign, "phrases": phrases + copies} if phrases else sign)
    return {**data, "signs": signs}


def spread(texts: Sequence[str], most: int) -> list[str]:
    """Return at most so many texts, evenly from the whole."""
    step = max(1, len(texts) // most)
    return list(texts[::step])[:most]


def runs(texts: Sequence[str], size: int, count: int) -> Iterator[str]:
    """Yield texts of a size, each made of others that follow one another."""
    place = 0
    for _ in range(count):
        made = ""
        while len(made) < size:
            made += texts[place % len(texts)] + ". "
            place += 1
        yield made[:size]


PARTS: Mapping[str, Callable[[Texts], dict[str, Any]]] = {
    "loading": loading,
    "reading": reading,
    "together": together,
    "length": length,
    "tenfold": tenfold,
}


def main(part: str, job: str, answer: str) -> None:
    """Measure one part."""
    found = PARTS[part](json.loads(Path(job).read_text("utf-8")))
    Path(answer).write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
