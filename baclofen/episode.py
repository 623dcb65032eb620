"""What earlier messages of a conversation do to the level of the next one.

An emergency and a crisis stay the frame of a conversation for six hours. "Fine", "stop" and goodbye do not end
them; an explicit correction, or others who have taken over, does.
"""

from __future__ import annotations

from dataclasses import replace

from baclofen import lexicon
from baclofen.signs import RANK, highest
from baclofen.verdict import Episode, Reason, Triage

HELD = 6 * 3600.0
"""Seconds for which an emergency or a crisis stays the frame of the conversation."""

SHORT_CORRECTION = 20  # words


def still_held(before: Episode, now: float) -> Episode:
    """Return what still stands of an episode; ``now`` is in seconds since 1970."""
    if before.level != "none" and now - before.at > HELD:
        return Episode(context=before.context)
    return before


def in_conversation(text: str, alone: Triage, before: Episode, now: float) -> Triage:
    """Return the verdict on a message in its conversation.

    Args:
        text: as typed.
        alone: the verdict on the message by itself.
        before: what still stands of the conversation.
        now: seconds since 1970.
    """
    context = before.context or alone.episode.context
    if before.level in ("none", "awareness"):
        held = Episode(alone.level, _keys(alone), alone.about, now, context)
        if alone.level in ("none", "awareness"):
            held = Episode(context=context)
        return replace(alone, episode=held)
    reasons = (*alone.reasons, Reason("conversation:held", "", before.level, "from the last hours"))
    plain, _ = lexicon.plain_text(text)
    patterns = lexicon.load().patterns
    level = highest([alone.level, before.level])
    about = before.about | alone.about
    seen = any(s.reader == "rules" and RANK[s.level] >= RANK["urgent"] for s in alone.signs)
    if not seen:  # what only the learned reader fears is its echo of the words "ambulance" or "dog"
        is_hope = "?" in plain or patterns["not_yet"].search(plain) is not None
        if patterns["taken_over"].search(plain) and not is_hope:
            reasons = (*reasons, Reason("conversation:handover", text, "awareness", "others have taken over"))
            return Triage(
                "awareness", alone.signs, False, about | {"handover"}, Episode(context=context), reasons
            )
        if len(plain.split()) <= SHORT_CORRECTION:
            if patterns["animal_after_all"].search(plain):
                level, about = "urgent", about | {"animal"}
                reasons = (*reasons, Reason("conversation:animal", text, level, "lowered: it is an animal"))
            elif patterns["harmless_after_all"].search(plain):
                level = "urgent" if before.level == "emergency" else before.level
                about = about | {"corrected"}
                reasons = (*reasons, Reason("conversation:corrected", text, level, "lowered: taken back"))
    signs = tuple(s for s in alone.signs if RANK[s.level] >= RANK["urgent"]) or alone.signs
    held = Episode(
        level,
        tuple(dict.fromkeys((*before.signs, *_keys(alone)))),
        about,
        now if signs else before.at,
        context,
    )
    return Triage(level, signs, False, about, held, reasons)


def _keys(found: Triage) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sign.key for sign in found.signs))
