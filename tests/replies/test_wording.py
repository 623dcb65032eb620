"""The wording is plain, sourced, and refuses what it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baclofen import dataset, first_message, wording
from baclofen.paths import DATA

ENGLISH = (DATA / "wording" / "en.yml").read_text(encoding="utf-8")


def syllables(word: str) -> int:
    word = word.lower()
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(groups, 1)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade; a line break ends a sentence."""
    sentences = [part for part in re.split(r"[.!?:\n]+", text) if re.search(r"[a-zA-Z]", part)]
    words = re.findall(r"[A-Za-z][A-Za-z'-]*", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_tells_plain_from_hard() -> None:
    assert grade("The cat sat on the mat. It was warm.") < 3
    assert grade("Intrathecal administration necessitates continuous multidisciplinary surveillance.") > 12


def blocks() -> Iterator[tuple[str, str]]:
    words = wording.load()
    for group in ("emergency", "crisis"):
        for key, sentences in words["first_words"][group].items():
            yield f"first_words.{group}.{key}", " ".join(sentences)
    for key, steps in words["care"]["steps"].items():
        yield f"care.{key}", " ".join(step["say"] for step in steps)
    yield "crisis_care", " ".join(step["say"] for step in words["crisis_care"]["steps"])
    for key, steps in words["urgent"].items():
        if isinstance(steps, list):
            yield f"urgent.{key}", " ".join(step["say"] for step in steps)
    for part in ("awareness", "small_talk"):
        for key, text in words[part].items():
            yield f"{part}.{key}", text


@pytest.mark.parametrize(("name", "text"), list(blocks()), ids=[name for name, _ in blocks()])
def test_a_twelve_year_old_can_read_it(name: str, text: str) -> None:
    plain = re.sub(r"\{\w+\}", "it", text)
    assert grade(plain) <= 6, f"{name}: grade {grade(plain):.1f}"


@pytest.mark.parametrize(("name", "text"), list(blocks()), ids=[name for name, _ in blocks()])
def test_nothing_advises_to_cause_vomiting_or_names_an_amount(name: str, text: str) -> None:
    for sentence in re.split(r"(?<=[.!?])\s", text):
        if re.search(r"throw up|vomit|make \w+ sick", sentence):
            assert re.search(r"\bnot\b|odd breathing|Wipe", sentence), f"{name}: {sentence}"
    assert not re.search(r"\d+\s?(?:mg|g|ml|tablets|pills)\b", text)


def test_the_check_of_the_data_finds_nothing_in_the_wording() -> None:
    found = [problem for problem in dataset.check() if "wording/" in problem.file]
    assert not found, "\n".join(map(str, found))


def test_no_root_key_is_one_that_rasa_takes_for_its_own() -> None:
    assert not dataset.RASA_KEYS.intersection(wording.load())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("review_past:", "review_passed:", "review_passed"),
        ("    breathing:\n", "    breething:\n", "breething"),
        ("sources: [OWN]", "source: [OWN]", "source"),
    ],
)
def test_an_unknown_key_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "en.yml"
    path.write_text(ENGLISH.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(dataset.DataError, match=says):
        dataset.load_yaml(path, "wording")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('- "Call {number} now, on speaker."', '- "Call {nubmer} now."', "nothing fills in"),
        ('- "Call {number} now, on speaker."', '- "Call for help now."', "does not name"),
        ('- "Call {number} now, on speaker."', f'- "Call {{number}} now. {"Wait. " * 30}"', "too long"),
    ],
)
def test_the_check_complains_of_first_words_that_would_not_help(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    path = tmp_path / "en.yml"
    path.write_text(ENGLISH.replace(old, new, 1), encoding="utf-8")
    files: dict[Path, Any] = {path: dataset.load_yaml(path, "wording")}
    problems = list(first_message.check_first_messages(files, DATA))
    assert any(says in str(problem) for problem in problems)


def test_the_check_complains_of_an_unknown_source(tmp_path: Path) -> None:
    path = tmp_path / "en.yml"
    path.write_text(ENGLISH.replace("[OWN]", "[NO-SUCH]", 1), encoding="utf-8")
    problems = list(wording.check_sources({path: dataset.load_yaml(path, "wording")}, DATA))
    assert any("NO-SUCH" in str(problem) for problem in problems)


def test_sentences_are_left_out_from_the_end_and_the_ending_stays() -> None:
    long = "x" * 150 + "."
    assert first_message.fitted(["Call 911 now.", long], ["End."]) == "Call 911 now. End."
    assert first_message.fitted(["Call 911 now.", "Stay."], ["End."]) == "Call 911 now. Stay. End."
    assert first_message.fitted(["Звоните 112.", "я" * 60]) == "Звоните 112."
