"""Every part of the English lexicon is needed: taken out, some sentence of the data or a pair is misread."""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from baclofen import amounts, context, denial, glance, hits, lexicon, message, rules, together
from baclofen.dataset import load_yaml
from baclofen.lexicon import Lexicon
from baclofen.paths import DATA
from baclofen.sign_checks import finds
from baclofen.vitals import Vitals
from tests.triage.reading import MUST, MUST_NOT, PAIRS, SIGNS, level_of

NEVER = re.compile("(?!)")
ENGLISH: dict[str, Any] = load_yaml(DATA / "signs" / "en.yml", "signs")
RULES = "".join(inspect.getsource(m) for m in (amounts, context, denial, glance, hits, message, rules))
PATTERNS = [
    name for name in ENGLISH["patterns"] if re.search(rf'(pattern\(|patterns\[|says\()"{name}"', RULES)
]
"""The others are read by a conversation's later turns."""
WORDS_OF_THE_SPELLER = "everything"
"""A group that no rule reads: it lets the speller mend the words of the patterns."""


def verdicts(english: Lexicon, first: str = "") -> Iterator[bool]:
    """Yield for every sentence whether it is read as it must be, those of one sign first."""
    rows = [(*row, True) for row in MUST] + [(*row, False) for row in MUST_NOT]
    for key, level, text, wanted in sorted(rows, key=lambda row: row[0] != first):
        yield finds(text, key, level, english) is wanted
    for pair in PAIRS:
        yield level_of(pair.report, english) == pair.level
        yield level_of(pair.calm, english) == pair.calm_level


def is_missed(english: Lexicon, first: str = "") -> bool:
    """Whether a sentence is misread by a lexicon from which something was taken."""
    return not all(verdicts(english, first))


def without(table: str, part: str, instead: Any) -> Lexicon:
    """Return the lexicon with something else for a part of one of its tables."""
    english = copy.copy(lexicon.load())
    setattr(english, table, {**getattr(english, table), part: instead})
    return english


def test_the_whole_lexicon_misreads_nothing() -> None:
    assert not is_missed(lexicon.load())


@pytest.mark.parametrize("name", ENGLISH["frames"])
def test_every_frame_is_needed(name: str) -> None:
    assert is_missed(without("frames", name, NEVER))


@pytest.mark.parametrize("name", PATTERNS)
def test_every_pattern_is_needed(name: str) -> None:
    assert is_missed(without("patterns", name, NEVER))


@pytest.mark.parametrize("name", [name for name in ENGLISH["words"] if name not in ("count", "padding")])
def test_every_group_of_words_is_needed(name: str) -> None:
    if name == WORDS_OF_THE_SPELLER:
        rest = {**ENGLISH["words"], name: ["nothing"]}
        assert is_missed(Lexicon({**ENGLISH, "words": rest}))
    else:
        assert is_missed(without("words", name, frozenset()))


@pytest.mark.parametrize("name", ENGLISH["vitals"])
def test_every_name_of_a_number_is_needed(name: str) -> None:
    english = copy.copy(lexicon.load())
    english.vitals = Vitals({**ENGLISH["vitals"], name: ["(?!)"]}, english.counts)
    assert is_missed(english)


@pytest.mark.parametrize("key", [sign["key"] for sign in SIGNS])
def test_every_sign_is_needed(key: str) -> None:
    english = copy.copy(lexicon.load())
    whole = english.find
    english.find = lambda tokens: (hit for hit in whole(tokens) if hit.sign.key != key)  # type: ignore[method-assign]
    assert is_missed(english, key)


@pytest.mark.parametrize("key", [sign["key"] for sign in SIGNS if "unless" in sign])
def test_what_makes_a_sign_something_else_is_needed(key: str) -> None:
    sign = replace(lexicon.load().signs[key], unless=None)
    english = without("signs", key, sign)
    assert is_missed(english, key)


@pytest.mark.parametrize("key", [sign["key"] for sign in SIGNS if "needs" in sign or "with" in sign])
def test_what_a_mild_sign_needs_is_needed(key: str) -> None:
    sign = replace(lexicon.load().signs[key], needs="", beside="")
    english = copy.copy(lexicon.load())
    whole = english.find
    english.find = lambda tokens: (  # type: ignore[method-assign]
        replace(hit, sign=sign) if hit.sign.key == key else hit for hit in whole(tokens)
    )
    assert is_missed(english, key)


def test_figures_of_speech_are_needed() -> None:
    english = copy.copy(lexicon.load())
    english.harmless = NEVER
    assert is_missed(english)


@pytest.mark.parametrize("part", ["not_a_denial", "spoken_marks"])
def test_what_is_read_before_the_signs_is_needed(part: str) -> None:
    assert is_missed(Lexicon({**ENGLISH, part: {} if part == "spoken_marks" else ["(?!)"]}))


@pytest.mark.parametrize("pair", together.load(), ids=lambda pair: pair.name)
def test_every_pair_that_raises_a_mild_sign_is_needed(
    pair: together.Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = tuple(each for each in together.load() if each is not pair)
    monkeypatch.setattr(together, "load", lambda: rest)
    assert is_missed(lexicon.load())
