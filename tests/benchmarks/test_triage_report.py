"""The table of the triage benchmark, and what its page says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from baclofen.signs import Level
from benchmarks.triage import __main__ as command
from benchmarks.triage import draw, report, sets
from benchmarks.triage.figures import score
from benchmarks.triage.peers import PEERS
from benchmarks.triage.report import Row, Run
from benchmarks.triage.sets import Message, Set
from evaluation.score import Share


def example() -> Run:
    levels: list[Level] = ["emergency", "emergency", "crisis", "urgent", "awareness", "none"]
    held = Set("held_out", "held-out writers", tuple(Message(level, level) for level in levels))
    public = Set("public", "public sentences", tuple(Message(str(number), "none") for number in range(4)))
    given: list[Level] = ["emergency", "none", "crisis", "none", "emergency", "none"]
    return Run(
        command="python -m benchmarks.triage",
        date="2026-01-01 00:00 UTC",
        machine={"processor": "a small one", "packages": "not these"},
        rows=[
            Row(held, PEERS[0], score(held.messages, given), 12345.6, 20.0),
            Row(held, PEERS[-1], score(held.messages, levels)),
            Row(public, PEERS[0], score(public.messages, ["urgent", "none", "none", "none"]), 5.0, 20.0),
        ],
        left_out=["something: no reason"],
        versions={"spacy": "3.7.5"},
        trained_on=(7, 9),
        nearest=10,
        epochs=3,
        diet="Training took 1 minute.",
        rounds=5,
    )


def cells(line: int) -> list[str]:
    return [
        cell.strip() for cell in report.results(example().rows).splitlines()[2 + line].strip("|").split("|")
    ]


def test_a_row_has_all_figures_of_a_peer_on_a_set() -> None:
    assert cells(0) == [
        "held-out",
        "keyword list",
        "50.0 (1.3–98.7)",
        *("100.0", "0.0", "100.0"),
        "50.0",
        *("50.0", "0.0"),
        *("12346", "20"),
    ]


def test_verdicts_from_a_file_have_no_speed_and_no_memory() -> None:
    assert cells(1)[-2:] == ["–", "–"]


def test_a_set_without_a_level_has_a_dash_there() -> None:
    assert cells(2)[2:7] == ["–", "–", "–", "–", "75.0"]
    assert cells(2)[7:9] == ["0.0", "25.0"]


@pytest.mark.parametrize(
    ("share", "text"),
    [(Share(0, 9), "0.0"), (Share(1, 30000), "0.0033"), (Share(2, 3), "66.7"), (Share(0, 0), "–")],
)
def test_a_small_share_is_not_rounded_to_nothing(share: Share, text: str) -> None:
    assert report.percent(share) == text


def test_the_page_names_versions_training_and_what_is_left_out() -> None:
    page = report.to_markdown(example(), "p.svg")
    for words in ("spacy 3.7.5", "3 epochs", "Training took 1 minute", "something: no reason", "(p.svg)"):
        assert words in page
    assert "not these" not in page


def test_a_page_without_gaps_says_nothing_of_them() -> None:
    assert "Left out" not in report.to_markdown(replace(example(), left_out=[]), "p.svg")


def test_the_command_on_the_page_names_no_place_of_this_machine(tmp_path: Path) -> None:
    given = [
        "--messages",
        str(tmp_path),
        "--public",
        str(tmp_path),
        "--ours-held-out",
        str(tmp_path / "x.npz"),
    ]
    words = command.command(command.arguments(given))
    assert words == "python -m benchmarks.triage --messages FOLDER --public FOLDER --ours-held-out FILE"


def test_the_plain_command_is_plain() -> None:
    assert command.command(command.arguments([])) == "python -m benchmarks.triage"


def test_only_sets_with_emergencies_are_drawn_and_the_same_way_every_time(tmp_path: Path) -> None:
    points = command.points(example().rows)
    assert list(points) == ["held-out"]
    assert points["held-out"][0]["missed"][0] == 0.5
    pictures = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for picture in pictures:
        draw.draw(json.loads(json.dumps(points)), picture)
    assert pictures[0].read_bytes() == pictures[1].read_bytes()
    assert "keyword list" in pictures[0].read_text("utf-8")


def test_the_default_set_is_our_own() -> None:
    assert command.arguments([]).messages == command.OWN_SET
    assert command.arguments([]).held_out == list(sets.HELD_OUT)


def test_every_false_alarm_is_listed_with_its_level_the_gravest_counted_first() -> None:
    page = report.alarms_page([("emergency", "a | b"), ("awareness", "c"), ("awareness", "d")], "command")
    assert "3 sentences of people in no danger got a level: emergency 1, awareness 2." in page
    assert "| emergency | a / b |" in page
    assert page.count("| awareness |") == 2


def test_without_a_false_alarm_the_page_says_none() -> None:
    assert "got a level: none." in report.alarms_page([], "command")
