"""The written results: every miss, nothing that was right, tables, small plots."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np

from evaluation import report, tables
from evaluation.beside import Beside
from evaluation.bot import Scored
from evaluation.intents import Fallback, IntentReport, summarise
from evaluation.reader import report as reader_report
from evaluation.rows import Row
from evaluation.score import Reply, Share, judge
from tests.evaluation.some_cases import held_out_writers

CALL = Reply(({"text": "Call 911 now."}, {"custom": {"triage": {"level": "emergency"}}}), 0.3)
HELLO = Reply(({"text": "Hello."},), 0.1)
TOGETHER = Beside({"emergency": {"a comma": Share(93, 97)}}, {"a comma": Share(1, 2)})


def scored() -> Scored:
    messages = (
        judge(Row("right", "he is blue", "emergency", tags=("short",)), CALL),
        judge(Row("missed", "he is | grey\nand cold", "emergency", tags=("indirect",)), HELLO),
        judge(Row("alarmed", "can it cause fits", "awareness", tags=("question",)), CALL),
        judge(Row("failed", "hello", "none"), Reply(error="HTTP status 500")),
    )
    facts = (
        judge(
            Row("fact", "how does it work", "none", must=("gaba",), must_not=("hello",), source="seed"), HELLO
        ),
    )
    turns = (judge(Row("c.1", "hi", "none"), HELLO), judge(Row("c.2", "he is blue", "emergency"), CALL))
    return Scored({"patients": messages}, facts, {"c": turns})


def intents(count: int = 3) -> IntentReport:
    labels = sorted(["out_of_scope", *(f"intent_{number:03}" for number in range(count - 1))])
    truth = np.arange(count, dtype=np.int64)
    return summarise(
        truth, np.eye(count, dtype=np.float32)[::-1], labels, Fallback(0.4, 0.05), with_encoder=True
    )


def test_every_miss_is_listed_with_what_is_wrong() -> None:
    text = report.errors_text(scored())
    assert "| missed | emergency | none | message 1 lacks the call or its number; other level |" in text
    assert "| he is \\| grey and cold |" in text
    assert "| alarmed | awareness | emergency | false alarm | can it cause fits |" in text
    assert "| failed | none | none | no answer: HTTP status 500 | hello |" in text
    assert "| fact | none | none | lacks `gaba`; says `hello` | how does it work |" in text


def test_what_was_right_is_not_listed() -> None:
    text = report.errors_text(scored())
    assert "| right |" not in text
    assert "Conversation turns: 0" in text


def test_tables_hold_the_figures() -> None:
    text = tables.bot_tables(scored())
    assert "| emergency                     |   1/2 |  50.0 % |   9.5 to 90.5 |" in text
    assert "| whole conversations           |   1/1 | 100.0 % |" in text
    assert "| answered at all               |   6/7 |" in text
    assert "| indirect |        1 |          1 |           1 |" in text
    assert "| short" not in text


def test_a_share_of_nothing_has_no_certainty() -> None:
    assert tables.share_cells(Share(0, 0))[2] == "0.0 to 100.0"


def test_the_report_says_when_from_what_and_how_to_make_it_again() -> None:
    reader = reader_report(held_out_writers(), (0, 5))
    today = datetime.date(2026, 1, 2)
    text = report.report_text(scored(), intents(), reader, TOGETHER, today, {"data/": "abc123"})
    for part in (
        "2026-01-02",
        "abc123",
        "make evaluate",
        "plots/levels.png",
        "| ann ",
        "plots/talk.png",
        "93/97",
    ):
        assert part in text
    assert "held_out.npz` is missing" in report.report_text(scored(), intents(), None, TOGETHER, today, {})


def test_the_hash_follows_contents_and_names_but_not_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("one", "utf-8")
    first = report.data_hash([tmp_path], tmp_path)
    (tmp_path / ".hidden").write_text("x", "utf-8")
    assert report.data_hash([tmp_path], tmp_path) == first
    (tmp_path / "a.yml").write_text("two", "utf-8")
    second = report.data_hash([tmp_path], tmp_path)
    (tmp_path / "a.yml").rename(tmp_path / "b.yml")
    assert len({first, second, report.data_hash([tmp_path], tmp_path)}) == 3


def test_plots_of_a_hundred_intents_stay_small(tmp_path: Path) -> None:
    report.write_plots(scored(), intents(100), reader_report(held_out_writers(), (0, 5)), tmp_path)
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    of_reader = {"alarms.png", "calibration.png", "doubt.png", "talk.png"}
    assert set(sizes) == {"levels.png", "intents.png", "thresholds.png"} | of_reader
    assert max(sizes.values()) < 150_000


def test_plots_of_a_reader_that_was_not_measured_are_not_drawn(tmp_path: Path) -> None:
    report.write_plots(scored(), intents(), None, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"levels.png", "intents.png", "thresholds.png"}
