"""Messages with an unrelated one beside them: which keep their level."""

from __future__ import annotations

import pytest

from baclofen.verdict import Triage
from evaluation import beside
from evaluation.rows import LabelledSet, Row

LEVELS = {"blue": "emergency", "die": "crisis", "dizzy": "urgent", "hello": "none", "coma": "none"}


def labelled(*words: str) -> LabelledSet:
    return LabelledSet({"own": tuple(Row(word, word, LEVELS[word]) for word in words)}, (), ())


def a_triage(text: str) -> Triage:
    """Draw the gravest level of the words, but overlook danger beside "coma"."""
    words = text.replace(".", " ").replace(",", " ").split()
    if "coma" in words and len(words) > 1:
        return Triage("none")
    order = ("emergency", "crisis", "urgent", "none")
    return Triage(min((LEVELS[word] for word in words if word in LEVELS), key=order.index))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _triage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "triage", a_triage)


def test_a_danger_that_stays_one_counts_as_kept() -> None:
    found = beside.measure(labelled("blue", "die", "dizzy", "hello"))
    for level in ("emergency", "crisis", "urgent"):
        for share in found.kept[level].values():
            assert (share.right, share.of) == (2 * beside.TIMES, 2 * beside.TIMES)


def test_a_danger_that_is_lost_beside_something_does_not() -> None:
    found = beside.measure(labelled("blue", "coma"))
    assert {share.right for share in found.kept["emergency"].values()} == {0}


def test_harmless_messages_together_are_calm_or_not() -> None:
    assert {share.value for share in beside.measure(labelled("hello", "coma")).calm.values()} == {1.0}


def test_every_way_of_joining_stands_in_the_table() -> None:
    text = beside.beside_table(beside.measure(labelled("blue", "hello")))
    for name in beside.JOINERS:
        assert f"| {name}" in text
