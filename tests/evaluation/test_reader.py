"""Figures of the learned reader, from chances that are known."""

from __future__ import annotations

import numpy as np
import pytest

from baclofen.signs import LEVELS
from evaluation.reader import summarise
from evaluation.score import Share

EVEN = dict.fromkeys(LEVELS, 1.0)


def chances(*levels: str) -> np.ndarray:
    return np.array([[0.6 if column == level else 0.1 for column in LEVELS] for level in levels], np.float32)


def test_levels_and_writers_are_counted() -> None:
    labelled = ["emergency", "emergency", "none", "awareness"]
    report = summarise(
        labelled, chances("emergency", "none", "none", "crisis"), ["ann", "bob", "ann", "bob"], EVEN
    )
    assert report.right == Share(2, 4)
    assert report.false_alarms == Share(1, 2)
    assert [score.writer for score in report.writers] == ["bob", "ann"]
    assert report.writers[0].emergencies_found == Share(0, 1)
    assert report.figures["emergency_recall"] == pytest.approx(0.5)
    assert report.confusion["awareness", "crisis"] == 1


def test_a_level_that_nobody_wrote_has_no_recall() -> None:
    assert "crisis_recall" not in summarise(["none"], chances("none"), ["ann"], EVEN).figures


def test_a_costly_level_is_taken_before_a_likelier_one() -> None:
    close = np.array(
        [[0.45 if level == "none" else 0.4 if level == "emergency" else 0.05 for level in LEVELS]], np.float32
    )
    assert summarise(["emergency"], close, ["ann"], EVEN).right == Share(0, 1)
    assert summarise(["emergency"], close, ["ann"], {**EVEN, "emergency": 1.3}).right == Share(1, 1)
