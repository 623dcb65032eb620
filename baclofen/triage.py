"""The level of a message: one pure function of the text and of what the conversation still holds.

Two readers look at every message, and either may raise the level, to any level. Only in two places does one
lower what the other found: words of a sign that the learned reader, in their sentence and in the whole
message, holds to be mere talk (``TALK``), and a message that does nothing but deny signs.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache

from baclofen import amounts, learned, lexicon, rules
from baclofen.episode import HELD, in_conversation, still_held
from baclofen.learned import LearnedReader
from baclofen.lexicon import NOT, plain_text
from baclofen.phrases import PERSON
from baclofen.rules import Finding
from baclofen.signs import RANK, Level, Sign, highest
from baclofen.text import words_of
from baclofen.verdict import Episode, Reason, Triage

__all__ = ["HELD", "TALK", "Episode", "Reason", "Triage", "triage"]

TALK: Mapping[Level, float] = {"emergency": 0.1, "crisis": 0.1, "urgent": 0.3, "awareness": 0.4}
"""Below this chance of danger, a sign of the rules is a figure of speech, a question or a memory.

By the level of the sign: the graver, the surer the learned reader has to be. Danger is what is urgent or
graver; for a sign of awareness, anything but harmless. The curves stand in evaluation/report.md.
"""

BESIDE = "On baclofen: "
"""Stands before words whose medicine was named earlier in the conversation, when they are judged as talk."""

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
    return in_conversation(text, _alone(text, before.context), before, moment)


@lru_cache(maxsize=2048)
def _alone(text: str, context: bool) -> Triage:
    """Triage a message by itself; ``context`` says that a medicine was spoken of before."""
    reading = rules.read(text, context=context)
    reader = learned.load() if any(c.isalpha() or not c.isascii() for c in text) else None
    opinion = reader.read(text) if reader else None
    reasons = [Reason(f"denied:{key}", words, "none", "denied") for key, words in reading.denied]
    signs: list[Sign] = []
    about: frozenset[str] = frozenset()
    for finding in reading.findings:
        talk = reader is not None and _is_talk(finding, text, reader, context)
        reasons.append(_reason(finding, talk))
        if not talk:
            signs.append(finding.sign)
            about |= finding.about
    level = by_rule = highest(sign.level for sign in signs)
    clarify = False
    if _is_all_denied(text, reading):
        opinion = None
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
    if reading.about and level in ("emergency", "urgent"):
        about |= reading.about
    if opinion is not None and level in ("emergency", "urgent") and opinion.chances["crisis"] >= DESPAIR:
        about |= {"despair"}
    signs.sort(key=lambda sign: -RANK[sign.level])
    reasons.sort(key=lambda reason: -RANK[reason.level])
    return Triage(level, tuple(signs), clarify, about, Episode(context=reading.context), tuple(reasons))


def _is_all_denied(text: str, reading: rules.Reading) -> bool:
    """Whether a message says of signs that they are not there, and nothing else: "no vomiting, no seizure".

    The learned reader sees the words more than the "no" in so short a message.
    """
    if not reading.denied or reading.findings:
        return False
    english = lexicon.load()
    denied = {word for _, said in reading.denied for word in words_of(plain_text(said)[0])}
    small = denied | english.fillers | english.words["joining"]
    return all(
        word in small or not word.isalnum() or english.group(word) in (NOT, PERSON)
        for word in words_of(plain_text(text)[0])
    )


def _about(key: str) -> frozenset[str]:
    """Return what the emergency words have to fit when only the learned reader saw a sign."""
    entry = lexicon.load().signs.get(key)
    about = entry.about if entry else amounts.ABOUT.get(key, "")
    return frozenset([about] if about else [])


def _is_talk(finding: Finding, text: str, reader: LearnedReader, context: bool) -> bool:
    """Whether nobody is in danger although the words of a sign are there.

    "My heart stopped when I saw the bill": the learned reader must say so of the sentence and, where it is
    short enough to be read at one go, of the whole message. So a sign is never lost through what is added.
    Where the conversation has named a medicine, it must say so of the words beside that too.
    """
    level = finding.sign.level
    danger: Level = "urgent" if RANK[level] >= RANK["urgent"] else "awareness"
    texts = {finding.sentence, text} if len(text.split()) <= learned.LONG else {finding.sentence}
    texts |= {BESIDE + part for part in texts} if context else set()
    return all(reader.judge(part).at_least(danger) < TALK[level] for part in texts)


def _reason(finding: Finding, talk: bool) -> Reason:
    note = finding.raised and f"raised: {finding.raised}"
    if finding.frame != "now":
        note = f"lowered: {finding.frame}"
    if talk:
        note = "not counted: a figure of speech, a question or a memory"
    level = "none" if talk else finding.sign.level
    return Reason(f"{finding.kind}:{finding.sign.key}", finding.sign.words, level, note)
