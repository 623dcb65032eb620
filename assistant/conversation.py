"""What is kept of a conversation, and how one more message is heard in it.

The guard (before Rasa) and the escalation policy (inside it) both call :func:`hear`, so that a text gets
the same level and the same first sentence wherever it is met.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from assistant import payloads
from baclofen import countries, facts, language
from baclofen.signs import RANK
from baclofen.triage import HELD, Episode, Triage, triage

GRAVE = ("crisis", "emergency")
"""Levels with a message 1 that goes out before anything else."""

METADATA = ("country", "language", "time_zone", "locale", "phone")
"""The only keys that are read from what a client sends along."""

LANGUAGE = ("written", "asked")
"""What is held of the language, the stronger first."""

LONGEST_VALUE = 64
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*\Z")


@dataclass(frozen=True)
class Whereabouts:
    """Everything that tells where the user is, as sent or said; ``resolve`` weighs it."""

    said: str | None = None
    given: str | None = None
    phone: str | None = None
    time_zone: str | None = None
    locale: str | None = None

    def resolve(self) -> countries.Place:
        return countries.resolve(
            said=self.said, given=self.given, phone=self.phone, time_zone=self.time_zone, locale=self.locale
        )

    def to_dict(self) -> dict[str, str]:
        pairs = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: value for name, value in pairs if value}

    @classmethod
    def from_dict(cls, data: Any) -> Whereabouts:
        """Return what can be read; anything else counts as unknown."""
        if not isinstance(data, Mapping):
            return cls()
        names = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in data.items() if k in names and isinstance(v, str)})


@dataclass(frozen=True)
class Conversation:
    """What the bot still holds of a conversation.

    Attributes:
        episode: signs of the last hours, see ``baclofen.triage.Episode``.
        where: what is known of the user's country.
        written: language that the user last wrote in for certain, None while no message has told.
        asked: language that the client asked for, such as that of its page.
    """

    episode: Episode | None = None
    where: Whereabouts = field(default_factory=Whereabouts)
    written: str | None = None
    asked: str | None = None

    @property
    def language(self) -> str:
        """Language of the replies: what people write in, they can read."""
        return self.written or self.asked or "en"

    def to_slots(self) -> dict[str, Any]:
        """Return the values of Rasa's slots ``episode``, ``country`` and ``language``."""
        return {
            "episode": self.episode.to_dict() if self.episode else None,
            "country": self.where.to_dict() or None,
            "language": {name: value for name in LANGUAGE if (value := getattr(self, name))} or None,
        }

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Conversation:
        """Return the conversation that the slots hold; what cannot be read counts as not held."""
        try:
            episode = Episode.from_dict(slots["episode"]) if slots.get("episode") else None
        except (KeyError, TypeError, ValueError):
            episode = None
        value = slots.get("language")
        known = value if isinstance(value, Mapping) else {}
        held = {name: known[name] for name in LANGUAGE if isinstance(known.get(name), str)}
        return cls(episode, Whereabouts.from_dict(slots.get("country")), **held)


@dataclass(frozen=True)
class Heard:
    """One message in its conversation.

    Attributes:
        triage: the verdict; None when the readers failed, which is answered like an emergency.
        place: the country whose numbers are said.
        first_time: no grave level was standing before this message.
        after: what is held of the conversation from now on.
    """

    triage: Triage | None
    place: countries.Place | None
    first_time: bool
    after: Conversation

    @property
    def level(self) -> str:
        return self.triage.level if self.triage else "emergency"

    @property
    def is_grave(self) -> bool:
        return self.level in GRAVE

    @property
    def language(self) -> str:
        return self.after.language


def clean_metadata(metadata: Any) -> dict[str, str]:
    """Return the keys of :data:`METADATA` that hold a short text; a client can say nothing else."""
    if not isinstance(metadata, Mapping):
        return {}
    return {
        key: value.strip()
        for key in METADATA
        if isinstance(value := metadata.get(key), str) and 0 < len(value.strip()) <= LONGEST_VALUE
    }


def hear(text: str, before: Conversation, metadata: Any = None, now: float | None = None) -> Heard:
    """Return what one more message means, given what is held of the conversation.

    Args:
        text: the message as typed, or the payload of a button.
        before: what is held so far.
        metadata: what the client sent along; only the keys of :data:`METADATA` are read.
        now: seconds since 1970, the present by default.

    Never raises: readers that fail give ``triage=None``.
    """
    moment = time.time() if now is None else now
    after = _informed(before, text, clean_metadata(metadata))
    first_time = not _is_standing(before.episode, moment)
    try:
        verdict = _verdict(text, before.episode, moment)
    except Exception:
        return Heard(None, place_of(after), first_time, after)
    return Heard(verdict, place_of(after), first_time, replace(after, episode=verdict.episode))


def place_of(conversation: Conversation) -> countries.Place | None:
    """Return the country to give numbers for, None when the country files cannot be read."""
    try:
        return conversation.where.resolve()
    except Exception:
        return None


def _is_standing(episode: Episode | None, now: float) -> bool:
    return episode is not None and episode.level in GRAVE and now - episode.at < HELD


def _informed(before: Conversation, text: str, metadata: Mapping[str, str]) -> Conversation:
    known = {key: metadata[key] for key in ("phone", "time_zone", "locale") if key in metadata}
    if "country" in metadata:
        known["given"] = metadata["country"]
    try:
        said = countries.stated_country(text)
    except Exception:
        said = None
    if said:
        known["said"] = said
    asked = metadata.get("language", "")
    return replace(
        before,
        where=replace(before.where, **known) if known else before.where,
        written=_written(text) or before.written,
        asked=asked if _LANGUAGE.match(asked) else before.asked,
    )


def _written(text: str) -> str | None:
    """Return the language that a message is surely written in; a button's was not written by the user."""
    try:
        return None if payloads.intent_of(text) else language.detect(text)
    except Exception:
        return None


def _verdict(text: str, episode: Episode | None, now: float) -> Triage:
    intent = payloads.intent_of(text)
    if intent is None:
        return triage(text, episode, now)
    if episode is not None and RANK[episode.level] >= RANK["urgent"]:
        return triage(payloads.spoken(text), episode, now)
    # A button asks one curated question: its level is the one that the fact carries.
    fact = facts.load().get(intent)
    return Triage(fact.level if fact else "none", episode=episode or Episode())


_guarded: OrderedDict[str, Triage] = OrderedDict()
_GUARDED = 1000


def keep_verdict(message_id: str, verdict: Triage) -> None:
    """Keep the guard's verdict on a message whose text was cut for Rasa."""
    _guarded[message_id] = verdict
    while len(_guarded) > _GUARDED:
        _guarded.popitem(last=False)


def kept_verdict(message_id: str | None) -> Triage | None:
    return _guarded.get(message_id) if message_id else None


def gravest(verdicts: Iterable[Triage | None]) -> Triage | None:
    """Return the gravest of the verdicts that exist."""
    return max((v for v in verdicts if v), key=lambda v: RANK[v.level], default=None)
