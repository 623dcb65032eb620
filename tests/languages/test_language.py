"""The language of a message is told by its small words, and left open where they do not tell."""

from __future__ import annotations

import itertools
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from baclofen.language import detect
from baclofen.paths import DATA

OTHERS = ["de", "es", "fr", "it", "pt"]

WRITTEN = [
    ("he is not breathing", "en"),
    ("my son wont wake up", "en"),
    ("is it safe to drink on this", "en"),
    ("no respira", "es"),
    ("mi mama no se despierta", "es"),
    ("se ha tomao toda la caja", "es"),
    ("er atmet nicht", "de"),
    ("sie wacht nicht auf", "de"),
    ("hab zu viele genommen", "de"),
    ("il respire pas", "fr"),
    ("j'ai avalé toute la boîte", "fr"),
    ("jsuis trop mal", "fr"),
    ("não respira", "pt"),
    ("ela não acorda", "pt"),
    ("vc pode me ajudar", "pt"),
    ("nn si sveglia", "it"),
    ("mia madre non si sveglia", "it"),
    ("ho preso troppe pastiglie", "it"),
]

TELLS_NOTHING = [
    "",
    "?",
    "baclofen",
    "10 mg",
    "20mg x 3",
    "Maria",
    "SOS",
    "911",
    "😭😭",
    "ok",
    "lioresal 25",
    "🇪🇸",
]

ENGLISH_WITH_FOREIGN_WORDS = [
    "my chat bot will not answer",
    "what a kind man",
    "the car is die hard",
    "she ordered pasta and a latte",
    "I fell off my bed and hit my head",
    "no pain today",
    "our nurse Mario said so",
]


def rows() -> Iterator[tuple[str, str]]:
    """Yield language and text of the labelled messages."""
    for path in sorted((DATA / "messages").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield row["lang"], row["text"]


@pytest.fixture(scope="module")
def told() -> dict[str, Counter[str | None]]:
    """Return what the labelled messages of each language are taken for."""
    found: dict[str, Counter[str | None]] = {}
    for language, text in rows():
        found.setdefault(language, Counter())[detect(text)] += 1
    return found


@pytest.mark.parametrize(("text", "language"), WRITTEN)
def test_a_short_message_gives_its_language_away(text: str, language: str) -> None:
    assert detect(text) == language
    assert detect(text.upper()) == language


@pytest.mark.parametrize("text", TELLS_NOTHING)
def test_a_number_or_a_name_does_not(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize("text", ENGLISH_WITH_FOREIGN_WORDS)
def test_english_with_words_that_are_foreign_too_is_not_taken_for_another_language(text: str) -> None:
    assert detect(text) in ("en", None)


@pytest.mark.parametrize("language", OTHERS)
def test_the_labelled_messages_are_in_their_language(
    told: dict[str, Counter[str | None]], language: str
) -> None:
    right, wrong = told[language][language], told[language].total() - told[language][None]
    assert right >= 0.93 * told[language].total()
    assert wrong - right <= 0.015 * told[language].total()


def test_the_labelled_english_messages_are_practically_never_in_another_language(
    told: dict[str, Counter[str | None]],
) -> None:
    assert sum(told["en"][other] for other in OTHERS) <= 0.002 * told["en"].total()


def examples(path: Path) -> list[str]:
    lines = (str(part.get("examples", "")).splitlines() for part in yaml.safe_load(path.read_text())["nlu"])
    return [line[2:] for line in itertools.chain(*lines) if line.startswith("- ")]


def test_the_examples_of_the_intents_are_practically_never_in_another_language() -> None:
    # Greetings and the like are given in other languages on purpose.
    paths = [path for path in sorted((DATA / "nlu").glob("*.yml")) if path.stem != "small_talk"]
    texts = [text for path in paths for text in examples(path)]
    wrong = [text for text in texts if detect(text) not in ("en", None)]
    assert len(texts) > 1000
    assert len(wrong) <= 0.002 * len(texts), wrong


def test_accents_are_not_needed() -> None:
    assert detect("elle a les levres bleues") == detect("elle a les lèvres bleues") == "fr"


def test_a_message_in_two_languages_is_not_taken_for_a_third() -> None:
    assert detect("help please, mi hijo no respira, he is on the floor") in ("en", "es", None)


def test_telling_takes_no_time() -> None:
    texts = [text for _, text in rows()][:3000]
    detect(texts[0])
    took = []
    for text in texts:
        start = time.perf_counter()
        detect(text)
        took.append(time.perf_counter() - start)
    assert statistics.median(took) < 0.0002
