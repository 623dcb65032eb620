"""Which parts of a message ask something."""

from __future__ import annotations

import pytest

from assistant.questions import asked, each_asked


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("what is baclofen and can I drink on it?", ["what is baclofen", "can I drink on it?"]),
        ("What is the maximum dose? Can I drive?", ["What is the maximum dose?", "Can I drive?"]),
        ("how do i store it, and what if i miss one", ["how do i store it", "what if i miss one"]),
    ],
)
def test_two_questions_are_taken_apart(text: str, parts: list[str]) -> None:
    assert each_asked(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "what is baclofen?",
        "can I take paracetamol and ibuprofen with it?",
        "Hello. What is it for?",
        "",
        "hello and bye",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert each_asked(text) == []


def test_the_sentence_that_asks_is_found_among_others() -> None:
    assert asked("I am on 20 a day. Can I drive?") == ["Can I drive?"]
    assert asked("Can I drive?") == []
