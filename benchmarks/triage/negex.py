"""Peer: negspacy. spaCy's entity ruler finds the phrases, NegEx drops those that are denied."""

from __future__ import annotations

from typing import Any

import spacy
from negspacy.negation import Negex  # type: ignore[import-not-found]
from negspacy.termsets import termset  # type: ignore[import-not-found]

from baclofen.signs import Level, highest
from benchmarks.triage.peers import Job, Read
from benchmarks.triage.phrases import plain_text

TERMS = "en_clinical"  # its default; with its general list, "en", not one count changes

__all__ = ["Negex", "reader"]  # importing Negex makes its component known


def reader(job: Job) -> Read:
    """Return the peer, ready to read."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler: Any = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(
        [{"label": level, "pattern": phrase} for level, phrases in job.levels.items() for phrase in phrases]
    )
    terms = termset(TERMS)
    terms.add_patterns({"preceding_negations": list(job.context["denied"])})
    nlp.add_pipe("negex", config={"neg_termset": terms.get_patterns()})

    def read(text: str) -> Level:
        found: list[Any] = list(nlp(plain_text(text)).ents)
        return highest(entity.label_ for entity in found if not entity._.negex)

    return read
