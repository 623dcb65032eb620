"""Learned reader and its classifier: trained, saved, loaded, and no worse for the way it is stored."""

from pathlib import Path

import numpy as np
import pytest

from baclofen import learned
from baclofen.classifier import TextClassifier

TEXTS = ["the cat sleeps", "a cat purrs", "cats and cats", "the dog barks", "a dog runs", "dogs and dogs"] * 3
LABELS = ["cat", "cat", "cat", "dog", "dog", "dog"] * 3


def test_a_classifier_learns_its_examples() -> None:
    model = TextClassifier.train(TEXTS, LABELS)
    chances = model.predict_proba(["one cat", "one dog"])
    assert [model.labels[i] for i in chances.argmax(axis=1)] == ["cat", "dog"]
    assert chances.sum(axis=1) == pytest.approx(1.0)


def test_a_saved_classifier_answers_like_the_one_that_was_saved(tmp_path: Path) -> None:
    model = TextClassifier.train(TEXTS, LABELS)
    model.save(tmp_path)
    again = TextClassifier.load(tmp_path)
    assert np.allclose(model.predict_proba(TEXTS), again.predict_proba(TEXTS))


def test_a_classifier_needs_two_labels() -> None:
    with pytest.raises(ValueError, match="at least two labels"):
        TextClassifier.train(["a", "b"], ["x", "x"])


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        TextClassifier.load(tmp_path)


def test_no_text_gives_no_rows() -> None:
    assert TextClassifier.train(TEXTS, LABELS).predict_proba([]).shape == (0, 2)


def test_without_a_trained_model_there_is_no_learned_reader(tmp_path: Path) -> None:
    learned.load.cache_clear()
    assert learned.load(tmp_path) is None
    learned.load.cache_clear()


def test_the_trained_reader_tells_an_emergency_from_small_talk() -> None:
    reader = learned.load()
    assert reader is not None, "make train"
    danger = reader.read("found him on the floor, lips blue, cant wake him").at_least("emergency")
    assert danger > 0.5 > reader.read("what a lovely sunny day").at_least("emergency")


def test_a_short_message_is_read_once_and_a_long_one_in_windows() -> None:
    assert len(learned._parts("a short one")) == 1
    assert len(learned._parts(" ".join(f"Sentence {number} of many here." for number in range(40)))) > 10


def test_a_sentence_said_again_and_again_is_read_once_and_different_ones_all() -> None:
    again = learned._parts("The parcel came. " * 100)
    assert again == ["The parcel came."] * 2
    counted = [f"Parcel {number} came." for number in range(100)]
    assert all(said in " ".join(learned._parts(" ".join(counted))[1:]) for said in counted)


def test_two_messages_said_as_one_are_learned_at_the_graver_level() -> None:
    rows = [("he is blue", "emergency"), ("hello", "none"), ("thanks", "none"), ("lovely day", "none")] * 10
    pairs = learned._joined(rows)
    assert len(pairs) == 10
    assert {level for text, level in pairs if "blue" in text} == {"emergency"}
    assert {level for text, level in pairs if "blue" not in text} == {"none"}


def test_long_messages_are_not_joined_and_one_alone_is_not_either() -> None:
    assert learned._joined([("so it went " * 40, "none"), ("hello", "none")]) == []
    assert learned._joined([("hello", "none")]) == []


def test_one_text_alone_is_read_as_it_is_among_others() -> None:
    model = TextClassifier.train(TEXTS, LABELS)
    alone = np.concatenate([model.ngram_chances([text]) for text in TEXTS[:6]])
    assert np.allclose(alone, model.ngram_chances(TEXTS[:6]), atol=1e-6)


def test_every_labelled_message_has_a_level() -> None:
    levels = {row.level for row in learned.rows() if row.intent is None}
    assert levels == {"none", "awareness", "urgent", "crisis", "emergency"}
