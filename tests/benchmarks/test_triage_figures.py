"""What the triage benchmark counts."""

from __future__ import annotations

import pytest

from baclofen.signs import Level
from benchmarks.triage.figures import score
from benchmarks.triage.sets import Message
from evaluation.score import Share


def test_a_level_is_found_by_itself_or_a_graver_one() -> None:
    messages = [Message("a", "urgent")] * 4
    assert score(messages, ["urgent", "emergency", "awareness", "none"]).found["urgent"] == Share(2, 4)


def test_an_emergency_is_found_by_nothing_less() -> None:
    messages = [Message("a", "emergency")] * 3
    assert score(messages, ["emergency", "crisis", "urgent"]).found["emergency"] == Share(1, 3)


def test_what_the_label_accepts_is_found_and_exact_and_no_alarm() -> None:
    messages = [Message("a", "emergency", ("urgent",)), Message("b", "awareness", ("crisis",))]
    found = score(messages, ["urgent", "crisis"])
    assert found.found["emergency"] == Share(1, 1)
    assert found.exact == Share(2, 2)
    assert found.alarms == Share(0, 1)


def test_alarms_are_counted_where_there_is_no_danger() -> None:
    levels: list[Level] = ["none", "awareness", "urgent"]
    messages = [Message(level, level) for level in levels]
    found = score(messages, ["emergency", "urgent", "emergency"])
    assert found.alarms == Share(1, 2)
    assert found.raised == Share(1, 1)
    assert found.exact == Share(0, 3)


def test_every_message_needs_an_answer() -> None:
    with pytest.raises(ValueError, match="shorter"):
        score([Message("a", "none"), Message("b", "none")], ["none"])
