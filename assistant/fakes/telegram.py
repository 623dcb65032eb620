"""Telegram's Bot API and its webhooks. Source: https://core.telegram.org/bots/api.

Not modelled: ``getUpdates``, Markdown, media that is sent. A webhook may be plain http, since it stays on
this machine. A bot can write only to who has written to it: a member of a group who never did is out of
reach.
"""

from __future__ import annotations

import json
import re
import time
from typing import Any, ClassVar

from aiohttp import web

from assistant.fakes.server import Fake, Rejection, read
from assistant.fakes.shapes import Button, Webhook
from assistant.fakes.telegram_markup import bad, keyboard, plain

LONGEST_TEXT = 4096
"""UTF-16 units after the mark-up is taken out."""

ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
MEDIA: dict[str, dict[str, Any]] = {
    "photo": {"photo": [{"file_id": "p1", "file_unique_id": "p1", "width": 90, "height": 90}]},
    "voice": {"voice": {"file_id": "v1", "file_unique_id": "v1", "duration": 3, "mime_type": "audio/ogg"}},
    "sticker": {
        "sticker": {"file_id": "s1", "file_unique_id": "s1", "type": "regular", "emoji": "\U0001f622"}
    },
    "location": {"location": {"latitude": 51.5033, "longitude": -0.1195}},
}
BOT = {"id": 7000000001, "is_bot": True, "first_name": "Baclofen", "username": "baclofen_fake_bot"}


class Telegram(Fake):
    """Telegram. Users are numbers, groups negative numbers."""

    name: ClassVar[str] = "Telegram"
    default_port: ClassVar[int] = 8602
    user = "1001"
    language: str = "en"
    token = "7000000001:fake-telegram-token"
    secret = "fake-telegram-secret"

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.webhook = ""
        self.signs_with = self.secret
        self.known: set[str] = set()
        self._open_presses: set[str] = set()

    def environment(self) -> dict[str, str]:
        return {
            "TELEGRAM_API_BASE": self.url,
            "TELEGRAM_TOKEN": self.token,
            "TELEGRAM_SECRET_TOKEN": self.secret,
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/bot{token}/{method}", self._method)

    async def _method(self, request: web.Request) -> web.StreamResponse:
        return await self.call(request.match_info["method"], request, self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            raise Rejection(401, 401, "Unauthorized")
        methods = {
            "getme": lambda given: BOT,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": lambda given: {"url": self.webhook, "pending_update_count": 0},
            "sendmessage": self._send_message,
            "answercallbackquery": self._answer_press,
            "sendchataction": self._chat_action,
        }
        method = methods.get(request.match_info["method"].lower())
        if method is None:
            raise Rejection(404, 404, "Not Found")
        return web.json_response({"ok": True, "result": method(await read(request))})

    def _set_webhook(self, given: dict[str, Any]) -> bool:
        url, secret = str(given.get("url", "")), str(given.get("secret_token", ""))
        if url and not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not re.fullmatch(r"[\w-]{1,256}", secret, re.ASCII):
            raise bad("secret token contains unallowed characters")
        self.webhook, self.signs_with = url, secret
        return True

    def _delete_webhook(self, given: dict[str, Any]) -> bool:
        self.webhook = ""
        return True

    def _send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        chat, text = self._chat(given), str(given.get("text", ""))
        shown = plain(text) if given.get("parse_mode") == "HTML" else text
        if given.get("parse_mode") not in (None, "", "HTML"):
            raise bad("unsupported parse_mode (this stand-in knows HTML only)")
        if not shown.strip():
            raise bad("message text is empty")
        if len(shown.encode("utf-16-le")) // 2 > LONGEST_TEXT:
            raise bad("message is too long")
        buttons = keyboard(given.get("reply_markup"))
        self.take("sendMessage", chat, shown, given, buttons=buttons)
        kind = "group" if chat.startswith("-") else "private"
        return {
            "message_id": self.number(),
            "from": BOT,
            "chat": {"id": int(chat), "type": kind},
            "date": int(time.time()),
            "text": shown,
        }

    def _answer_press(self, given: dict[str, Any]) -> bool:
        if str(given.get("callback_query_id", "")) not in self._open_presses:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(str(given.get("text", ""))) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self._open_presses.discard(str(given["callback_query_id"]))
        return True

    def _chat_action(self, given: dict[str, Any]) -> bool:
        self._chat(given)
        if given.get("action") not in ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    def _chat(self, given: dict[str, Any]) -> str:
        chat = str(given.get("chat_id", ""))
        if not chat:
            raise bad("chat_id is empty")
        if chat not in self.known:
            if re.fullmatch(r"[1-9]\d*", chat):
                raise Rejection(403, 403, "Forbidden: bot can't initiate conversation with a user")
            raise bad("chat not found")
        return chat

    def error(self, why: Rejection) -> web.Response:
        body = {"ok": False, "error_code": why.status, "description": why.reason, **why.more}
        return web.json_response(body, status=why.status)

    def refusal(self, status: int, seconds: float) -> web.Response:
        if status == 429:
            wait = max(1, round(seconds))
            reason = f"Too Many Requests: retry after {wait}"
            return self.error(Rejection(429, 429, reason, parameters={"retry_after": wait}))
        return self.error(Rejection(500, 500, "Internal Server Error"))

    def message(self, text: str, user: str = "", group: str = "", edited: bool = False) -> Webhook:
        said: dict[str, Any] = {"text": text}
        mention = f"@{BOT['username']}"
        if mention in text:
            said["entities"] = [{"type": "mention", "offset": text.index(mention), "length": len(mention)}]
        if edited:
            said["edit_date"] = int(time.time())
        return self._update("edited_message" if edited else "message", self._message(said, user, group))

    def media(self, kind: str, user: str = "") -> Webhook:
        return self._update("message", self._message(MEDIA[kind], user))

    def press(self, button: Button, user: str = "") -> Webhook | None:
        if not button.payload:
            return None
        query = str(10**15 + self.number())
        self._open_presses.add(query)
        content = {
            "id": query,
            "from": self._person(user),
            "message": {**self._message({"text": "?"}, user), "from": BOT},
            "chat_instance": "1",
            "data": button.payload,
        }
        return self._update("callback_query", content)

    def _person(self, user: str) -> dict[str, Any]:
        return {
            "id": int(user or self.user),
            "is_bot": False,
            "first_name": "Sam",
            "language_code": self.language,
        }

    def _message(self, content: dict[str, Any], user: str, group: str = "") -> dict[str, Any]:
        chat = group or user or self.user
        self.known.add(chat)
        where = {"type": "group", "title": "Carers"} if group else {"type": "private", "first_name": "Sam"}
        return {
            "message_id": self.number(),
            "from": self._person(user),
            "chat": {"id": int(chat), **where},
            "date": int(time.time()),
            **content,
        }

    def _update(self, kind: str, content: dict[str, Any]) -> Webhook:
        body = json.dumps({"update_id": 10**8 + self.number(), kind: content}).encode()
        headers = {"Content-Type": "application/json"}
        if self.signs_with:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.signs_with
        return Webhook(f"{self.bot}/webhooks/telegram/webhook", body, headers)
