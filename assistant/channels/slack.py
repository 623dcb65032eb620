"""Slack's Events API and Block Kit. https://docs.slack.dev/apis/events-api"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant import settings
from assistant.channels import vendor_http
from assistant.channels.channel import MessagingChannel, Unverified
from assistant.channels.messages import Address, Kind, Private, Received
from assistant.channels.sending import TIME_OUT, Outcome
from baclofen.channel_shape import Part

_EVENTS = ("message", "app_mention")
_SAID = ("", "file_share", "thread_broadcast", "me_message")
"""Subtypes of messages that people write; all others but edits are Slack's own or a bot's."""

_BUSY = (
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
)
"""Errors of Slack's that may be gone when it is tried again."""

_CALL = "call"
"""Begins the id of a button that only opens its link."""

_MARKUP = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


class SlackChannel(MessagingChannel):
    """``/webhooks/slack/webhook``, for events and for tapped buttons."""

    key = "slack"

    def __init__(self) -> None:
        super().__init__()
        if self.is_on:
            from slack_sdk.signature import SignatureVerifier

            self._verifier = SignatureVerifier(settings.slack_signing_secret())

    @classmethod
    def name(cls) -> str:
        return "slack"

    def secret(self) -> str:
        """Return the signing secret (see base class)."""
        return settings.slack_signing_secret()

    async def open(self) -> None:
        """Make Slack's client (see base class); the outbox tries again, so it does not."""
        from slack_sdk.web.async_client import AsyncWebClient

        self._session = vendor_http.session()
        self._client = AsyncWebClient(
            settings.slack_token(),
            base_url=settings.slack_api(),
            timeout=int(TIME_OUT),
            session=self._session,
            retry_handlers=[],
        )

    async def close(self) -> None:
        """Close the session (see base class)."""
        await self._session.close()

    def verify(self, request: Request, body: bytes) -> None:
        """Check X-Slack-Signature and that it is at most five minutes old (see base class)."""
        stamp, signature = (
            request.headers.get(f"x-slack-{name}") for name in ("request-timestamp", "signature")
        )
        if not stamp or not signature:
            raise Unverified(401)
        if not self._verifier.is_valid(body, stamp, signature):
            raise Unverified(403)

    def read(self, request: Request, body: bytes) -> Sequence[Received]:
        """Return what was said or tapped (see base class)."""
        sent = _body(request, body)
        if sent.get("type") == "block_actions":
            return list(_tapped(sent))
        event = sent.get("event") or {}
        return _said(sent, event) if event.get("type") in _EVENTS else []

    def acknowledgement(self, request: Request, body: bytes) -> HTTPResponse:
        """Return nothing, or the challenge that Slack sends when the address is set (see base class)."""
        sent = _body(request, body)
        challenge = sent.get("challenge") if sent.get("type") == "url_verification" else None
        return response.text(str(challenge)) if challenge else super().acknowledgement(request, body)

    async def send(self, address: Address, part: Part) -> Outcome:
        """Post a message, to one user's eyes alone where that is wanted (see base class)."""
        from slack_sdk.errors import SlackApiError

        body = payload(address, part)
        method = self._client.chat_postEphemeral if address.only_for else self._client.chat_postMessage
        try:
            await method(**body)
        except SlackApiError as error:
            return _outcome(error.response)
        except (aiohttp.ClientError, ValueError) as error:  # cut off in the middle, or no JSON
            return Outcome("later", type(error).__name__)
        return Outcome("sent")


def payload(address: Address, part: Part) -> dict[str, Any]:
    """Return the arguments of ``chat.postMessage``; ``text`` is what notifications read out."""
    body: dict[str, Any] = {"channel": address.to, "text": part.text, "mrkdwn": False, "unfurl_links": False}
    if address.only_for:
        body = {"channel": address.to, "text": part.text, "user": address.only_for}
    if address.reply_to:
        body["thread_ts"] = address.reply_to
    buttons = [
        _call_button(number, call.label, call.number, call.uri) for number, call in enumerate(part.calls)
    ]
    buttons += [_button(number, c.title, c.payload) for number, c in enumerate(part.choices)]
    if buttons:
        section = {"type": "section", "text": {"type": "plain_text", "text": part.text, "emoji": False}}
        body["blocks"] = [section, {"type": "actions", "elements": buttons}]
    return body


def _call_button(number: int, label: str, digits: str, uri: str) -> dict[str, Any]:
    title = f"{digits} {label}"[:75]
    button = {"type": "button", "action_id": f"{_CALL}{number}", "url": uri}
    style = {"style": "danger"} if number == 0 else {}
    return {**button, **style, "text": {"type": "plain_text", "text": title, "emoji": False}}


def _button(number: int, title: str, value: str) -> dict[str, Any]:
    shown = {"type": "plain_text", "text": title, "emoji": False}
    return {"type": "button", "action_id": f"choice{number}", "value": value, "text": shown}


def _body(request: Request, body: bytes) -> dict[str, Any]:
    """Return the JSON, which buttons put into a form."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        body = parse_qs(body.decode("utf-8"))["payload"][0].encode()
    sent = json.loads(body)
    return sent if isinstance(sent, dict) else {}


def _tapped(sent: Mapping[str, Any]) -> Iterator[Received]:
    user, channel = sent["user"]["id"], sent["channel"]["id"]
    is_group = not channel.startswith("D")
    thread = (sent.get("message") or {}).get("thread_ts", "")
    for action in sent.get("actions", ()):
        if not action.get("action_id", "").startswith(_CALL):
            yield Received(
                id=f"tap:{channel}:{action.get('action_ts')}",
                person=f"{channel}:{user}" if is_group else user,
                address=Address(channel, reply_to=thread),
                text=str(action.get("value") or ""),
            )


def _said(sent: Mapping[str, Any], event: Mapping[str, Any]) -> list[Received]:
    edited = event.get("subtype") == "message_changed"
    message = event.get("message") or {} if edited else event
    if edited and message.get("text") == (event.get("previous_message") or {}).get("text"):
        return []  # Slack itself has changed it: a preview of a link, say
    ours = {entry.get("user_id") for entry in sent.get("authorizations", ())}
    user = str(message.get("user") or "")
    is_person = (
        user and user not in ours and not message.get("bot_id") and message.get("subtype", "") in _SAID
    )
    if not is_person:
        return []
    channel = event["channel"]
    is_group = not channel.startswith("D")
    said = message.get("text") or ""
    stamp = (message.get("edited") or {}).get("ts", "") if edited else ""
    named = event["type"] == "app_mention" or any(f"<@{name}>" in said for name in ours)
    thread = str(message.get("thread_ts") or (message["ts"] if is_group else ""))
    text_said = _plain(said)
    received = Received(
        # Not the id of the event: a message that names the bot comes as two events.
        id=f"{channel}:{message['ts']}:{stamp}",
        person=f"{channel}:{user}" if is_group else user,
        address=Address(channel, reply_to=thread),
        text=text_said,
        kind=_kind(message, text_said),
        is_group=is_group,
        is_addressed=not is_group or named,
        private=Private(user, Address(user), Address(channel, reply_to=thread, only_for=user))
        if is_group
        else None,
    )
    return [received]


def _plain(said: str) -> str:
    """Return a text without Slack's mark-up: names go, links keep their words."""

    def words(match: re.Match[str]) -> str:
        target, label = match[1], match[2]
        if target[:1] in ("@", "!"):
            return ""
        return label or target.removeprefix("tel:").removeprefix("mailto:")

    plain = _MARKUP.sub(words, said)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _kind(message: Mapping[str, Any], said: str) -> Kind:
    files = message.get("files") or []
    if not files:
        return "text" if said else "empty"
    if files[0].get("subtype") in ("slack_audio", "slack_video"):
        return "voice"
    kind = str(files[0].get("mimetype", "")).partition("/")[0]
    return "voice" if kind == "audio" else "picture" if kind in ("image", "video") else "file"


def _outcome(reply: Any) -> Outcome:
    """Return what an error means: Slack says most of them with status 200."""
    code = reply.get("error") if isinstance(reply.data, dict) else None
    known = code if isinstance(code, str) and re.fullmatch(r"[a-z_]{1,40}", code) else None
    if reply.status_code == 200:
        if known in _BUSY:
            wait = vendor_http.seconds(reply.headers.get("Retry-After"))
            return Outcome("later", str(known), wait, is_shared=True)
        return Outcome("refused", str(known))
    return vendor_http.outcome(reply.status_code, reply.headers, known)
