"""Telegram. https://core.telegram.org/bots/api"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sanic.request import Request

from assistant import settings
from assistant.channels import vendor_http
from assistant.channels.channel import MessagingChannel, Unverified, is_same
from assistant.channels.messages import Address, Kind, Private, Received
from assistant.channels.sending import Outcome
from baclofen.channel_shape import Part

_KINDS: Mapping[str, Kind] = {
    "voice": "voice", "audio": "voice", "video_note": "voice", "photo": "picture", "video": "picture",
    "animation": "picture", "sticker": "sticker", "dice": "sticker", "location": "place", "venue": "place",
    "document": "file", "contact": "file", "poll": "file",
}  # fmt: skip
"""What a message holds that cannot be read, and under which key."""

_SPOKEN = ("message", "edited_message", "channel_post", "edited_channel_post")
"""Updates that hold something said; all others but tapped buttons are none of ours."""

_COMMAND = re.compile(r"\A/(start|help)(@\w+)?\b")
_TO_A_BOT = re.compile(r"@(\w*bot)\b", re.IGNORECASE)
"""Names of bots end in "bot"; ours need not be asked for over the network."""


class TelegramChannel(MessagingChannel):
    """``/webhooks/telegram/webhook``."""

    key = "telegram"

    @classmethod
    def name(cls) -> str:
        return "telegram"

    def secret(self) -> str:
        return settings.telegram_secret()

    async def open(self) -> None:
        """Make the session (see base class)."""
        self._client = vendor_http.session()

    async def close(self) -> None:
        """Close the session (see base class)."""
        await self._client.close()

    def verify(self, request: Request, body: bytes) -> None:
        """Check the secret that ``setWebhook`` was given (see base class)."""
        if not is_same(request.headers.get("x-telegram-bot-api-secret-token"), self.secret()):
            raise Unverified(403)

    def read(self, request: Request, body: bytes) -> Sequence[Received]:
        """Return what was said or tapped (see base class)."""
        update = json.loads(body)
        number = str(update["update_id"])
        tapped = update.get("callback_query")
        if tapped:
            return _tapped(number, tapped)
        message = next((update[key] for key in _SPOKEN if key in update), None)
        return _said(number, message) if message else []

    async def tapped(self, tap: str) -> None:
        """End the button's waiting sign (see base class)."""
        await vendor_http.post(
            self._client, self._url("answerCallbackQuery"), json={"callback_query_id": tap}
        )

    async def send(self, address: Address, part: Part) -> Outcome:
        """Send plain text: no mark-up that a word could break (see base class)."""
        status, headers, body = await vendor_http.post(
            self._client, self._url("sendMessage"), json=payload(address, part)
        )
        told = body if isinstance(body, dict) else {}
        wait = vendor_http.seconds((told.get("parameters") or {}).get("retry_after"))
        # Telegram mostly limits one chat; another one need not wait for it.
        return vendor_http.outcome(status, headers, told.get("error_code"), wait, is_shared=False)

    @staticmethod
    def _url(method: str) -> str:
        return f"{settings.telegram_api()}/bot{settings.telegram_token()}/{method}"


def payload(address: Address, part: Part) -> dict[str, Any]:
    """Return the body of ``sendMessage``."""
    body: dict[str, Any] = {
        "chat_id": int(address.to),
        "text": part.text,
        "link_preview_options": {"is_disabled": True},
    }
    if address.reply_to:
        body["reply_parameters"] = {
            "message_id": int(address.reply_to),
            "allow_sending_without_reply": True,
        }
    if part.choices:
        rows = [[{"text": c.title, "callback_data": c.payload}] for c in part.choices]
        body["reply_markup"] = {"inline_keyboard": rows}
    return body


def _tapped(number: str, tapped: Mapping[str, Any]) -> list[Received]:
    message, user = tapped.get("message") or {}, tapped["from"]
    chat = message.get("chat") or {"id": user["id"], "type": "private"}
    received = Received(
        id=number,
        person=_person(chat, user),
        address=Address(str(chat["id"])),
        text=str(tapped.get("data") or ""),
        kind="text" if tapped.get("data") else "empty",
        metadata=_locale(user),
        tap=str(tapped["id"]),
    )
    return [received]


def _said(number: str, message: Mapping[str, Any]) -> list[Received]:
    chat, user = message["chat"], message.get("from") or {}
    if user.get("is_bot") or _is_service(message):
        return []
    is_group = chat.get("type") != "private"
    text = message.get("text") or message.get("caption") or ""
    address = Address(str(chat["id"]), reply_to=str(message["message_id"]) if is_group else "")
    received = Received(
        id=number,
        person=_person(chat, user),
        address=address,
        text=_plain(text),
        kind=_kind(message, text),
        metadata=_locale(user),
        is_group=is_group,
        is_addressed=not is_group or _is_addressed(message, text),
        private=Private(str(user["id"]), Address(str(user["id"])), address) if is_group and user else None,
    )
    return [received]


def _is_service(message: Mapping[str, Any]) -> bool:
    """Say whether nobody said anything: somebody joined, a title changed, a message was pinned."""
    return not any(key in message for key in ("text", "caption", *_KINDS))


def _kind(message: Mapping[str, Any], text: str) -> Kind:
    found = next((kind for key, kind in _KINDS.items() if key in message), None)
    return found or ("text" if text.strip() else "empty")


def _person(chat: Mapping[str, Any], user: Mapping[str, Any]) -> str:
    """Return who it is: in a group each person has a conversation of their own."""
    who = str(user.get("id", ""))
    return who if str(chat["id"]) == who else f"{chat['id']}:{who}"


def _is_addressed(message: Mapping[str, Any], text: str) -> bool:
    """Say whether a message in a group names a bot, is a command, or answers one of ours."""
    answered = (message.get("reply_to_message") or {}).get("from") or {}
    ours = settings.telegram_token().partition(":")[0]
    return str(answered.get("id")) == ours or bool(_TO_A_BOT.search(text)) or bool(_COMMAND.match(text))


def _plain(text: str) -> str:
    """Return a text without the bot's name; the commands that every bot has are greetings."""
    text = _TO_A_BOT.sub("", text)
    command = _COMMAND.match(text)
    if command and not text[command.end() :].strip():
        return "/greet" if command[1] == "start" else "/help"
    return text[command.end() :].strip() if command else text.strip()


def _locale(user: Mapping[str, Any]) -> dict[str, str]:
    """Return the language of the app; only one with a region tells a country."""
    code = user.get("language_code")
    return {"language": code, "locale": code} if isinstance(code, str) and code else {}
