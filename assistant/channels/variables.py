"""Which channels are on: those whose variables are set. Nothing heavy is imported to find out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant import settings

_TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")

NEEDED: Mapping[str, tuple[str, ...]] = {
    "sms": (*_TWILIO, "TWILIO_NUMBER"),
    "whatsapp": (*_TWILIO, "TWILIO_WHATSAPP_NUMBER"),
    "telegram": ("TELEGRAM_TOKEN", "TELEGRAM_SECRET_TOKEN"),
    "slack": ("SLACK_TOKEN", "SLACK_SIGNING_SECRET"),
    "messenger": ("FACEBOOK_VERIFY", "FACEBOOK_SECRET", "FACEBOOK_PAGE_TOKEN"),
}
"""What each channel needs, all of it."""

LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "sms": ("twilio",),
    "whatsapp": ("twilio",),
    "slack": ("slack_sdk",),
}
"""Libraries that ``assistant.light`` leaves out, and the channel that needs them."""


@dataclass(frozen=True)
class State:
    """One channel: on when nothing is missing, begun when something is set."""

    name: str
    missing: tuple[str, ...]
    is_begun: bool

    @property
    def is_on(self) -> bool:
        return not self.missing


def state(name: str) -> State:
    """Return how things stand with a channel."""
    needed = NEEDED[name]
    missing = tuple(variable for variable in needed if not settings.text(variable))
    own = [v for v in needed if v not in missing and (v not in _TWILIO or not _has_twilio_number())]
    return State(name, missing, bool(own))


def _has_twilio_number() -> bool:
    """Whether one of the two channels of Twilio is meant: the other is then not half set up."""
    return bool(settings.text("TWILIO_NUMBER") or settings.text("TWILIO_WHATSAPP_NUMBER"))


def names_on() -> list[str]:
    """Return the channels that are on."""
    return [name for name in NEEDED if state(name).is_on]


def complaints() -> list[str]:
    """Return a sentence for each channel that some of its variables are set for, naming those that lack."""
    states = [state(name) for name in NEEDED]
    return [
        f"The channel {s.name} is off, because it also needs {' and '.join(s.missing)}."
        for s in states
        if s.is_begun and not s.is_on
    ]


def libraries() -> set[str]:
    """Return the libraries that must not be left out."""
    found = {library for name in names_on() for library in LIBRARIES.get(name, ())}
    return found | {"redis"} if names_on() and settings.redis_url() else found
