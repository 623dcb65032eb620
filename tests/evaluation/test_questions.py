"""Which answer comes back: asked, counted, reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evaluation import questions
from evaluation.bot import Client
from tests.evaluation.standin import standin


def _fact(name: str) -> list[dict[str, Any]]:
    return [{"text": "Words."}, {"custom": {"fact": {"id": name}}}]


def _write(folder: Path, **files: list[dict[str, Any]]) -> None:
    for name in ("single", "outside", "pairs", "conversations"):
        rows = files.get(name, [])
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_right_and_wrong_answers_are_told_apart(tmp_path: Path) -> None:
    _write(
        tmp_path,
        single=[
            {"text": "a", "fact": "uses"},
            {"text": "b", "fact": "storage"},
            {"text": "c", "fact": "storage", "also": ["uses"]},
        ],
        outside=[{"text": "silent"}, {"text": "d"}],
        pairs=[{"text": "e", "facts": ["uses", "storage"]}],
        conversations=[
            {"turns": [{"text": "f", "fact": "uses"}, {"text": "why?", "says": "more"}]},
            {"turns": [{"text": "silent", "fact": "uses"}, {"text": "silent", "says": "more"}]},
        ],
    )
    with standin(lambda _, text: [{"text": "Hm."}] if text == "silent" else _fact("uses")) as url:
        found = questions.run(Client(url), tmp_path)
    figures = found.figures
    assert figures["question_right"] == 2 / 3
    assert figures["question_wrong_fact"] == 1 / 3
    assert figures["question_outside"] == 1 / 2
    assert figures["question_pairs"] == 0
    assert figures["question_turns"] == 2 / 4
    assert figures["question_median_length"] == len("Words.")
    page = questions.text(found, "2027-01-01")
    assert "| one question: the right answer | 2 | 3 | 0.667 |" in page
    assert "| b | storage | uses |" in page


def test_the_projects_own_questions_ask_each_fact_more_than_once() -> None:
    from collections import Counter

    from baclofen import facts

    rows = [json.loads(line) for line in (questions.FOLDER / "single.jsonl").open(encoding="utf-8")]
    counts = Counter(row["fact"] for row in rows)
    assert counts.keys() == facts.load().keys()
    assert min(counts.values()) >= 2


def test_no_test_question_is_among_the_examples_that_the_classifier_learns_from() -> None:
    from baclofen.intent_checks import examples

    learned = {example.text.lower().strip(" ?.!") for example in examples()}
    for name in ("single", "outside", "pairs"):
        for line in (questions.FOLDER / f"{name}.jsonl").open(encoding="utf-8"):
            assert json.loads(line)["text"].lower().strip(" ?.!") not in learned
