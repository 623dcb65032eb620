"""What a sentence is: a report of now, a question about nobody, a what-if, something long past, or fiction.

This is the only place where a sign that was found and not denied is lowered, and each lowering yields to any
mark of the present. Whoever it happens to never lowers anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from baclofen.lexicon import Lexicon

FAR = 500
"""Characters of its sentence that are read on either side of a sign."""
Frame = Literal["now", "question", "hypothetical", "past", "fiction", "well"]
_SENTENCE = re.compile(r"(?:[^.!?;\n…]|(?<=\d)\.(?=\d)|(?<=\s)\?(?=\w))+[.!?;\n…]*")
"""A point within a number ends nothing, nor does the question mark of "?stroke"."""
_CLAUSE = re.compile(r'[,:()\[\]"]| - ')


@dataclass(frozen=True)
class Sentence:
    """A stretch of the plain text between end marks."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Place:
    """Where a sign stands.

    Attributes:
        sentence: plain text of its sentence.
        before: what the sentence says before it.
        claim: whether the words say that it is so ("he is not breathing", "pulse 38"), not only what it is
            ("slow breathing"): what asks or supposes has to stand before a claim.
    """

    sentence: str
    before: str
    claim: bool

    @classmethod
    def at(cls, plain: str, sentence: Sentence, at: int, claim: bool, turn: re.Pattern[str]) -> Place:
        """Return the place of a sign that begins at a character of the plain text.

        Args:
            plain: the message.
            sentence: that holds the sign.
            at: where the sign begins.
            claim: as above.
            turn: where a sentence begins anew, as with "but".
        """
        start, end = max(sentence.start, at - FAR), min(sentence.end, at + FAR)
        start = max((match.end() for match in turn.finditer(plain, start, at)), default=start)
        after = turn.search(plain, at, end)
        end = after.start() if after else end
        return cls(plain[start:end].lstrip(), plain[start:at].lstrip(), claim)

    @property
    def lead(self) -> str:
        """What stands before the sign in its own clause."""
        return _CLAUSE.split(self.before)[-1].lstrip()


def sentences(plain: str) -> list[Sentence]:
    """Split plain text at end marks and line ends; a question mark stays with its sentence."""
    result = []
    for match in _SENTENCE.finditer(plain):
        if match.group().strip():
            result.append(Sentence(match.group(), match.start(), match.end()))
    return result


class Told(Protocol):
    """The message around it: whether a frame or pattern of the lexicon is found anywhere in it."""

    def says(self, name: str) -> bool: ...


def frame(place: Place, message: Told, lexicon: Lexicon) -> Frame:
    """Say how a sign has to be taken.

    Args:
        place: where it stands.
        message: that it stands in.
        lexicon: whose ``frames`` are used.
    """
    frames, patterns = lexicon.frames, lexicon.patterns
    sentence = place.sentence
    said = place.before if place.claim else sentence
    present = frames["now"].search(sentence) is not None
    if _is_fiction(place, message, lexicon):
        return "fiction"
    happening = patterns["happening"].search(sentence) is not None
    if not message.says("happening") and (
        (frames["study"].search(said) and not present) or _is_lesson(place, message, lexicon)
    ):
        return "question"
    if not happening and message.says("well"):
        return "well"
    if not happening and frames["past"].search(sentence):
        return "past"
    if (not present and _is_supposed(place, lexicon)) or _is_anybody(place, lexicon):
        return "hypothetical"
    specific = patterns["somebody"].search(sentence) is not None
    asking = frames["question"].search(said) is not None
    asking = asking or (not place.claim and sentence.rstrip().endswith("?"))
    if asking and (not specific or patterns["asks_for_oneself"].search(sentence)) and not present:
        return "question"
    return "now"


def _is_supposed(place: Place, lexicon: Lexicon) -> bool:
    """Whether the sign is what might be: "if he stops", "could it stop", not "he stops when I shout"."""
    supposing = lexicon.frames["hypothetical"]
    condition = lexicon.frames.get("condition", supposing)
    unsure = lexicon.patterns["unsure"]
    lead, before = unsure.sub(" ", place.lead), unsure.sub(" ", place.before)
    if supposing.search(lead) or condition.search(lead) or condition.match(before.lstrip()):
        return True
    if place.claim:
        return False
    return supposing.search(unsure.sub(" ", place.sentence)) is not None


def _is_anybody(place: Place, lexicon: Lexicon) -> bool:
    """Whether the sign is supposed of nobody that is here: "if someone won't wake"."""
    if lexicon.pattern("anybody").search(place.lead) is None:
        return False
    return lexicon.pattern("at_once").search(place.sentence) is None


def _is_lesson(place: Place, message: Told, lexicon: Lexicon) -> bool:
    """Whether the message is for a course, a poster or a play, and nobody is said to be ill here."""
    if not message.says("lesson"):
        return False
    patterns, sentence = lexicon.patterns, place.sentence
    ours = patterns["ours"].search(sentence) is not None
    somebody = patterns["somebody"].search(sentence) and patterns["is_or_has"].search(sentence)
    return not (place.claim and (ours or somebody))


def _is_fiction(place: Place, message: Told, lexicon: Lexicon) -> bool:
    """Whether it happens in a story that the message is about, or that the sentence tells of."""
    story = lexicon.pattern("told").search(place.before)
    if story:
        happening = lexicon.patterns["happening"].search(place.sentence)
        return happening is None and lexicon.frames["now"].search(place.sentence, story.end()) is None
    return message.says("fiction") and not _reports(place.sentence, lexicon)


def _reports(sentence: str, lexicon: Lexicon) -> bool:
    """Whether somebody close to the writer is said to be ill now, whatever else the message is about."""
    frames, patterns = lexicon.frames, lexicon.patterns
    if patterns["ours"].search(sentence) is None:
        return False
    story = frames["fiction"].search(sentence)
    if story is not None:
        return frames["now"].search(sentence, story.end()) is not None
    return frames["now"].search(sentence) is not None or patterns["is_or_has"].search(sentence) is not None
