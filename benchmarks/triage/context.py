"""Peer: medspaCy. Target rules find the phrases, ConText says whether it is denied, asked or past.

ConText also knows whom a finding is about; that lowers nothing here, for a bot is told about a son or a
stranger.
"""

from __future__ import annotations

from typing import Any

from baclofen.signs import Level, highest
from benchmarks.triage.peers import Job, Read
from benchmarks.triage.phrases import plain_text

PIPES = ["medspacy_pyrush", "medspacy_target_matcher", "medspacy_context"]
RULES = {
    "denied": ("NEGATED_EXISTENCE", "FORWARD"),
    "asked": ("HYPOTHETICAL", "FORWARD"),
    "past": ("HISTORICAL", "BIDIRECTIONAL"),
}
"""The category and the direction of what ``phrases.yml`` adds to medspaCy's own rules."""


def reader(job: Job) -> Read:
    """Return the peer, ready to read."""
    import medspacy  # type: ignore[import-not-found]
    from medspacy.context import ConTextRule  # type: ignore[import-not-found]
    from medspacy.ner import TargetRule  # type: ignore[import-not-found]

    nlp = medspacy.load(medspacy_enable=PIPES)
    nlp.get_pipe("medspacy_target_matcher").add(
        [TargetRule(phrase, level) for level, phrases in job.levels.items() for phrase in phrases]
    )
    nlp.get_pipe("medspacy_context").add(
        [
            ConTextRule(phrase, category, direction=direction)
            for kind, (category, direction) in RULES.items()
            for phrase in job.context[kind]
        ]
    )

    def read(text: str) -> Level:
        return highest(level_of(entity) for entity in nlp(plain_text(text)).ents)

    return read


def level_of(entity: Any) -> Level:
    """Return what a phrase comes to beside the words around it.

    Args:
        entity: a span whose label is the level of its phrase, with medspaCy's attributes.
    """
    if entity._.is_negated:
        return "none"
    # Asking how to die is a crisis, however it is put.
    if entity.label_ != "crisis" and (entity._.is_hypothetical or entity._.is_historical):
        return "awareness"
    level: Level = entity.label_
    return level
