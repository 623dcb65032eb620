"""Bounds of figures: kept, broken, not measured, misspelt."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.bot import Scored
from evaluation.floors import FloorError, Floors, broken, figures, read
from evaluation.rows import Row
from evaluation.score import Reply, judge


def test_bounds_that_are_kept_say_nothing() -> None:
    assert (
        broken(Floors({"exact": 0.9}, {"missed_emergencies": 3}), {"exact": 0.9, "missed_emergencies": 3})
        == []
    )


def test_bounds_that_are_broken_are_named() -> None:
    lines = broken(
        Floors({"exact": 0.9}, {"missed_emergencies": 3}), {"exact": 0.89, "missed_emergencies": 4}
    )
    assert [line.split(":")[0] for line in lines] == ["exact", "missed_emergencies"]


def test_a_figure_that_was_not_measured_breaks_its_bound() -> None:
    assert "not measured" in broken(Floors({"exakt": 0.9}, {}), {"exact": 1.0})[0]


def test_bounds_are_read_from_json(tmp_path: Path) -> None:
    path = tmp_path / "bounds.json"
    path.write_text('{"at_least": {"exact": 0.9}}', "utf-8")
    assert read(path) == Floors({"exact": 0.9}, {})


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"atleast": {}}', '{"at_least": {"exact": "0.9"}}', '{"at_most": 3}']
)
def test_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bounds.json"
    path.write_text(text, "utf-8")
    with pytest.raises(FloorError):
        read(path)


def test_figures_of_a_run_have_names() -> None:
    good = judge(Row("a", "help", "emergency"), Reply(({"text": "Call 911"},), 0.2))
    bad = judge(Row("b", "help", "emergency"), Reply(error="HTTP status 500"))
    found = figures(Scored({"a": (good, bad)}, (), {}))
    assert (found["emergency"], found["missed_emergencies"], found["unanswered"]) == (0.5, 1, 1)
    assert found["seconds_p50"] == 0.2
    assert "facts" not in found
