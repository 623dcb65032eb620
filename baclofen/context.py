"""What a sentence is: a report of now, a question about nobody, a what-if, something long past, or fiction.

This is the only place where a sign that was found and not denied is lowered, and each lowering yields to any
mark of the present. Whoever it happens to never lowers anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from baclofen.lexicon import Lexicon

Frame = Literal["now", "question", "hypothetical", "past", "fiction", "well"]


@dataclass(frozen=True)
class Sentence:
    """A stretch of the plain text between end marks."""

    text: str
    start: int
    end: int


def sentences(plain: str) -> list[Sentence]:
    """Split plain text at end marks and line ends; a question mark stays with its sentence."""
    result = []
    for match in re.finditer(r"[^.!?;\n…]+[.!?;\n…]*", plain):
        if match.group().strip():
            result.append(Sentence(match.group(), match.start(), match.end()))
    return result


def frame(sentence: str, message: str, lexicon: Lexicon) -> Frame:
    """Say how a sign in this sentence has to be taken.

    Args:
        sentence: plain text of the sentence that holds the sign.
        message: plain text of the whole message.
        lexicon: whose ``frames`` are used.
    """
    frames, patterns = lexicon.frames, lexicon.patterns
    present = frames["now"].search(sentence) is not None
    if frames["fiction"].search(message) and not _reports(sentence, lexicon):
        return "fiction"
    if frames["study"].search(sentence) and not present and not patterns["happening"].search(message):
        return "question"
    if frames["well"].search(message) and not patterns["happening"].search(sentence):
        return "well"
    if frames["past"].search(sentence) and not patterns["happening"].search(sentence):
        return "past"
    specific = patterns["somebody"].search(sentence) is not None
    if frames["hypothetical"].search(patterns["unsure"].sub(" ", sentence)) and not present:
        return "hypothetical"
    asking = frames["question"].search(sentence) is not None or sentence.rstrip().endswith("?")
    if asking and (not specific or patterns["asks_for_oneself"].search(sentence)) and not present:
        return "question"
    return "now"


def _reports(sentence: str, lexicon: Lexicon) -> bool:
    """Whether somebody close to the writer is said to be ill now, whatever else the message is about."""
    frames, patterns = lexicon.frames, lexicon.patterns
    if patterns["ours"].search(sentence) is None or frames["fiction"].search(sentence):
        return False
    return frames["now"].search(sentence) is not None or patterns["is_or_has"].search(sentence) is not None
