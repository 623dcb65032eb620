"""Stand-ins for the messaging vendors, for tests and for trying a channel without an account.

Each one serves the part of a vendor's API that a chatbot uses, as documented: it refuses what the vendor
refuses (a wrong token, a text that is too long, too many buttons) with the vendor's own error, signs its
webhooks as the vendor does, and can be told to fail. ``python -m assistant.fakes telegram`` is a chat in the
terminal. They listen on 127.0.0.1 only and their secrets are worth nothing.
"""

from __future__ import annotations

from assistant.fakes.facebook import Facebook
from assistant.fakes.faults import Faults
from assistant.fakes.server import Answer, Fake
from assistant.fakes.shapes import Button, Refused, Sent, Webhook
from assistant.fakes.slack import Slack
from assistant.fakes.telegram import Telegram
from assistant.fakes.twilio import Twilio

FAKES: dict[str, type[Fake]] = {
    "sms": Twilio,
    "whatsapp": Twilio,
    "telegram": Telegram,
    "slack": Slack,
    "messenger": Facebook,
}
"""Channels, and the vendor behind each."""

__all__ = [
    "FAKES",
    "Answer",
    "Button",
    "Facebook",
    "Fake",
    "Faults",
    "Refused",
    "Sent",
    "Slack",
    "Telegram",
    "Twilio",
    "Webhook",
]
