"""All vendors at once: their webhooks, genuine and forged, and what they were sent."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType

from assistant.fakes import Facebook, Fake, Sent, Slack, Telegram, Twilio, Webhook
from assistant.fakes.slack import direct
from benchmarks.channels.plan import CHANNELS, Call

SIGNATURES = (
    "X-Twilio-Signature",
    "X-Telegram-Bot-Api-Secret-Token",
    "X-Slack-Signature",
    "X-Hub-Signature-256",
)
OLD = 3600
"""Seconds; Slack's own window is 300."""


class Vendors:
    """The stand-ins, one server each; Twilio serves two channels."""

    def __init__(self, bot: str) -> None:
        twilio = Twilio(bot)
        self.slack = Slack(bot)
        self.by_channel: dict[str, Fake] = {
            "sms": twilio,
            "whatsapp": twilio,
            "telegram": Telegram(bot),
            "slack": self.slack,
            "messenger": Facebook(bot),
        }
        self.fakes = tuple(dict.fromkeys(self.by_channel.values()))
        self._made: dict[int, Webhook] = {}

    async def __aenter__(self) -> Vendors:
        for fake in self.fakes:
            await fake.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for fake in self.fakes:
            await fake.stop()

    def environment(self) -> dict[str, str]:
        """Return the variables that switch all channels of the bot on."""
        return {name: value for fake in self.fakes for name, value in fake.environment().items()}

    def webhook(self, call: Call) -> Webhook:
        """Return the request of a call; a duplicate is its original, byte for byte."""
        fake = self.by_channel[call.channel]
        if call.kind == "duplicate":
            return fake.again(self._made[call.number], 1)
        made = fake.message(call.text, call.user)
        self._made[call.number] = made
        return self._forged(made, call.number) if call.kind == "forged" else made

    def _forged(self, webhook: Webhook, number: int) -> Webhook:
        """Return a forgery: unsigned, wrongly signed, or signed for another time or body."""
        name = next(name for name in SIGNATURES if name in webhook.headers)
        kind = number % 3
        if kind == 0:
            return replace(webhook, headers={k: v for k, v in webhook.headers.items() if k != name})
        if kind == 1 or "Telegram" in name:  # Telegram signs no body
            wrong = "x" + webhook.headers[name][1:-1]
            return replace(webhook, headers={**webhook.headers, name: wrong})
        if name == "X-Slack-Signature":
            return self.slack.signed_at(webhook, int(time.time()) - OLD)
        words = webhook.body.replace(b'"text": "', b'"text": "x').replace(b"&Body=", b"&Body=x")
        return replace(webhook, body=words)

    def received(self) -> Mapping[tuple[str, str], list[Sent]]:
        """Return what each user was sent, by channel and user."""
        found: dict[tuple[str, str], list[Sent]] = {}
        for fake in self.fakes:
            channels = [channel for channel in CHANNELS if self.by_channel[channel] is fake]
            for sent in fake.sent:
                channel = channels[sent.to.startswith("whatsapp:")] if len(channels) > 1 else channels[0]
                found.setdefault((channel, sent.to), []).append(sent)
        return found

    def count(self) -> int:
        """Return how many messages the bot has sent so far."""
        return sum(len(fake.sent) for fake in self.fakes)


def address(call: Call) -> tuple[str, str]:
    """Return channel and conversation of whoever writes, as :meth:`Vendors.received` has them."""
    return call.channel, direct(call.user) if call.channel == "slack" else call.user
