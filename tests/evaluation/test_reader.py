"""Figures of the learned reader and of triage with it, from chances that are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from baclofen.signs import LEVELS
from evaluation import reader
from evaluation.reader import exact_bounds, report, summarise
from evaluation.reader_tables import HOW_TO_READ, reader_tables, with_bounds
from evaluation.score import Share
from tests.evaluation.some_cases import held_out_writers

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
    assert report.lost == Share(1, 2)
    assert report.recall("emergency") == Share(1, 2)
    assert [score.writer for score in report.writers] == ["bob", "ann"]
    assert report.writers[0].emergencies_found == report.writers[1].lost == Share(0, 1)
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


def test_an_emergency_taken_for_urgent_is_not_lost_and_one_taken_for_awareness_is() -> None:
    found = summarise(["emergency"] * 2, chances("urgent", "awareness"), ["ann"] * 2, EVEN)
    assert found.lost == Share(1, 2)


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [
        (Share(0, 10), 0, 0.3085),
        (Share(5, 10), 0.1871, 0.8129),
        (Share(10, 10), 0.6915, 1),
        (Share(0, 0), 0, 1),
    ],
)
def test_bounds_are_those_of_clopper_and_pearson(share: Share, low: float, high: float) -> None:
    assert exact_bounds(share) == pytest.approx((low, high), abs=1e-4)


def test_a_share_is_given_with_its_bounds_and_nothing_is_given_as_a_dash() -> None:
    assert with_bounds(Share(5, 10)) == "50.0 (18.7–81.3)"
    assert with_bounds(Share(0, 0)) == "–"


def test_models_are_compared_on_writers_that_none_has_seen() -> None:
    found = report(held_out_writers(), (0, 5))
    assert set(found.models) == {"n-grams", "frozen", "fine-tuned", "frozen + n-grams", reader.SHIPPED}
    assert {score.writer for score in found.writers} == {"ann", "bob"}
    assert {score.writer for score in found.everywhere["frozen"].writers} == {"ann", "bob", "cid"}
    assert "fine-tuned" not in found.everywhere


def test_a_writer_who_was_held_out_twice_counts_once() -> None:
    found = report(held_out_writers(), (0, 5))
    assert found.shipped.right.of == 12
    assert found.runs == 2


def test_figures_of_triage_stand_beside_those_of_the_reader() -> None:
    figures = report(held_out_writers(), (0, 5)).figures
    assert {"accuracy", "lost", "triage_accuracy", "triage_lost", "triage_none_kept"} <= set(figures)


def test_the_tables_say_that_the_data_are_invented_and_give_every_constant() -> None:
    text = reader_tables(report(held_out_writers(), (0, 5)))
    for part in (
        "| ann ",
        "COST[crisis]",
        "| DOUBT ",
        "TALK[urgent]",
        "TEMPERATURE",
        "recommended by the other folds",
    ):
        assert part in text
    assert "synthetic" in HOW_TO_READ


def test_without_kept_scores_nothing_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("evaluation.held_out.PATH", tmp_path / "nowhere.npz")
    assert reader.cross_validate(print) is None


def test_other_languages_are_counted_apart() -> None:
    cases = held_out_writers()
    spoken = [replace(m, lang="fr") if m.writer == "bob" else m for m in cases.messages]
    found = report(replace(cases, messages=tuple(spoken)), (0, 5))
    assert {score.writer for score in found.shipped.writers} == {"ann"}
    assert {score.writer for score in found.others["frozen"].writers} == {"bob"}


def test_in_english_alone_no_other_languages_are_shown() -> None:
    assert "other languages.**" not in reader_tables(report(held_out_writers(), (0, 5)))
