"""What triage says of a message, why, and what a conversation keeps of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from baclofen.signs import Level, Sign

Asked = Literal["", "taken", "unwell", "amount"]
"""What the bot asked last: was anything taken, is somebody unwell, how many were taken."""


@dataclass(frozen=True)
class Reason:
    """Why a message has its level, for people who ask.

    Attributes:
        rule: ``phrase:<sign>``, ``amount:<sign>``, ``number:<sign>``, ``learned:<sign>``,
            ``conversation:<what it holds>``.
        words: the user's own words, or "".
        level: what it asks for after all.
        note: what raised or lowered it, or "".
    """

    rule: str
    words: str
    level: Level
    note: str = ""


@dataclass(frozen=True)
class Episode:
    """What a conversation still holds of earlier signs.

    Attributes:
        level: gravest level that still stands.
        signs: keys of the signs that were found.
        about: what the emergency words have to fit, see ``Triage.about``.
        at: when the last sign was found, seconds since 1970; 0 when there was none.
        context: whether baclofen or a swallowed medicine was named.
        asked: what the bot asks the user with this message, so that a bare "yes" or "30" is understood.
        said: levels and matters that the user got the words for before this message.
    """

    level: Level = "none"
    signs: tuple[str, ...] = ()
    about: frozenset[str] = frozenset()
    at: float = 0.0
    context: bool = False
    asked: Asked = ""
    said: frozenset[str] = frozenset()

    def to_dict(self) -> dict[str, Any]:
        return {
            "level": self.level,
            "signs": list(self.signs),
            "about": sorted(self.about),
            "at": self.at,
            "context": self.context,
            "asked": self.asked,
            "said": sorted(self.said),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Episode:
        return cls(
            data["level"],
            tuple(data["signs"]),
            frozenset(data["about"]),
            float(data["at"]),
            bool(data["context"]),
            data.get("asked", ""),
            frozenset(data.get("said", ())),
        )


@dataclass(frozen=True)
class Triage:
    """The verdict on one message.

    Attributes:
        level: what the reply must do.
        signs: what was found, gravest first.
        clarify: the readers disagree mildly: ask, with the number.
        about: what the words have to fit: child, animal, pump, self_harm, withdrawal, opioid, vomiting,
            despair (perhaps a thought of suicide), seizure, breathing, unconscious, cold, kidney, heart,
            confused; handover when others have taken over, corrected when a graver report was taken back; in
            later turns also not_taken, hushed (the user wants no more of it), better and steps (the user
            asks what to do).
        episode: what the conversation holds from now on.
        reasons: everything that was weighed, gravest first.
    """

    level: Level
    signs: tuple[Sign, ...] = ()
    clarify: bool = False
    about: frozenset[str] = frozenset()
    episode: Episode = field(default_factory=Episode)
    reasons: tuple[Reason, ...] = ()

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
