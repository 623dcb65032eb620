"""The NLU component: triage in the output, entities with the right offsets."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from assistant.sign_detector import SignDetector, entities, entity_ruler


@pytest.fixture(scope="module")
def detector() -> SignDetector:
    return SignDetector(entity_ruler())


def _found(text: str) -> set[tuple[str, str]]:
    return {(e["entity"], e["value"]) for e in entities(entity_ruler(), text)}


def test_the_triage_stands_in_the_output(detector: SignDetector) -> None:
    message = detector.process([Message.build("he is not breathing")])[0]
    triage = message.as_dict(only_output_properties=True)["triage"]
    assert triage["level"] == "emergency"
    assert triage["signs"][0].keys() == {"key", "words", "reader"}
    assert triage["clarify"] is False


def test_a_calm_question_has_level_none(detector: SignDetector) -> None:
    assert detector.process([Message.build("What is baclofen?")])[0].get("triage")["level"] == "none"


def test_spans_of_each_kind_are_marked() -> None:
    found = _found("My son took two 10 mg baclofen tablets with vodka in New Zealand")
    assert found == {
        ("person", "son"),
        ("amount", "10 mg"),
        ("drug", "baclofen"),
        ("form", "tablets"),
        ("drink", "vodka"),
        ("country", "New Zealand"),
    }


def test_words_of_everyday_are_not_marked() -> None:
    assert _found("let us go home, it was bad") == set()


@pytest.mark.parametrize("text", ["BACLOFIN", "Baclofène 10mg", "is it in the UK"])
def test_spelling_and_case_matter_little(text: str) -> None:
    assert _found(text)


@pytest.mark.parametrize(
    "text", ["é\u0301 İ baclofen", "\ud800 baclofen", "💊💊 baclofen", "\u200bbaclofen\n baclofen"]
)
def test_offsets_point_into_the_text_as_typed(text: str) -> None:
    found = entities(entity_ruler(), text)
    for entity in found:
        assert text[entity["start"] : entity["end"]] == entity["value"]
        assert entity["extractor"] == "spacy"
    assert any(e["value"] == "baclofen" for e in found)


@pytest.mark.parametrize("text", ["", " ", "\x00", "x" * 100_000], ids=len)
def test_odd_texts_pass(detector: SignDetector, text: str) -> None:
    assert "level" in detector.process([Message.build(text)])[0].get("triage")
