"""What earlier messages of a conversation do to the level of the next one.

An emergency and a crisis stay the frame of a conversation for six hours. "Fine", "stop" and goodbye do not
end them; an explicit correction, or others who have taken over, does. What was said before can also make a
message graver: an answer to what the bot asked, a number, a sign beside an earlier one, a child after all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from baclofen import amounts, lexicon, together
from baclofen.later_turn import LaterTurn
from baclofen.lexicon import SignEntry
from baclofen.signs import RANK, Level, Sign, highest
from baclofen.verdict import Asked, Episode, Reason, Triage

HELD = 6 * 3600.0
"""Seconds for which an emergency or a crisis stays the frame of the conversation."""

COUNTED = frozenset(["large_amount", "unknown_amount", "extra_or_double_dose", "overdose_named"])
"""Signs that another number takes back."""

GRAVE = frozenset(["large_amount", "unknown_amount", "child_swallowed", "deliberate_overdose"])
"""Amounts that are an emergency."""

MIXED = frozenset(["with_alcohol", "with_opioids", "with_sedatives"])
SWALLOWED = COUNTED | GRAVE | MIXED

WHO = frozenset(["child", "animal", "pump", "opioid", "kidney", "withdrawal", "self_harm"])
"""What the words fit that stays true when a sign is taken back."""

UNNAMED = "unspecified"


def still_held(before: Episode, now: float) -> Episode:
    """Return what still stands of an episode; ``now`` is in seconds since 1970."""
    return before if now - before.at <= HELD else Episode(context=before.context)


def in_conversation(text: str, alone: Triage, before: Episode, now: float) -> Triage:
    """Return the verdict on a message in its conversation.

    Args:
        text: as typed.
        alone: the verdict on the message by itself.
        before: what still stands of the conversation.
        now: seconds since 1970.
    """
    turn = LaterTurn.of(text)
    here = _beside(_answered(turn, text, alone, before), turn, text, before)
    before = replace(before, context=before.context or alone.episode.context)
    if RANK[before.level] < RANK["urgent"]:
        return _begun(here, turn, before, now)
    held = (*here.reasons, Reason("conversation:held", "", before.level, "from the last hours"))
    here = replace(here, reasons=held)
    known = {s.key for s in _pressing(here) if s.reader == "rules"}
    # What only the learned reader fears is its echo of the words "ambulance" or "dog".
    if known <= {"animal_swallowed"} or (turn.corrects_number and known <= COUNTED):
        ended = _ended(turn, text, here, before, now)
        if ended is not None:
            return ended
    return _held(turn, here, before, now)


def _begun(here: Triage, turn: LaterTurn, before: Episode, now: float) -> Triage:
    """Return the verdict where nothing grave stood before."""
    known = before.about | turn.circumstances
    if RANK[here.level] < RANK["urgent"]:
        asked: Asked = "unwell" if here.clarify else ""
        at = now if known or asked else 0.0
        return replace(here, episode=Episode(about=known, at=at, context=before.context, asked=asked))
    about = here.about | known
    held = Episode(here.level, _keys(here), about, now, before.context)
    return replace(here, about=about, episode=replace(held, asked=_asks(held)))


def _held(turn: LaterTurn, here: Triage, before: Episode, now: float) -> Triage:
    """Return the verdict while an emergency, a crisis or an urgent matter stands."""
    signs = _pressing(here)
    keys = tuple(dict.fromkeys((*before.signs, *_keys(here))))
    about = before.about | turn.circumstances
    now_only = {name for name, key in (("better", "better"), ("steps", "asks_what_to_do")) if turn.says(key)}
    if RANK[here.level] > RANK[before.level] or any(s.reader == "rules" for s in signs):
        about = (about | here.about) - {"hushed", "corrected", "not_taken"}
    elif turn.says("hush"):
        about |= {"hushed"}
    elif not now_only:  # where it is understood, the learned reader adds nothing to the words
        about |= here.about - WHO
    level = highest([here.level, before.level])
    said = before.said | before.about | {before.level}
    at = now if here.signs else before.at
    after = Episode(level, keys, about, at, before.context, said=said)
    return Triage(
        level,
        signs or here.signs,
        False,
        about | now_only,
        replace(after, asked=_asks(after)),
        here.reasons,
    )


def _ended(turn: LaterTurn, text: str, here: Triage, before: Episode, now: float) -> Triage | None:
    """Return the verdict on a handover or a correction, None where the message is neither."""
    if turn.hands_over:
        why = Reason("conversation:handover", text, "awareness", "others have taken over")
        about = before.about | here.about | {"handover"}
        return Triage(
            "awareness", here.signs, False, about, Episode(context=before.context), (*here.reasons, why)
        )
    taken_back = _taken_back(turn, before)
    if taken_back is None:
        return None
    left, level, note = taken_back
    about = (before.about & WHO) | _about(left) | {"corrected"}
    if note == "animal":
        about = frozenset(["animal"])
    elif "self_harm" in about:
        level = "crisis"
    level = highest([level, *(_level(key) for key in left)])
    if RANK[level] >= RANK["crisis"] and RANK[level] >= RANK[before.level]:
        return None  # what is left is as grave
    reasons = (*here.reasons, Reason(f"conversation:{note}", text, level, "lowered: taken back"))
    if level == "awareness":
        return Triage(level, (), False, about, Episode(context=before.context), reasons)
    return Triage(level, (), False, about, Episode(level, left, about, now, before.context), reasons)


def _taken_back(turn: LaterTurn, before: Episode) -> tuple[tuple[str, ...], Level, str] | None:
    """Return the signs that stay, the level that stays at least, and what kind of correction it is."""
    if turn.corrects_number:
        return (*_without(before, COUNTED), "extra_or_double_dose"), "urgent", "corrected"
    if turn.takes_back("animal_after_all"):
        return ("animal_swallowed",), "urgent", "animal"
    if turn.takes_back("none_taken_after_all"):
        return _without(before, SWALLOWED), "awareness", "corrected"
    if turn.takes_back("harmless_after_all"):
        return (), "urgent", "corrected"
    if turn.takes_back("awake_after_all"):
        return _without(before, frozenset(filter(_is_of_sleep, before.signs))), "urgent", "corrected"
    return None


def _is_of_sleep(key: str) -> bool:
    """Whether a sign is none in somebody who was only asleep."""
    sign = _entry(key)
    return sign is not None and (sign.family == "consciousness" or sign.about in ("unconscious", "breathing"))


def _without(before: Episode, keys: frozenset[str]) -> tuple[str, ...]:
    return tuple(key for key in before.signs if key not in keys and key != UNNAMED)


def _answered(turn: LaterTurn, text: str, alone: Triage, before: Episode) -> Triage:
    """Read a message as the answer to what the bot asked, or as a number that was missing."""
    if not before.asked and not before.signs:
        return alone
    quiet = not any(s.reader == "rules" for s in _pressing(alone))
    plain = _calm(alone) if quiet else alone
    swallowed = before.asked == "amount" or not SWALLOWED.isdisjoint(before.signs)
    number = turn.amount
    if before.asked == "unwell":
        if turn.is_about_nobody and quiet:
            return plain
        if turn.says_unwell:
            return _raised(plain, UNNAMED, "", text, "somebody is unwell")
    if before.asked == "taken":
        if quiet and (turn.says_nothing_taken or turn.takes_back("none_taken_after_all")):
            return _calm(alone, "not_taken")
        if turn.says_taken:
            return _raised(plain, "deliberate_overdose", "self_harm", text, "something was taken")
    if number and number.many and swallowed:
        return _raised(plain, "large_amount", "", text, "that many were taken")
    if swallowed and turn.is_only("lots_of_it"):
        return _raised(plain, "large_amount", "", text, "that many were taken")
    if before.asked == "amount" and turn.is_only("dont_know"):
        return _raised(plain, "unknown_amount", "", text, "nobody knows how many")
    if swallowed and quiet and (number or turn.is_only("when")):
        return plain
    return alone


def _calm(found: Triage, *about: str) -> Triage:
    """Return the verdict on an answer that is understood: what the learned reader fears is an echo."""
    return replace(found, level="none", signs=(), clarify=False, about=frozenset(about))


def _beside(here: Triage, turn: LaterTurn, text: str, before: Episode) -> Triage:
    """Raise the level by what earlier messages said beside it."""
    if not before.signs and not before.about:
        return here
    keys = frozenset(before.signs) | frozenset(_keys(here))
    about = before.about | here.about | turn.circumstances
    swallowed = not SWALLOWED.isdisjoint(keys) or (UNNAMED in keys and before.context)
    if "animal" in before.about and turn.says("child_ate_it") and not turn.is_doubtful:
        return _raised(here, "child_swallowed", "child", text, "a child too")
    if swallowed and "animal" not in about and turn.says("on_purpose"):
        return _raised(here, "deliberate_overdose", "self_harm", text, "on purpose")
    is_new = about.isdisjoint(["animal", "child"])
    if swallowed and is_new and turn.is_a_child_after_all:
        return _raised(here, "child_swallowed", "child", text, "a child")
    if "emergency" in (before.level, here.level):
        return here
    if not SWALLOWED.isdisjoint(keys) and "self_harm" in about:
        return _raised(here, "deliberate_overdose", "self_harm", text, "a threat and an act")
    for key in keys:
        pair = together.raised(key, "urgent", keys | about)
        if pair:
            return _raised(here, key, "", text, pair.name)
    return here


def _raised(found: Triage, key: str, about: str, text: str, note: str) -> Triage:
    """Return a verdict that an earlier message has made an emergency."""
    sign = Sign(key, " ".join(text.split())[:300], "rules", "emergency")
    others = tuple(s for s in found.signs if s.key != key)
    return replace(
        found,
        level="emergency",
        signs=(sign, *others),
        clarify=False,
        about=found.about | ({about} if about else set()),
        reasons=(Reason(f"conversation:{key}", sign.words, "emergency", f"raised: {note}"), *found.reasons),
    )


def _asks(held: Episode) -> Asked:
    """Return what the bot asks with its words for this."""
    if held.level == "crisis":
        return "" if held.about & {"not_taken", "hushed"} else "taken"
    is_first = held.level == "urgent" and "urgent" not in held.said
    return "amount" if is_first and "extra_or_double_dose" in held.signs else ""


def _pressing(found: Triage) -> tuple[Sign, ...]:
    return tuple(s for s in found.signs if RANK[s.level] >= RANK["urgent"])


def _keys(found: Triage) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sign.key for sign in _pressing(found)))


def _level(key: str) -> Level:
    """Return the level that a sign has by itself."""
    if key in GRAVE:
        return "emergency"
    entry = _entry(key)
    return entry.level if entry else "urgent"


def _about(keys: Iterable[str]) -> frozenset[str]:
    names = (entry.about if (entry := _entry(key)) else amounts.ABOUT.get(key, "") for key in keys)
    return frozenset(filter(None, names))


def _entry(key: str) -> SignEntry | None:
    return next((each.signs[key] for each in lexicon.load_all() if key in each.signs), None)
