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

_SPECIFIC = re.compile(
    r"\b(i|im|ive|me|he|hes|him|his|she|shes|her|they|theyre|them|we|us|my|our"
    r"|(?:mum|mom|dad|gran|nan|grandad|grandpa|hubby|bro|sis|mate)s?)\b"
)
_SELF_ASKING = re.compile(r"\b(can|could|will|would|might|may|should|do|if|when|once) (i|we|my)\b|\bwould i\b|\bif i\b")
_UNSURE = re.compile(r"\b(not|cant|cannot|dont|unsure|no|un)\b( \w+){0,2} (if|whether)\b")
_STRONG_NOW = re.compile(
    r"\b(now he|now she|now i|now they|right now|rn|again now|just now|happening|still (not|wont|isnt|cant|no|out)|wont wake|isnt breathing|not breathing"
    r"|help|hurry|tonight|today|this (morning|evening|afternoon|minute)|(minutes?|mins?) ago|again (today|tonight|since)|stopped again)\b"
)
_PRESENT_BODY = re.compile(r"\b(is|are|am|im|hes|shes|theyre|wont|cant|isnt|keeps|has|have|ive)\b")


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
    frames = lexicon.frames
    present = frames["now"].search(sentence) is not None
    if frames["fiction"].search(message) and not _reports(sentence, lexicon):
        return "fiction"
    if frames["study"].search(sentence) and not present and not _STRONG_NOW.search(message):
        return "question"
    if frames["well"].search(message) and not _STRONG_NOW.search(sentence):
        return "well"
    if frames["past"].search(sentence) and not _STRONG_NOW.search(sentence):
        return "past"
    specific = _SPECIFIC.search(sentence) is not None
    if frames["hypothetical"].search(_UNSURE.sub(" ", sentence)) and not present:
        return "hypothetical"
    asking = frames["question"].search(sentence) is not None or sentence.rstrip().endswith("?")
    if asking and (not specific or _SELF_ASKING.search(sentence)) and not present:
        return "question"
    return "now"


def _reports(sentence: str, lexicon: Lexicon) -> bool:
    """Whether somebody close to the writer is said to be ill now, whatever else the message is about."""
    close = re.search(r"\b(i|im|my|our|we|hes|shes)\b", sentence) is not None
    close = close or re.search(r"\bnow\b.*\b(her|his|she|he)\b", sentence) is not None
    return close and (
        lexicon.frames["now"].search(sentence) is not None or _PRESENT_BODY.search(sentence) is not None
    ) and not lexicon.frames["fiction"].search(sentence)
