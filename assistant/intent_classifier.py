"""NLU component: which curated question a message asks."""

from __future__ import annotations

import copy
import functools
import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.questions import asked, each_asked
from baclofen import asked_facts, facts, mixtures, persons
from baclofen import classifier as classifier_module
from baclofen.classifier import Floats, TextClassifier
from baclofen.encoder import Encoder
from baclofen.nearest import NEAREST, Nearest

LONGEST = 4000
"""Characters that are looked at."""

KNOWN = 1024
"""Texts for which what was understood is kept, the latest ones."""

RANKING = 10
"""Intents in the ranking; more only make the conversation file grow."""

SURE = 0.5
"""Below this chance the nearest questions are looked up, for the fallback to offer."""

QUESTION = 0.4
"""From this chance on each part of a message with two questions is answered."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Wrap ``baclofen.classifier.TextClassifier`` for Rasa.

    Args:
        model_storage: where Rasa keeps what was trained.
        resource: this component's place in it.
        model: the trained classifier; None before training.
    """

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: TextClassifier | None = None
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        # People say "help" and "hello".
        self._understood = functools.lru_cache(maxsize=KNOWN)(self._understand)
        # A button sends the curated question itself: nothing to guess.
        self._questions = {fact.question: fact.id for fact in facts.load().values()}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Build an untrained component (see base class)."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Build the component from what was trained (see base class)."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, TextClassifier.load(Path(folder), load_encoder()))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when the classifier's code changes or the encoder comes or goes."""
        code = Path(classifier_module.__file__).read_bytes()
        return hashlib.sha256(code + (b"encoder" if load_encoder() else b"")).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the example messages and persist."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        self._model = TextClassifier.train(
            [m.get(TEXT) for m in examples], [m.get(INTENT) for m in examples], encoder=load_encoder()
        )
        self._understood.cache_clear()
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking, further questions, the medicine that is named, the nearest questions."""
        for message in messages:
            understood = self._understood((message.get(TEXT) or "")[:LONGEST])
            for key, value in copy.deepcopy(understood).items():
                message.set(key, value, add_to_output=True)
        return messages

    def _understand(self, text: str) -> dict[str, Any]:
        if self._model is None or not text.strip() or _is_bare_number(text):
            return {INTENT: _no_intent(), INTENT_RANKING_KEY: []}
        button = self._questions.get(text.strip())
        if button:
            chosen = {INTENT_NAME_KEY: button, PREDICTED_CONFIDENCE_KEY: 1.0}
            return {INTENT: chosen, INTENT_RANKING_KEY: [chosen]}
        # "What is the maximum dose? Also he is not breathing": the question alone is clearer than the whole.
        candidates = self._model.predict_proba([text, *asked(text)])
        ranking = self._ranked(candidates[candidates.max(axis=1).argmax()])
        questions = self._questions_of(text)
        if len(questions) > 1:
            # As sure as the likeliest: Rasa's fallback would take a runner-up above the first for doubt.
            ranking = _led_by(questions[0], max(QUESTION, ranking[0][PREDICTED_CONFIDENCE_KEY]), ranking)
        mixing = mixtures.asked(text, ranking[0][INTENT_NAME_KEY], ranking[0][PREDICTED_CONFIDENCE_KEY])
        if mixing.fact and len(questions) < 2:
            ranking = _led_by(mixing.fact, 1.0, ranking)
        best = ranking[0][INTENT_NAME_KEY]
        further = [name for name in (*questions, *persons.beside(best, text)) if name != best]
        understood: dict[str, Any] = {INTENT: ranking[0], INTENT_RANKING_KEY: ranking}
        understood |= {asked_facts.QUESTIONS: further} if further else {}
        near = nearest_facts() if ranking[0][PREDICTED_CONFIDENCE_KEY] < SURE else None
        if near is not None:
            understood[NEAREST] = near.ranked(text, [entry[INTENT_NAME_KEY] for entry in ranking])
        return understood | ({mixtures.MEDICINE: mixing.medicine} if mixing.medicine is not None else {})

    def _ranked(self, chances: Floats) -> list[dict[str, Any]]:
        assert self._model is not None
        return [
            {INTENT_NAME_KEY: self._model.labels[i], PREDICTED_CONFIDENCE_KEY: float(chances[i])}
            for i in chances.argsort()[::-1][:RANKING]
        ]

    def _questions_of(self, text: str) -> list[str]:
        """Return the facts that a message of several questions asks for, each once, where all are plain."""
        assert self._model is not None
        parts = each_asked(text)
        if not parts:
            return []
        chances = self._model.predict_proba(parts)
        best = [
            (self._model.labels[i], row[i]) for row, i in zip(chances, chances.argmax(axis=1), strict=True)
        ]
        names = [name for name, chance in best if chance >= QUESTION and name in facts.load()]
        return list(dict.fromkeys(names))


def _is_bare_number(text: str) -> bool:
    """Whether digits without a word are all there is: a choice was read before, and a question it is not."""
    return any(c.isdigit() for c in text) and not any(c.isalpha() for c in text)


def _led_by(name: str, chance: float, ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the ranking with one intent put first."""
    first = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: chance}
    return [first, *(entry for entry in ranking if entry[INTENT_NAME_KEY] != name)][:RANKING]


@functools.cache
def nearest_facts() -> Nearest | None:
    """Return what ranks facts by a message, made once, which takes a second; None without an encoder."""
    encoder = load_encoder()
    return None if encoder is None else Nearest(encoder, facts.load())


def _no_intent() -> dict[str, Any]:
    return {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}


@functools.lru_cache(maxsize=1)
def load_encoder() -> Encoder | None:
    """Return the sentence encoder, None where it is not installed: answers are then a little worse."""
    return Encoder.load()
