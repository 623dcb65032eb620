"""Jobs, the vote of the neighbours, DIET's training data, and one round in a process."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from baclofen.paths import ROOT
from baclofen.signs import RANK, Level
from benchmarks.processes import finish
from benchmarks.triage import context, diet, worker
from benchmarks.triage.neighbours import vote
from benchmarks.triage.peers import PEERS, Answer, Job


def span(label: Level, **marks: bool) -> SimpleNamespace:
    known = {"is_negated": False, "is_hypothetical": False, "is_historical": False}
    return SimpleNamespace(label_=label, _=SimpleNamespace(**{**known, **marks}))


def test_every_peer_has_a_name_and_a_title_of_its_own() -> None:
    assert len({peer.key for peer in PEERS}) == len({peer.title for peer in PEERS}) == len(PEERS)


def test_a_job_and_an_answer_survive_their_way() -> None:
    job = Job("keywords", {"a": ["é", "\u2028"]}, {"urgent": ["x"]})
    answer = Answer({"a": ["urgent", "none"]}, {"a": 2.0}, 1.0, {})
    assert Job.loads(job.dumps()) == job
    assert Answer.loads(answer.dumps()) == answer


def test_a_peer_answers_from_a_process_of_its_own(tmp_path: Path) -> None:
    asked, answered = tmp_path / "job", tmp_path / "answer"
    asked.write_text(Job("keywords", {"a": ["x", "he fainted"]}, {"emergency": ["fainted"]}).dumps(), "utf-8")
    call = [sys.executable, "-m", "benchmarks.triage.worker", str(asked), str(answered)]
    finish(call, ROOT, tmp_path / "log")
    answer = Answer.loads(answered.read_text("utf-8"))
    assert answer.levels == {"a": ["none", "emergency"]}
    assert answer.memory_mib > 1


def test_every_message_is_read_once_and_the_levels_keep_their_order() -> None:
    seen: Counter[str] = Counter()

    def read(text: str) -> Level:
        seen[text] += 1
        return "urgent" if int(text) % 2 else "none"

    texts = [str(number) for number in range(13)]
    levels, speed = worker.measure(read, texts)
    assert levels == ["urgent" if number % 2 else "none" for number in range(13)]
    assert set(seen.values()) == {1}
    assert speed > 0


def test_the_nearest_messages_vote_by_their_likeness() -> None:
    ranks = np.array([RANK["none"], RANK["none"], RANK["emergency"], RANK["urgent"]])
    likeness = np.array([0.3, 0.3, 0.9, 0.1], np.float32)
    assert vote(likeness, ranks, nearest=1) == "emergency"
    assert vote(likeness, ranks, nearest=3) == "emergency"
    assert vote(np.array([0.5, 0.5, 0.9, 0.1], np.float32), ranks, nearest=3) == "none"


def test_of_two_levels_that_are_as_near_the_graver_one_is_taken() -> None:
    ranks = np.array([RANK["none"], RANK["crisis"]])
    assert vote(np.array([0.5, 0.5], np.float32), ranks, nearest=10) == "crisis"


@pytest.mark.parametrize(
    ("entity", "level"),
    [
        (span("emergency"), "emergency"),
        (span("emergency", is_negated=True), "none"),
        (span("emergency", is_hypothetical=True), "awareness"),
        (span("urgent", is_historical=True), "awareness"),
        (span("crisis", is_hypothetical=True), "crisis"),
        (span("crisis", is_negated=True), "none"),
    ],
)
def test_the_words_around_a_phrase_lower_it(entity: SimpleNamespace, level: Level) -> None:
    assert context.level_of(entity) == level


def test_diet_learns_messages_as_they_are() -> None:
    found = diet.examples([("- [x](y)\n: {z}", "none")])["rasa_nlu_data"]["common_examples"]
    assert found == [{"text": "- [x](y)\n: {z}", "intent": "none", "entities": []}]


def test_the_key_of_a_diet_model_changes_with_data_and_epochs() -> None:
    keys = {diet.key([("a", "none")], 1), diet.key([("a", "none")], 2), diet.key([("a", "urgent")], 1)}
    assert len(keys) == 3
    assert diet.key([("a", "none")], 1) in keys
