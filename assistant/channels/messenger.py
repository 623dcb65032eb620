"""Facebook Messenger. https://developers.facebook.com/docs/messenger-platform"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant import settings
from assistant.channels import vendor_http
from assistant.channels.channel import MessagingChannel, Unverified, is_same
from assistant.channels.messages import Address, Kind, Received
from assistant.channels.sending import Outcome
from assistant.chat_http import refuse
from assistant.exchange import OnNewMessage
from assistant.guard import Refusal
from baclofen.channel_shape import Part

VERSION = "v19.0"
"""Of the Graph API."""

_KINDS: Mapping[str, Kind] = {
    "audio": "voice", "image": "picture", "video": "picture", "location": "place", "file": "file",
}  # fmt: skip

_LIMITS = (4, 17, 32, 613, 80006)
"""Errors that mean "too often", whatever the HTTP status."""

_BUSY = (1, 2, 1200)
"""Errors that may be gone when it is tried again."""

LONGEST_PAUSE = 60.0
"""Seconds to wait after "too often": Messenger does not say how long."""


class MessengerChannel(MessagingChannel):
    """``/webhooks/facebook/webhook``."""

    key = "messenger"

    @classmethod
    def name(cls) -> str:
        return "facebook"

    def secret(self) -> str:
        """Return the app's secret (see base class)."""
        return settings.facebook_secret()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes, with the one that Facebook asks when the address is set (see base class)."""
        routes = super().blueprint(on_new_message)
        if self.is_on:

            @routes.route("/webhook", methods=["GET"], name="subscribe")
            async def subscribe(request: Request) -> HTTPResponse:
                return _subscribed(request)

        return routes

    async def open(self) -> None:
        """Make the session (see base class)."""
        self._client = vendor_http.session()

    async def close(self) -> None:
        """Close the session (see base class)."""
        await self._client.close()

    def verify(self, request: Request, body: bytes) -> None:
        """Check X-Hub-Signature-256; the older SHA-1 header counts for nothing (see base class)."""
        digest = hmac.new(self.secret().encode(), body, hashlib.sha256).hexdigest()
        if not is_same(request.headers.get("x-hub-signature-256"), f"sha256={digest}"):
            raise Unverified(403)

    def read(self, request: Request, body: bytes) -> Sequence[Received]:
        """Return all messages of all entries (see base class)."""
        entries = json.loads(body).get("entry") or []
        found = (_said(event) for entry in entries for event in entry.get("messaging") or [])
        return [received for received in found if received is not None]

    def acknowledgement(self, request: Request, body: bytes) -> HTTPResponse:
        """Return what Facebook's own examples do (see base class)."""
        return response.text("EVENT_RECEIVED")

    async def send(self, address: Address, part: Part) -> Outcome:
        """Send a message (see base class)."""
        status, headers, body = await vendor_http.post(
            self._client,
            f"{settings.facebook_api()}/{VERSION}/me/messages",
            params={"access_token": settings.facebook_page_token()},
            json=payload(address, part),
        )
        error = body.get("error") if isinstance(body, dict) else None
        code = error.get("code") if isinstance(error, dict) else None
        if status >= 400 and code in _LIMITS:
            wait = vendor_http.seconds(headers.get("Retry-After"))
            return Outcome("later", str(code), min(wait, LONGEST_PAUSE), is_shared=True)
        if status >= 400 and (code in _BUSY or (error or {}).get("is_transient")):
            return Outcome("later", str(code))
        return vendor_http.outcome(status, headers, code)


def payload(address: Address, part: Part) -> dict[str, Any]:
    """Return the body of the Send API."""
    message: dict[str, Any] = {"text": part.text}
    if part.choices:
        message["quick_replies"] = [
            {"content_type": "text", "title": c.title, "payload": c.payload} for c in part.choices
        ]
    return {"recipient": {"id": address.to}, "messaging_type": "RESPONSE", "message": message}


def _subscribed(request: Request) -> HTTPResponse:
    """Return the challenge to whoever knows FACEBOOK_VERIFY."""
    try:
        shown = request.args.get("hub.verify_token")
        if request.args.get("hub.mode") == "subscribe" and is_same(shown, settings.facebook_verify()):
            return response.text(request.args.get("hub.challenge", ""))
        status = 403
    except Unverified as error:
        status = error.status
    return refuse(request, Refusal(status, "The verify token is wrong or missing.", {}))


def _said(event: Mapping[str, Any]) -> Received | None:
    """Return what a user said or tapped; receipts, echoes and reactions are none of ours."""
    person = str((event.get("sender") or {}).get("id") or "")
    message = event.get("message") or event.get("message_edit")
    postback = event.get("postback")
    if not person or (message or {}).get("is_echo") or not (message or postback):
        return None
    if postback:
        name = postback.get("mid") or f"{person}:{event.get('timestamp')}"
        said = postback.get("payload") or postback.get("title") or ""
        return Received(f"postback:{name}", person, Address(person), str(said), "text" if said else "empty")
    assert message is not None
    said = (message.get("quick_reply") or {}).get("payload") or message.get("text") or ""
    edits = f":{message['num_edit']}" if "num_edit" in message else ""
    return Received(
        id=f"{message['mid']}{edits}" if message.get("mid") else "",
        person=person,
        address=Address(person),
        text=str(said),
        kind=_kind(message, str(said)),
    )


def _kind(message: Mapping[str, Any], said: str) -> Kind:
    if message.get("sticker_id") or any(_is_sticker(a) for a in message.get("attachments") or ()):
        return "sticker"
    kinds: Iterator[Kind] = (_KINDS.get(a.get("type"), "file") for a in message.get("attachments") or ())
    return next(kinds, "text" if said.strip() else "empty")


def _is_sticker(attachment: Mapping[str, Any]) -> bool:
    return bool((attachment.get("payload") or {}).get("sticker_id"))
