"""NLU component: which curated question a message asks."""

from __future__ import annotations

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

from assistant.questions import asked
from baclofen import classifier as classifier_module
from baclofen import facts
from baclofen.classifier import TextClassifier
from baclofen.encoder import Encoder

LONGEST = 4000
"""Characters that are looked at."""

KNOWN = 1024
"""Texts whose ranking is kept, the latest ones."""

RANKING = 10
"""Intents in the ranking; more only make the conversation file grow."""


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
        self._known_ranking = functools.lru_cache(maxsize=KNOWN)(
            self._ranking
        )  # people say "help" and "hello"
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
        self._known_ranking.cache_clear()
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking."""
        for message in messages:
            ranking = [dict(entry) for entry in self._known_ranking((message.get(TEXT) or "")[:LONGEST])]
            message.set(INTENT, ranking[0] if ranking else _no_intent(), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        if self._model is None or not text.strip():
            return []
        button = self._questions.get(text.strip())
        if button:
            return [{INTENT_NAME_KEY: button, PREDICTED_CONFIDENCE_KEY: 1.0}]
        # "What is the maximum dose? Also he is not breathing": the question alone is clearer than the whole.
        candidates = self._model.predict_proba([text, *asked(text)])
        probabilities = candidates[candidates.max(axis=1).argmax()]
        best = probabilities.argsort()[::-1][:RANKING]
        return [
            {INTENT_NAME_KEY: self._model.labels[i], PREDICTED_CONFIDENCE_KEY: float(probabilities[i])}
            for i in best
        ]


def _no_intent() -> dict[str, Any]:
    return {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}


@functools.lru_cache(maxsize=1)
def load_encoder() -> Encoder | None:
    """Return the sentence encoder, None where it is not installed: answers are then a little worse."""
    return Encoder.load()
