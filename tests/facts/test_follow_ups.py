"""Questions about the answer before: what they mean, and when the topic is given up."""

from __future__ import annotations

from typing import Any

import pytest

from baclofen import asked_facts, follow_ups


def _bot(fact: str, at: float = 0.0) -> dict[str, Any]:
    return {"event": "bot", "timestamp": at, "data": {"custom": {"fact": {"id": fact}}}}


def _user(at: float = 0.0) -> dict[str, Any]:
    return {"event": "user", "timestamp": at, "text": "x"}


def test_the_topic_is_the_fact_that_was_answered_last() -> None:
    assert follow_ups.topic([_user(), _bot("uses"), _user(), _bot("storage"), _user()]) == "storage"


def test_words_without_a_fact_between_keep_the_topic() -> None:
    said = {"event": "bot", "timestamp": 0.0, "data": {}, "text": "You are welcome."}
    assert follow_ups.topic([_user(), _bot("uses"), _user(), said, _user()]) == "uses"


@pytest.mark.parametrize(
    "events",
    [
        [],
        [_user()],
        [_user(), _bot("no_such_fact"), _user()],
        [_user(), _bot("uses"), {"event": "restart", "timestamp": 0.0}, _user()],
        [_user(), _bot("uses"), {"event": "session_started", "timestamp": 0.0}, _user()],
        [_user(), _bot("uses"), *[_user()] * (follow_ups.TURNS + 1)],
        [_user(), _bot("uses"), _user(follow_ups.KEPT + 1)],
    ],
)
def test_there_is_no_topic_before_an_answer_or_long_after_it(events: list[dict[str, Any]]) -> None:
    assert follow_ups.topic(events) is None


@pytest.mark.parametrize(
    ("fact", "text", "before", "means"),
    [
        ("children", "and for kids?", "overdose_signs", "child_swallowed_some"),
        ("children", "and for kids?", "starting_dose", "children"),
        ("children", "and for kids?", None, "children"),
        ("children", "is baclofen safe for kids?", "overdose_signs", "children"),
        (
            "children",
            "my neighbour has a boy of ten who gets it from his doctor, fine?",
            "overdose_signs",
            "children",
        ),
        ("onset_and_duration", "how long?", "overdose_signs", "how_long_it_lasts"),
        ("onset_and_duration", "how long?", "withdrawal_signs", "how_long_withdrawal_lasts"),
        ("onset_and_duration", "how long?", "what_is_baclofen", "onset_and_duration"),
        ("starting_dose", "come on, just the number in mg", "lethal_dose", "lethal_dose"),
        ("maximum_dose", "so what's the most", "amount_for_high", "amount_for_high"),
        ("maximum_dose", "so what's the most", "storage", "maximum_dose"),
        ("storage", "and in a heatwave?", "overdose_signs", "storage"),
    ],
)
def test_a_short_question_means_what_fits_the_answer_before(
    fact: str, text: str, before: str | None, means: str
) -> None:
    assert follow_ups.meant(fact, text, before) == means


def test_what_is_asked_of_the_answer_is_known_by_its_intent() -> None:
    assert follow_ups.says("follow_source") == "sources"
    assert follow_ups.says("uses") is None
    assert follow_ups.says(None) is None


def test_a_message_with_two_questions_asks_two_facts_each_once() -> None:
    parsed = {"intent": {"name": "uses"}, "text": "x", "questions": ["storage", "uses", "no_such_fact"]}
    assert asked_facts.asked_by(parsed, []) == ("uses", "storage")


@pytest.mark.parametrize("intent", ["greet", "follow_more", "nlu_fallback", None])
def test_a_message_that_asks_no_fact_asks_none(intent: str | None) -> None:
    assert asked_facts.asked_by({"intent": {"name": intent}, "questions": ["storage"]}, [_bot("uses")]) == ()
