"""Which parts of a message ask something."""

from __future__ import annotations

import re

_QUESTION = re.compile(
    r"\?|\b(what|how|why|when|where|which|who|can|could|should|shall|do|does|did|is|are|will|would|may)\s+"
    r"(i|we|you|they|he|she|it|the|a|an|this|that|there|my|his|her|their|baclofen|to|much|many|long|do|is|are|if)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n;]+[.!?\n;]*")
_JOINED = re.compile(
    r"[,;]?\s+(?:and|also|plus|&|then)\s+(?=(?:also\s+)?(?:what|how|why|when|where|which|who|can|could|should|shall|"
    r"do|does|did|is|are|will|would|may)\b)",
    re.IGNORECASE,
)
"""Where one question ends and the next begins: "what is it and can I drink on it"."""

MOST = 4
"""Sentences of a message that are looked at for its question."""

FEWEST = 2
"""Words that a question has at least."""


def is_question(text: str) -> bool:
    """Say whether the wording is that of a question."""
    return bool(_QUESTION.search(text))


def asked(text: str) -> list[str]:
    """Return the sentences of a longer message that ask something; none for a message of one sentence."""
    sentences = [m.group().strip() for m in _SENTENCE.finditer(text)]
    sentences = [s for s in sentences if s]
    return [s for s in sentences if is_question(s)][:MOST] if len(sentences) > 1 else []


def each_asked(text: str) -> list[str]:
    """Return the questions of a message that holds two or more, else none; joined ones are taken apart."""
    sentences = [m.group().strip() for m in _SENTENCE.finditer(text)]
    parts = [
        part.strip(" ,")
        for sentence in sentences
        if is_question(sentence)
        for part in _JOINED.split(sentence)
    ]
    parts = [part for part in parts if len(part.split()) >= FEWEST]
    return parts[:MOST] if len(parts) > 1 else []
