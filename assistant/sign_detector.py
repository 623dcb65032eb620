"""NLU component: writes the triage of a message and its entities into Rasa's output.

The verdict here is for people and tools that read the NLU output; the escalation policy triages the raw
text again, since later components may replace the message.
"""

from __future__ import annotations

import re
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language

from assistant.conversation import Conversation, hear
from baclofen.dataset import load_yaml
from baclofen.paths import DATA

TRIAGE = "triage"
EXTRACTOR = "spacy"
LONGEST = 4000
"""Characters that are searched for entities; signs are searched in all of them."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def entity_ruler() -> Language:
    """Return a blank English pipeline that finds the spans listed in ``data/entities.yml``.

    Raises:
        DataError: the file is missing or does not fit its schema.
    """
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER", "validate": False})
    labels = load_yaml(DATA / "entities.yml", "entities")["labels"]
    ruler.add_patterns(
        [{"label": label, "pattern": pattern} for label, patterns in labels.items() for pattern in patterns]
    )
    return pipeline


def entities(pipeline: Language, text: str) -> list[dict[str, Any]]:
    """Return Rasa entities: label, value as typed, offsets in characters, extractor."""
    # spaCy cannot encode a lone surrogate; one character replaces one character, so offsets stay right.
    doc = pipeline(_SURROGATE.sub("?", text[:LONGEST]))
    return [
        {
            "entity": span.label_,
            "value": text[span.start_char : span.end_char],
            "start": span.start_char,
            "end": span.end_char,
            "extractor": EXTRACTOR,
        }
        for span in doc.ents
    ]


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR],
    is_trainable=False,
)
class SignDetector(GraphComponent):
    """Set ``triage`` (level, signs, clarify) and entities on each message."""

    def __init__(self, pipeline: Language) -> None:
        self._pipeline = pipeline

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SignDetector:
        """Build the component (see base class)."""
        return cls(entity_ruler())

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what was found to the messages."""
        for message in messages:
            text = message.get(TEXT) or ""
            verdict = hear(text, Conversation()).triage
            message.set(
                TRIAGE,
                {
                    "level": verdict.level if verdict else "emergency",
                    "signs": [sign.to_dict() for sign in verdict.signs] if verdict else [],
                    "clarify": bool(verdict and verdict.clarify),
                },
                add_to_output=True,
            )
            found = entities(self._pipeline, text)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
