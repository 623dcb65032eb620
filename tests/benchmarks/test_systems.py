"""Starting a system, asking it, and noticing that it died: with the floor, which is a real server."""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

import pytest

from benchmarks import load
from benchmarks.processes import ProcessError, free_port
from benchmarks.systems import Command, Echo, Ours, running


def test_the_floor_says_back_what_it_hears(tmp_path: Path) -> None:
    floor = Echo()
    with floor.run(tmp_path) as live:
        texts = itertools.repeat("x")
        sample = asyncio.run(
            load.send(("127.0.0.1", live.port), texts, 8, 2, lambda m: floor.is_right("fact", m))
        )
        live.check()
        assert live.memory_mib()["bot"] > 1
        assert live.start_s > 0
    assert (len(sample.times_ms), sample.wrong, sample.failed) == (8, 0, 0)


def test_a_system_that_died_meanwhile_is_no_result(tmp_path: Path) -> None:
    with Echo().run(tmp_path) as live:
        live.processes["bot"].kill()
        live.processes["bot"].wait()
        with pytest.raises(ProcessError, match="bot ended with -9"):
            live.check()


def test_a_system_is_ended_afterwards(tmp_path: Path) -> None:
    with Echo().run(tmp_path) as live:
        assert live.processes["bot"].poll() is None
    assert live.processes["bot"].poll() is not None


def test_a_system_that_does_not_start_is_named_with_its_log(tmp_path: Path) -> None:
    broken = {"bot": Command([sys.executable, "-c", "raise SystemExit('no model')"])}
    with pytest.raises(ProcessError, match="no model"), running(broken, free_port(), bool, tmp_path):
        pass


@pytest.mark.parametrize(
    ("kind", "custom"),
    [("emergency", {"triage": {"level": "emergency"}}), ("fact", {"fact": {"id": "storage"}})],
)
def test_an_answer_of_ours_is_right_when_its_machine_readable_part_is(
    kind: str, custom: dict[str, object]
) -> None:
    assert Ours().is_right(kind, [{"text": "words"}, {"custom": custom}])


@pytest.mark.parametrize("kind", ["emergency", "fact"])
def test_an_answer_of_ours_without_that_part_is_not_right(kind: str) -> None:
    assert not Ours().is_right(kind, [{"text": "words"}])
    assert Ours().is_right("small talk", [{"text": "words"}])
