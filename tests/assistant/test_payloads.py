"""What a button may send, and what happens to everything else that starts with a slash."""

from __future__ import annotations

import pytest

from assistant import payloads


@pytest.mark.parametrize("text", ["/greet", " /what_is_baclofen ", "/report_signs"])
def test_a_known_intent_is_a_payload(text: str) -> None:
    assert payloads.intent_of(text) == text.strip()[1:]
    assert payloads.without_slash(text) == text


@pytest.mark.parametrize(
    "text",
    ["greet", "/nothing_known", '/greet{"a": 1}', "/greet@0.5", "/greet he", "/restart", "//greet", "/"],
)
def test_anything_else_is_read_as_text(text: str) -> None:
    assert payloads.intent_of(text) is None
    assert not payloads.without_slash(text).startswith("/")
    assert payloads.without_slash(text).strip()


def test_a_slash_inside_a_text_stays() -> None:
    assert payloads.without_slash("10 mg/5 ml and/or") == "10 mg/5 ml and/or"


def test_a_button_says_its_question() -> None:
    assert payloads.spoken("/what_is_baclofen") == "What is baclofen?"
    assert payloads.spoken("/greet") == ""
    assert payloads.spoken("as typed") == "as typed"
