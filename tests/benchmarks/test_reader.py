"""The benchmark of the rule reader: its messages, its synthetic phrases and its page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from baclofen import rules
from baclofen.dataset import load_yaml
from baclofen.lexicon import Lexicon
from baclofen.paths import DATA
from benchmarks.reader import __main__ as command
from benchmarks.reader import page, parts

TEXTS = {
    "labelled": ["he is not breathing", "thanks"],
    "emergencies": ["no pulse"],
    "ordinary": ["hello there"],
}


def phrases(data: Mapping[str, Any]) -> int:
    return sum(len(sign.get("phrases", ())) for sign in data["signs"])


def example() -> page.Run:
    times = {"p50": 0.25, "p95": 3.0}
    return page.Run(
        command="python -m benchmarks.reader",
        date="2026-01-01 00:00 UTC",
        machine={"processor": "a small one"},
        sets={key: len(each) for key, each in TEXTS.items()},
        parts={
            "reading": {"ordinary, English": {"first": 1234.5, "again": 45678.9}},
            "together": {"with the learned reader": True, "ordinary, rules": times, "mib": 321.0},
            "length": {"ordinary": {"30": {"rules": 0.03}, "100": {"rules": 0.04}}},
            "tenfold": {
                "as it is": {
                    "phrases": 7,
                    "load s": 0.5,
                    "mib": 20.0,
                    **dict.fromkeys(TEXTS, {"first": 1.0, "again": 2.0}),
                }
            },
            "loading": {"English": {"seconds": 0.5, "mib": 20.0}, "all messages": {"mib": 50.0}},
        },
    )


def test_the_page_has_a_row_for_everything_measured(tmp_path: Path) -> None:
    page.write(example(), tmp_path)
    text = (tmp_path / "results.md").read_text("utf-8")
    for row in (
        "| ordinary, English | 1234 | 45679 |",
        "| ordinary, rules | 0.25 | 3 |",
        "| ordinary, rules | 0.03 | 0.04 |",
        "| as it is | 7 | 2 | 2 | 2 | 0.5 | 20 |",
        "| all messages | – | 50 |",
    ):
        assert row in text
    assert json.loads((tmp_path / "results.json").read_text("utf-8"))["parts"]["together"]["mib"] == 321


def test_every_set_is_measured() -> None:
    found = parts.reading(TEXTS)
    assert len(found) == 2 * len(TEXTS)
    assert all(row["first"] > 0 and row["again"] > 0 for row in found.values())


def test_synthetic_phrases_are_added_and_the_old_ones_still_found() -> None:
    data = load_yaml(DATA / "signs" / "en.yml", "signs")
    more = parts.with_more_phrases(data, 3)
    assert phrases(more) == 3 * phrases(data)
    assert rules.read("he is not breathing", Lexicon(more)).findings


def test_long_texts_have_their_length() -> None:
    assert [len(text) for text in parts.runs(["hello", "he fell"], 50, 3)] == [50, 50, 50]


def test_without_a_folder_no_ordinary_sentence_is_read(tmp_path: Path) -> None:
    assert command.texts(None, 10)["ordinary"] == []
    (tmp_path / "a.txt").write_text("hello\nthere\n", "utf-8")
    assert command.texts(tmp_path, 10)["ordinary"] == ["hello", "there"]
    assert len(command.texts(None, 10)["labelled"]) == 10
