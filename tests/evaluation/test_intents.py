"""Cross-validation of intents: what is read, how it is counted, and what a fallback threshold does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evaluation.intents import (
    Examples,
    Fallback,
    Point,
    cross_validate,
    near_doubles,
    outside,
    read_examples,
    read_fallback,
    read_sentences,
    summarise,
    threshold_point,
)

MARKED = """\
nlu:
- intent: dose
  examples: |
    - take [ten](amount) of [them]{"entity": "form"}
    - how much
- synonym: pump
  examples: |
    - itb
- intent: uses
  examples: |
    - how much
    - what for
"""
LABELS = ["dose", "out_of_scope", "uses"]
TRUTH = np.array([0, 2, 2, 1, 1], np.int64)
CHANCES = np.array(
    [
        [0.8, 0.1, 0.1],  # dose, sure and right
        [0.5, 0.1, 0.4],  # uses, taken for dose, unsure
        [0.26, 0.26, 0.48],  # uses, right, very unsure
        [0.1, 0.8, 0.1],  # outside, seen as such
        [0.6, 0.3, 0.1],  # outside, taken for dose
    ],
    np.float32,
)


def test_examples_lose_their_marks_and_their_doubles(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(MARKED, "utf-8")
    assert read_examples(tmp_path) == Examples(
        ("take ten of them", "how much", "what for"), ("dose", "uses", "uses")
    )


def test_the_projects_own_examples_can_be_read() -> None:
    found = read_examples()
    assert len(found.texts) == len(found.intents)
    assert {"out_of_scope", "report_signs", "uses"} <= set(found.intents)
    assert not any("](" in text for text in found.texts)


def test_the_thresholds_come_from_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text(
        "pipeline:\n- name: FallbackClassifier\n  threshold: 0.6\n  ambiguity_threshold: 0.2\n", "utf-8"
    )
    assert read_fallback(config) == Fallback(0.6, 0.2)
    assert 0 < read_fallback().threshold < 1


def test_figures_count_right_and_confused_messages() -> None:
    report = summarise(TRUTH, CHANCES, LABELS, Fallback(0.4, 0.0), with_encoder=True)
    assert report.accuracy == pytest.approx(3 / 5)
    assert report.confused == (("out_of_scope", "dose", 1), ("uses", "dose", 1))
    assert {s.intent: round(s.f1, 3) for s in report.intents} == {
        "dose": 0.5,
        "out_of_scope": 0.667,
        "uses": 0.667,
    }
    assert report.macro_f1 == pytest.approx((1 / 2 + 2 / 3 + 2 / 3) / 3)
    assert report.intents[0].intent == "dose"


def test_a_low_threshold_answers_all_but_what_is_seen_as_out_of_scope() -> None:
    point = threshold_point(TRUTH, CHANCES, LABELS, Fallback(0.0, 0.0))
    assert (point.kept, point.kept_right, point.stopped) == pytest.approx((1, 2 / 3, 1 / 2))


def test_a_high_threshold_stops_out_of_scope_and_unsure_messages() -> None:
    point = threshold_point(TRUTH, CHANCES, LABELS, Fallback(0.7, 0.0))
    assert (point.kept, point.kept_right, point.stopped) == pytest.approx((1 / 3, 1 / 3, 1))


def test_a_close_runner_up_stops_an_answer_too() -> None:
    point = threshold_point(TRUTH, CHANCES, LABELS, Fallback(0.0, 0.15))
    assert point.kept == pytest.approx(2 / 3)


def test_every_message_is_judged_once_by_a_model_that_learns_something() -> None:
    places = ["fridge", "shelf", "car", "bag", "drawer", "cupboard", "shed", "kitchen", "office", "garage"]
    texts = tuple(f"where do i store it, in the {place}" for place in places) + tuple(
        f"can i drive near the {place}" for place in places
    )
    report = cross_validate(Examples(texts, ("storage",) * 10 + ("driving",) * 10), None, Fallback(0.4, 0.05))
    assert report.examples == 20
    assert report.accuracy > 0.9
    assert not report.with_encoder


def test_near_doubles_share_a_group_and_others_do_not() -> None:
    groups = near_doubles(
        ["can I drink wine with baclofen", "Can i drink wine with baclofen?", "how do I store the tablets"]
    )
    assert groups[0] == groups[1]
    assert groups[0] != groups[2]


def test_sentences_from_outside_are_refused_and_those_from_inside_are_not(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("what is the weather\n\nwhat is the weather\nplay a song\n", "utf-8")
    sentences = read_sentences(tmp_path)
    assert sentences == ["what is the weather", "play a song"]
    texts = [
        "how do I store it",
        "where to store the tablets",
        "what is the weather",
        "play a song for me",
    ] * 3
    known = Examples(tuple(texts), ("storage", "storage", "out_of_scope", "out_of_scope") * 3)
    curve = [Point(0.0, 1.0, 1.0, 0.5), Point(0.3, 0.96, 0.96, 0.9), Point(0.9, 0.4, 0.4, 1.0)]
    assert outside(known, None, curve, sentences).refused == 1
    inside = outside(known, None, curve, ["how do I store it"])
    assert (inside.threshold, inside.refused, inside.answered) == (0.3, 0, (("storage", 1),))
