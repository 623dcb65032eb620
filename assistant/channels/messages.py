"""What passes between a channel's module and the shared way of a message."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["text", "voice", "picture", "sticker", "place", "file", "empty"]
"""What a message holds besides its text; all but ``text`` are kinds that cannot be read."""


@dataclass(frozen=True)
class Address:
    """Where a message goes.

    Attributes:
        to: the vendor's id of a chat, a user, or a telephone number.
        ours: our own number, where the vendor wants to be told.
        reply_to: the vendor's id of the message or thread that this answers, in a group.
        only_for: show it to this user alone, in a group.
    """

    to: str
    ours: str = ""
    reply_to: str = ""
    only_for: str = ""


@dataclass(frozen=True)
class Private:
    """A place in which a person of a group reads alone.

    Attributes:
        person: whose conversation that is.
        instead: where to, when the vendor does not let us write there.
    """

    person: str
    address: Address
    instead: Address


@dataclass(frozen=True)
class Received:
    """One message of a user.

    Attributes:
        id: the vendor's name of the message; the same again is the same message, sent twice.
        person: whose conversation it is, as the vendor names them.
        address: where the answer goes.
        text: as written, or the payload of a button; may be empty.
        kind: what came that cannot be read, ``text`` when nothing did.
        metadata: ``country``, ``language``, ``locale``, as far as the vendor tells.
        is_group: several people read along.
        is_addressed: the bot was named, or it was written to it alone.
        private: where only that person reads; None where the vendor has no such place.
        tap: what has to be told the vendor at once, such as the id of a tapped button.
        carrier_answered: the vendor has answered stop, start or help itself.
    """

    id: str
    person: str
    address: Address
    text: str = ""
    kind: Kind = "text"
    metadata: dict[str, str] = field(default_factory=dict)
    is_group: bool = False
    is_addressed: bool = True
    private: Private | None = None
    tap: str = ""
    carrier_answered: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold of it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Received:
        """Return the message that :meth:`to_dict` was called on.

        Raises:
            TypeError, KeyError, ValueError: it is none.
        """
        private = data["private"]
        known = {
            **data,
            "address": Address(**data["address"]),
            "private": (str(private[0]), Address(**private[1])) if private else None,
        }
        return cls(**known)
