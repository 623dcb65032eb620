"""Messenger on Facebook's Graph API, and its webhooks.

Sources: https://developers.facebook.com/docs/messenger-platform (send-messages, quick-replies, error-codes,
webhooks). Not modelled: media that is sent, generic templates, message tags, app review. Which HTTP status
goes with the code 613 is not documented; 400 is taken here, so read the code.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from typing import Any, ClassVar
from urllib.parse import urlencode

from aiohttp import ClientError, web

from assistant.fakes.server import Fake, Rejection, read, token
from assistant.fakes.shapes import Button, Webhook

LONGEST_TEXT = 2000
MOST_QUICK_REPLIES = 13
LONGEST_TITLE = 20
LONGEST_PAYLOAD = 1000
LONGEST_TEMPLATE_TEXT = 640
MOST_TEMPLATE_BUTTONS = 3
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
SENDER_ACTIONS = ("typing_on", "typing_off", "mark_seen")
MEDIA = {"photo": "image", "voice": "audio", "sticker": "image", "location": "location"}
PATH = "/webhooks/facebook/webhook"


class Facebook(Fake):
    """A Facebook page. Users are page-scoped ids; only those who have written can be written to."""

    name: ClassVar[str] = "Messenger"
    default_port: ClassVar[int] = 8604
    handshakes: ClassVar[bool] = True
    user = "24001000000000001"
    page = "100000000000001"
    token = "fake-facebook-page-token"
    secret = "fake-facebook-app-secret"
    verify = "fake-facebook-verify"

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.known: set[str] = set()

    def environment(self) -> dict[str, str]:
        return {
            "FACEBOOK_API_BASE": self.url,
            "FACEBOOK_VERIFY": self.verify,
            "FACEBOOK_SECRET": self.secret,
            "FACEBOOK_PAGE_TOKEN": self.token,
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post(r"/{version:v\d+\.\d+}/{page}/messages", self._messages)

    # Calls of the bot -------------------------------------------------------------------------------------

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        return await self.call("messages", request, self._send)

    async def _send(self, request: web.Request) -> web.Response:
        given = await read(request)
        self._check_caller(request, given)
        if request.match_info["page"] not in ("me", self.page):
            raise bad(f"Unsupported post request. Object with ID '{request.match_info['page']}' unknown")
        recipient = inner(given, "recipient").get("id")
        if not recipient:
            raise bad("The parameter recipient is required")
        if str(recipient) not in self.known:
            raise bad("No matching user found", 2018001)
        if "sender_action" in given:
            if given["sender_action"] not in SENDER_ACTIONS:
                raise bad("Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN}")
            return web.json_response({"recipient_id": str(recipient)})
        if given.get("messaging_type", "RESPONSE") not in TYPES:
            raise bad(f"Param messaging_type must be one of {{{', '.join(TYPES)}}}")
        text, buttons = content(inner(given, "message"))
        self.take("messages", str(recipient), text, given, buttons=buttons)
        return web.json_response({"recipient_id": str(recipient), "message_id": "m_" + token(40)})

    def _check_caller(self, request: web.Request, given: dict[str, Any]) -> None:
        header = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        caller = str(given.get("access_token", "")) or header
        if caller != self.token:
            kind = "An access token is required to request this resource."
            reason = "Invalid OAuth access token - Cannot parse access token" if caller else kind
            raise Rejection(400, 190 if caller else 104, reason)
        proof = given.get("appsecret_proof")
        right = hmac.new(self.secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(str(proof), right):
            raise bad("Invalid appsecret_proof provided in the API argument")

    def error(self, why: Rejection) -> web.Response:
        body = {
            "message": why.reason,
            "type": "OAuthException",
            "code": int(why.code),
            **why.more,
            "fbtrace_id": token(11),
        }
        return web.json_response({"error": body}, status=why.status)

    def refusal(self, status: int, seconds: float) -> web.Response:
        if status == 429:
            return self.error(Rejection(400, 613, "(#613) Calls to this api have exceeded the rate limit."))
        reason = "An unexpected error has occurred. Please retry your request later."
        return self.error(Rejection(500, 2, reason))

    # Webhooks ---------------------------------------------------------------------------------------------

    def message(self, text: str, user: str = "", group: str = "") -> Webhook:
        """Return the webhook of a text; Messenger's bots are in no groups."""
        return self.batch([(text, user)])

    def batch(self, said: list[tuple[str, str]]) -> Webhook:
        """Return one webhook with several texts (text, user)."""
        events = [self._event(user, message=self._mid({"text": text})) for text, user in said]
        return self._signed(events)

    def media(self, kind: str, user: str = "") -> Webhook:
        place = {"coordinates": {"lat": 51.5033, "long": -0.1195}}
        payload: dict[str, Any] = place if kind == "location" else {"url": f"{self.url}/media/1"}
        if kind == "sticker":
            payload["sticker_id"] = 369239263222822
        attachment = {"type": MEDIA[kind], "payload": payload}
        return self._signed([self._event(user, message=self._mid({"attachments": [attachment]}))])

    def press(self, button: Button, user: str = "") -> Webhook | None:
        if not button.payload:
            return None
        said = {"text": button.title, "quick_reply": {"payload": button.payload}}
        return self._signed([self._event(user, message=self._mid(said))])

    async def handshake(self) -> str:
        """Subscribe, as Meta does for a new callback URL: the bot has to return the challenge."""
        assert self._client is not None, "start it first"
        challenge = token(10)
        asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": self.verify}
        try:
            async with self._client.get(f"{self.bot}{PATH}?{urlencode(asked)}") as reply:
                if reply.status == 200 and await reply.text() == challenge:
                    return ""
                return f"The bot did not return Meta's challenge (HTTP {reply.status})."
        except (ClientError, OSError) as error:
            return f"Nobody answers at {self.bot} ({error})."

    def _mid(self, content: dict[str, Any]) -> dict[str, Any]:
        return {"mid": "m_" + token(40), **content}

    def _event(self, user: str, **content: Any) -> dict[str, Any]:
        user = user or self.user
        self.known.add(user)
        people = {"sender": {"id": user}, "recipient": {"id": self.page}}
        return {**people, "timestamp": int(time.time() * 1000), **content}

    def _signed(self, events: list[dict[str, Any]]) -> Webhook:
        entry = {"id": self.page, "time": int(time.time() * 1000), "messaging": events}
        body = json.dumps({"object": "page", "entry": [entry]}).encode()
        key = self.secret.encode()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature": "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest(),
            "X-Hub-Signature-256": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest(),
        }
        return Webhook(f"{self.bot}{PATH}", body, headers)


def bad(reason: str, subcode: int | None = None) -> Rejection:
    more = {} if subcode is None else {"error_subcode": subcode}
    return Rejection(400, 100, f"(#100) {reason}", **more)


def inner(given: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object among the parameters; forms hold it as JSON."""
    found = given.get(name)
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            found = None
    return found if isinstance(found, dict) else {}


def content(message: dict[str, Any]) -> tuple[str, tuple[Button, ...]]:
    """Return the words and buttons of a message.

    Raises:
        Rejection: Messenger would refuse it.
    """
    if "attachment" in message:
        text, buttons = template(inner(message, "attachment"))
    else:
        text, buttons = message.get("text", ""), ()
        if not isinstance(text, str) or not text.strip():
            raise bad("Message cannot be empty, must provide valid attachment or text", 2018034)
        at_most(text, LONGEST_TEXT, "message[text]")
    replies = message.get("quick_replies", [])
    if not isinstance(replies, list):
        raise bad("Param message[quick_replies] must be an array.")
    at_most(replies, MOST_QUICK_REPLIES, "message[quick_replies]")
    return text, (*buttons, *(_quick_reply(reply, i) for i, reply in enumerate(replies)))


def _quick_reply(reply: Any, number: int) -> Button:
    at = f"message[quick_replies][{number}]"
    if not isinstance(reply, dict) or reply.get("content_type") != "text":
        raise bad(f"Param {at}[content_type] must be text (the only one known here)")
    for name in ("title", "payload"):
        if not reply.get(name):
            raise bad(f"The parameter {at}[{name}] is required")
    at_most(reply["title"], LONGEST_TITLE, f"{at}[title]")
    at_most(reply["payload"], LONGEST_PAYLOAD, f"{at}[payload]")
    return Button(reply["title"], reply["payload"])


def template(attachment: dict[str, Any]) -> tuple[str, tuple[Button, ...]]:
    """Return the words and buttons of a button template."""
    payload = inner(attachment, "payload")
    if attachment.get("type") != "template" or payload.get("template_type") != "button":
        raise bad("Only attachments that are button templates are known here")
    text, buttons = str(payload.get("text", "")), payload.get("buttons", [])
    if not text or not buttons:
        raise bad("The parameters text and buttons are required")
    at_most(text, LONGEST_TEMPLATE_TEXT, "message[attachment][payload][text]")
    at_most(buttons, MOST_TEMPLATE_BUTTONS, "message[attachment][payload][buttons]")
    return text, tuple(_template_button(button, i) for i, button in enumerate(buttons))


def _template_button(button: dict[str, Any], number: int) -> Button:
    at = f"buttons[{number}]"
    title, kind = str(button.get("title", "")), button.get("type")
    if not title:
        raise bad(f"The parameter {at}[title] is required")
    at_most(title, LONGEST_TITLE, f"{at}[title]")
    if kind == "web_url":
        if not str(button.get("url", "")).startswith(("http://", "https://")):
            raise bad(f"{at}[url] should represent a valid URL")
        return Button(title, url=str(button["url"]))
    payload = str(button.get("payload", ""))
    if kind == "phone_number":
        if not re.fullmatch(r"\+[1-9]\d{6,14}", payload):
            raise bad(f"{at}[payload]: format must have '+' prefix followed by the country code and number")
        return Button(title, url=f"tel:{payload}")
    if kind != "postback" or not payload:
        raise bad(f"Param {at}[type] must be one of {{web_url, postback, phone_number}}")
    at_most(payload, LONGEST_PAYLOAD, f"{at}[payload]")
    return Button(title, payload)


def at_most(value: Any, most: int, name: str) -> None:
    if len(value) > most:
        raise bad(f"Length of param {name} must be less than or equal to {most}")
