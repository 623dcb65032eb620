"""Percentiles, pooled samples and ratios."""

from __future__ import annotations

import math

import pytest

from benchmarks.figures import Sample, median, percentile, pooled, ratio, ratios


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile(range(1, 101), 95) == 95
    assert percentile([10.0, 20.0, 30.0, 40.0], 50) == 20.0


def test_a_percentile_needs_no_order() -> None:
    assert percentile([3, 1, 2], 100) == 3
    assert median([3, 1, 2]) == 2


def test_one_value_is_every_percentile() -> None:
    assert {percentile([7.0], share) for share in (1, 50, 99, 100)} == {7.0}


@pytest.mark.parametrize(("values", "share"), [([], 50), ([1.0], 0), ([1.0], 101)])
def test_a_percentile_of_nothing_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="needs values"):
        percentile(values, share)


def test_a_ratio_is_ours_by_the_default() -> None:
    assert ratio(2.0, 8.0) == 0.25


def test_a_ratio_to_nothing_is_none() -> None:
    assert ratio(2.0, 0.0) is None


def test_ratios_compare_times_and_messages_per_second() -> None:
    ours = Sample((1.0, 2.0), 1.0, processor_s=1.0)
    default = Sample((10.0, 20.0), 4.0, processor_s=4.0)
    assert ratios(ours, default) == {"p50": 0.1, "p95": 0.1, "p99": 0.1, "per_second": 4.0, "processor": 0.25}


def test_a_sample_without_an_answer_has_no_times() -> None:
    empty = Sample((), 1.0, failed=3)
    assert math.isnan(empty.at(50))
    assert empty.per_second == 0.0


def test_pooled_rounds_count_all_answers_and_all_seconds() -> None:
    one = pooled([Sample((1.0,), 1.0, 1, 0, 0.5), Sample((2.0, 3.0), 2.0, 0, 1, 0.25)])
    assert one == Sample((1.0, 2.0, 3.0), 3.0, 1, 1, 0.75)
    assert one.per_second == 1.0
    assert one.processor_ms == 250.0
