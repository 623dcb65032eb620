"""The pages of the crowd and of the kills say what was found, the bad news too."""

from __future__ import annotations

import argparse
from collections import Counter

from benchmarks.durability.__main__ import Found
from benchmarks.durability.__main__ import page as page_of_kills
from benchmarks.overload.__main__ import Part, at, page
from benchmarks.overload.crowd import Reply

OPTIONS = argparse.Namespace(people=10, rate=50.0)


def _part(grave_ms: float) -> Part:
    replies = [Reply(True, grave_ms, False, True), Reply(False, 20.0, False, True)]
    replies += [Reply(False, 1.0, True, True), Reply(False, None, False, False)]
    return Part("50 a second", replies, 10.0, 5.0, 400.0, 2.0, 3.0)


def test_a_row_counts_who_was_turned_away_and_who_got_nothing() -> None:
    row = _part(100.0).row()
    assert "| 4 | 1 | 100 ms | 100 ms | 20 ms | 20 ms | 25.0% | 1 | 50% | 20% | 3.0 | 400 MiB |" in row


def test_the_page_says_whether_the_aim_was_met() -> None:
    assert "250 ms: met (100 ms)" in page([_part(100.0)], 6.0, "command", OPTIONS, 0.1)
    assert "250 ms: not met (300 ms)" in page([_part(300.0)], 6.0, "command", OPTIONS, 0.1)
    assert "not met" in page([Part("none", [Reply(False, 1.0, False, True)], 1, 1, 1)], 6.0, "c", OPTIONS, 0)


def test_a_share_of_values_is_taken_from_their_order() -> None:
    assert at([3.0, 1.0, 2.0], 0.5) == 2.0
    assert at(list(map(float, range(100))), 0.99) == 99.0
    assert at([], 0.5) != at([], 0.5)


def test_who_was_never_answered_stands_in_the_page_of_the_kills() -> None:
    found = Found(Counter(kills=3, repeats=2), ("no answer: hello",), (0.1, 0.3), 60.0)
    written = page_of_kills(found, "command", (0.1, 0.2))
    assert "| **accepted and never answered** | 1 |" in written
    assert "0.30 s" in written
    assert "never answered** | 0 |" in page_of_kills(Found(Counter(), (), (), 1.0), "c", (0, 0))
