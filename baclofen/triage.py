"""The level of a message: one pure function of the text and of what the conversation still holds.

Two readers look at every message, and either may raise the level, to any level. Only in two places does one
lower what the other found: words of a sign that the learned reader, in the whole message and in their
sentence, holds to be mere talk (``TALK``), and a message that does nothing but deny signs.
"""

from __future__ import annotations

import re
import string
import time
from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from functools import lru_cache

from baclofen import amounts, giant, learned, lexicon, rules
from baclofen.episode import HELD, in_conversation, still_held
from baclofen.learned import LearnedReader, Opinion
from baclofen.lexicon import NOT, plain_text
from baclofen.phrases import PERSON
from baclofen.rules import Finding
from baclofen.signs import RANK, Level, Sign, highest
from baclofen.text import words_of
from baclofen.verdict import Episode, Reason, Triage

__all__ = ["HELD", "TALK", "Episode", "Reason", "Triage", "is_bare_red_flag", "triage"]

TALK: Mapping[Level, float] = {"emergency": 0.15, "crisis": 0.15, "urgent": 0.3, "awareness": 0.4}
"""Below this chance of danger in the whole message, a sign of the rules is a figure of speech, a question or
a memory; in a message too long to be read at one go, in the sentence.

By the level of the sign: the graver, the surer the learned reader has to be. Danger is what is urgent or
graver; for a sign of awareness, anything but harmless. The curves stand in evaluation/report.md.
"""

BY_ITSELF = 0.7
"""From this chance of danger in its sentence on, a sign counts whatever is said around it."""

BESIDE = "On baclofen: "
"""Stands before words whose medicine was named earlier in the conversation, when they are judged as talk."""

_LAUGHS = re.compile(r"\blol\b|[\U0001F300-\U0001FAFF]", re.IGNORECASE)

MARKS = frozenset(string.punctuation) - {"?"}
"""Punctuation that adds nothing to what is said."""

DESPAIR = 0.15
"""From this chance that it is about suicide on, other advice names the crisis line beside its own."""


def triage(text: str, episode: Episode | None = None, now: float | None = None) -> Triage:
    """Draw the level of a message.

    Args:
        text: as typed; any length, any characters.
        episode: what the conversation holds so far; None at its start.
        now: seconds since 1970; None takes the clock.
    """
    moment = time.time() if now is None else now
    text = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate stops libraries below
    before = still_held(episode or Episode(), moment)
    return in_conversation(text, _by_itself(text, before.context), before, moment)


def _by_itself(text: str, context: bool) -> Triage:
    """Triage a message by itself; ``context`` says that a medicine was spoken of before."""
    return _alone(text, context) if len(text) <= giant.GIANT else _giant_alone(text, context)


@lru_cache(maxsize=2048)
def _alone(text: str, context: bool) -> Triage:
    reading = rules.reading(text, context)
    reader = _reader_for(text)
    opinion = reader.read(text) if reader else None
    seen = _Seen(denied=list(reading.denied))
    for finding in reading.findings:
        seen.add(finding, reader is not None and _is_talk(finding, text, reader, context))
    if _is_all_denied(text, reading):
        opinion = None
    return _judged(seen, opinion, reading.context, reading.about)


MOST_TALK = 30
"""Signs in a giant text of which the learned reader says whether they are mere talk; further ones count."""


@lru_cache(maxsize=16)
def _giant_alone(text: str, context: bool) -> Triage:
    """Triage a giant text piece by piece, no further than the first emergency."""
    reader = _reader_for(text)
    seen, about, asked = _Seen(), frozenset[str](), 0
    for reading in giant.readings(text, context):
        context = reading.context
        about |= reading.about
        for finding in reading.findings:
            if RANK[finding.sign.level] <= RANK[seen.levels.get(finding.sign.key, "none")]:
                continue
            talk = False
            if reader is not None and asked < MOST_TALK:
                asked += 1
                talk = _is_talk(finding, text, reader, context)
            seen.add(finding, talk)
            if seen.level == "emergency":
                return _judged(seen, None, context, about)
    return _judged(seen, reader.read(text) if reader else None, context, about)


def _reader_for(text: str) -> LearnedReader | None:
    return learned.load() if any(c.isalpha() or not c.isascii() for c in text) else None


@dataclass
class _Seen:
    """Signs of the rules that were looked at, and what became of each."""

    signs: list[Sign] = field(default_factory=list)
    about: frozenset[str] = frozenset()
    reasons: list[Reason] = field(default_factory=list)
    denied: InitVar[Sequence[tuple[str, str]]] = ()

    def __post_init__(self, denied: Sequence[tuple[str, str]]) -> None:
        self.reasons += [Reason(f"denied:{key}", words, "none", "denied") for key, words in denied]

    def add(self, finding: Finding, talk: bool) -> None:
        self.reasons.append(_reason(finding, talk))
        if not talk:
            self.signs.append(finding.sign)
            self.about |= finding.about

    @property
    def level(self) -> Level:
        return highest(sign.level for sign in self.signs)

    @property
    def levels(self) -> dict[str, Level]:
        """The level of each sign that counts."""
        return {sign.key: sign.level for sign in sorted(self.signs, key=lambda sign: RANK[sign.level])}


def _judged(seen: _Seen, opinion: Opinion | None, context: bool, whom: frozenset[str]) -> Triage:
    """Draw the level from what the rules saw and what the learned reader thinks."""
    signs, about, reasons = list(seen.signs), seen.about, list(seen.reasons)
    level = by_rule = seen.level
    clarify = False
    if opinion is not None:
        if RANK[opinion.level] > RANK[by_rule]:
            level = opinion.level
            sign = Sign(opinion.sign or "unspecified", opinion.words[:300], "learned", level)
            signs.append(sign)
            about |= _about(sign.key)
            reasons.append(Reason(f"learned:{sign.key}", sign.words, level, f"{opinion.sure:.0%} sure"))
        elif level == "none" and opinion.at_least("crisis") >= learned.DOUBT:
            level, clarify = "awareness", True
            note = f"{opinion.at_least('crisis'):.0%} danger: ask"
            reasons.append(Reason("learned:doubt", opinion.words[:300], level, note))
    if level == "crisis" or (level == "emergency" and any(s.key == "suicidal_thoughts" for s in signs)):
        about |= {"self_harm"}
    if whom and level in ("emergency", "urgent"):
        about |= whom
    if opinion is not None and level in ("emergency", "urgent") and opinion.chances["crisis"] >= DESPAIR:
        about |= {"despair"}
    signs.sort(key=lambda sign: -RANK[sign.level])
    reasons.sort(key=lambda reason: -RANK[reason.level])
    return Triage(level, tuple(signs), clarify, about, Episode(context=context), tuple(reasons))


def _is_all_denied(text: str, reading: rules.Reading) -> bool:
    """Whether a message says of signs that they are not there, and nothing else: "no vomiting, no seizure".

    The learned reader sees the words more than the "no" in so short a message.
    """
    if not reading.denied or reading.findings:
        return False
    return _is_nothing_but(text, [said for _, said in reading.denied])


def _is_nothing_but(text: str, said: Sequence[str]) -> bool:
    """Whether a message says some words, and beside them only who, not, and, and the like."""
    english = lexicon.load()
    words = {word for part in said for word in words_of(plain_text(part)[0])}
    small = words.union(
        english.fillers, *(english.words[name] for name in ("joining", "answering", "padding"))
    )
    return all(
        word in small or english.group(word) in (NOT, PERSON) or all(c in MARKS for c in word)
        for word in words_of(plain_text(text)[0])
    )


def is_bare_red_flag(finding: Finding, text: str) -> bool:
    """Whether a message says a red flag and nothing that could make talk of it: "no he can't breathe"."""
    bare = finding.sign.level == "emergency" and _is_nothing_but(text, [finding.sign.words])
    return bare and not _LAUGHS.search(text)


def _about(key: str) -> frozenset[str]:
    """Return what the emergency words have to fit when only the learned reader saw a sign."""
    entry = lexicon.load().signs.get(key)
    about = entry.about if entry else amounts.ABOUT.get(key, "")
    return frozenset([about] if about else [])


def _is_talk(finding: Finding, text: str, reader: LearnedReader, context: bool) -> bool:
    """Whether nobody is in danger although the words of a sign are there.

    "My heart stopped when I saw the bill": the learned reader must say so of the whole message, where it is
    short enough to be read at one go, and its sentence must not speak for itself. A bare red flag is never
    mere talk. So a sign is never lost through what is added. Where the conversation has named a medicine, the
    words beside that are judged too.
    """
    if is_bare_red_flag(finding, text):
        return False
    level = finding.sign.level
    danger: Level = "urgent" if RANK[level] >= RANK["urgent"] else "awareness"

    def chance(part: str) -> float:
        parts = (part, BESIDE + part) if context else (part,)
        return max(reader.judge(each).at_least(danger) for each in parts)

    if len(text.split()) > learned.LONG:
        return chance(finding.sentence) < TALK[level]
    return chance(text) < TALK[level] and chance(finding.sentence) < BY_ITSELF


def _reason(finding: Finding, talk: bool) -> Reason:
    note = finding.raised and f"raised: {finding.raised}"
    if finding.frame != "now":
        note = f"lowered: {finding.frame}"
    if talk:
        note = "not counted: a figure of speech, a question or a memory"
    level = "none" if talk else finding.sign.level
    return Reason(f"{finding.kind}:{finding.sign.key}", finding.sign.words, level, note)
