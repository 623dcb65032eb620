"""What passes between a fake vendor and those who use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Button:
    """Something to tap: it sends ``payload`` back to the bot, or opens ``url``.

    Attributes:
        name: what the vendor calls it in its webhook (Slack's ``action_id``).
    """

    title: str
    payload: str = ""
    url: str = ""
    name: str = ""


@dataclass(frozen=True)
class Sent:
    """A message of the bot that the vendor took.

    Attributes:
        method: the API's own name of the call.
        to: the vendor's id of the conversation it went to.
        raw: the parameters as they came.
        at: when it was taken, in seconds of ``time.monotonic``.
        only_for: the one user of a group who sees it; empty when everybody does.
    """

    method: str
    to: str
    text: str
    raw: Mapping[str, Any]
    at: float
    buttons: tuple[Button, ...] = ()
    only_for: str = ""


@dataclass(frozen=True)
class Refused:
    """A call of the bot that the vendor did not take, with what it said."""

    method: str
    status: int
    code: str
    reason: str


@dataclass(frozen=True)
class Webhook:
    """A signed request from a vendor, ready to be sent to the bot."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
