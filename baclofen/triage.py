"""The level of a message: one pure function of the text and of what the conversation still holds.

Two readers look at every message. Either may raise the level, to any level; neither lowers what the other
found.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from baclofen import learned, lexicon, rules
from baclofen.signs import RANK, Level, Sign, highest

HELD = 6 * 3600.0
"""Seconds for which an emergency or a crisis stays the frame of the conversation."""

SHORT_CORRECTION = 20  # words


@dataclass(frozen=True)
class Episode:
    """What a conversation still holds of earlier signs.

    Attributes:
        level: gravest level that still stands.
        signs: keys of the signs that were found.
        about: what the emergency words have to fit, see ``Triage.about``.
        at: when the last sign was found, seconds since 1970; 0 when there was none.
        context: whether baclofen or a swallowed medicine was named.
    """

    level: Level = "none"
    signs: tuple[str, ...] = ()
    about: frozenset[str] = frozenset()
    at: float = 0.0
    context: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "level": self.level,
            "signs": list(self.signs),
            "about": sorted(self.about),
            "at": self.at,
            "context": self.context,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Episode:
        return cls(
            data["level"],
            tuple(data["signs"]),
            frozenset(data["about"]),
            float(data["at"]),
            bool(data["context"]),
        )


@dataclass(frozen=True)
class Triage:
    """The verdict on one message.

    Attributes:
        level: what the reply must do.
        signs: what was found, gravest first.
        clarify: the readers disagree mildly: ask, with the number.
        about: what the words have to fit: child, animal, pump, self_harm, withdrawal, opioid, vomiting,
            seizure, breathing, unconscious, cold, kidney, heart, confused; handover when others have taken
            over, corrected when a graver report was taken back.
        episode: what the conversation holds from now on.
    """

    level: Level
    signs: tuple[Sign, ...] = ()
    clarify: bool = False
    about: frozenset[str] = frozenset()
    episode: Episode = field(default_factory=Episode)

    def to_dict(self, country: str | None = None) -> dict[str, Any]:
        """Return the machine-readable part, as the command line prints it."""
        result: dict[str, Any] = {
            "level": self.level,
            "signs": [sign.to_dict() for sign in self.signs],
            "country": country,
        }
        if self.clarify:
            result["clarify"] = True
        return result


def triage(text: str, episode: Episode | None = None, now: float | None = None) -> Triage:
    """Draw the level of a message.

    Args:
        text: as typed; any length, any characters.
        episode: what the conversation holds so far; None at its start.
        now: seconds since 1970; None takes the clock.
    """
    moment = time.time() if now is None else now
    text = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate stops libraries below
    before = episode or Episode()
    if before.level != "none" and moment - before.at > HELD:
        before = Episode(context=before.context)
    alone = _alone(text, before.context)
    return _in_conversation(text, alone, before, moment)


@lru_cache(maxsize=2048)
def _alone(text: str, context: bool) -> Triage:
    """Triage a message by itself; ``context`` says that a medicine was spoken of before."""
    reading = rules.read(text, lexicon.load(), context)
    signs = [finding.sign for finding in reading.findings]
    about = frozenset(word for finding in reading.findings for word in finding.about)
    by_rule = highest(sign.level for sign in signs)
    level, clarify = by_rule, False
    reader = learned.load()
    # An emergency cannot be raised, the words of the rules are the better quotation, and message 1 waits for
    # nobody.
    if (
        by_rule != "emergency"
        and reader is not None
        and any(character.isalpha() or not character.isascii() for character in text)
    ):
        opinion = reader.read(text)
        if RANK[opinion.level] > RANK[by_rule]:
            level = opinion.level
            signs.append(Sign("unspecified", opinion.words[:300], "learned", opinion.level))
        elif level == "none" and opinion.emergency >= learned.DOUBT:
            level, clarify = "awareness", True
    if level == "crisis" or (level == "emergency" and any(s.key == "suicidal_thoughts" for s in signs)):
        about |= {"self_harm"}
    if reading.about and level in ("emergency", "urgent"):
        about |= reading.about
    signs.sort(key=lambda sign: -RANK[sign.level])
    return Triage(level, tuple(signs), clarify, about, Episode(context=reading.context))


def _in_conversation(text: str, alone: Triage, before: Episode, now: float) -> Triage:
    context = before.context or alone.episode.context
    if before.level in ("none", "awareness"):
        held = Episode(alone.level, _keys(alone), alone.about, now, context)
        if alone.level in ("none", "awareness"):
            held = Episode(context=context)
        return Triage(alone.level, alone.signs, alone.clarify, alone.about, held)
    plain, _ = lexicon.plain_text(text)
    patterns = lexicon.load().patterns
    level = highest([alone.level, before.level])
    about = before.about | alone.about
    seen = any(s.reader == "rules" and RANK[s.level] >= RANK["urgent"] for s in alone.signs)
    if not seen:  # what only the learned reader fears is its echo of the words "ambulance" or "dog"
        is_hope = "?" in plain or patterns["not_yet"].search(plain) is not None
        if patterns["taken_over"].search(plain) and not is_hope:
            return Triage("awareness", alone.signs, False, about | {"handover"}, Episode(context=context))
        if len(plain.split()) <= SHORT_CORRECTION:
            if patterns["animal_after_all"].search(plain):
                level, about = "urgent", about | {"animal"}
            elif patterns["harmless_after_all"].search(plain):
                level = "urgent" if before.level == "emergency" else before.level
                about = about | {"corrected"}
    signs = tuple(s for s in alone.signs if RANK[s.level] >= RANK["urgent"]) or alone.signs
    held = Episode(
        level,
        tuple(dict.fromkeys((*before.signs, *_keys(alone)))),
        about,
        now if signs else before.at,
        context,
    )
    return Triage(level, signs, False, about, held)


def _keys(found: Triage) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sign.key for sign in found.signs))
