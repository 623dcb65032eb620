"""Pairs of messages that differ in what matters get the levels that they ought to."""

import pytest

from tests.triage.reading import PAIRS, Pair, level_of


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.report)
def test_a_report_and_its_calm_twin_are_told_apart(pair: Pair) -> None:
    assert level_of(pair.report) == pair.level
    assert level_of(pair.calm) == pair.calm_level
