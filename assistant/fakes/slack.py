"""Slack's Web API, its events and its interactions.

Sources: https://docs.slack.dev/reference/methods, /apis/events-api and
/authentication/verifying-requests-from-slack. Not modelled: files, threads' own counting, OAuth.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from assistant.fakes.server import Fake, Rejection, read, token
from assistant.fakes.shapes import Button, Webhook
from assistant.fakes.slack_kit import BlockError, check

LONGEST_TEXT = 40_000
BOT_USER = "U0BOT00000"
TEAM = "T0TEAM0000"
APP = "A0APP00000"
FILES = {"photo": "image/jpeg", "voice": "audio/mp4", "sticker": "image/png", "location": ""}


class Slack(Fake):
    """A Slack workspace. Users are ``U…``, their direct messages ``D…`` and channels ``C…``."""

    name: ClassVar[str] = "Slack"
    default_port: ClassVar[int] = 8603
    handshakes: ClassVar[bool] = True
    user = "U0USER0001"
    locale: str = "en-US"
    token = "xoxb-fake-slack-token"
    secret = "fake-slack-signing-secret"

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.members: dict[str, set[str]] = {}

    def environment(self) -> dict[str, str]:
        return {
            "SLACK_API_BASE": f"{self.url}/api/",
            "SLACK_TOKEN": self.token,
            "SLACK_SIGNING_SECRET": self.secret,
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/api/{method}", self._method)
        router.add_post("/actions/{channel}", self._respond)

    # Calls of the bot -------------------------------------------------------------------------------------

    async def _method(self, request: web.Request) -> web.StreamResponse:
        return await self.call(request.match_info["method"], request, self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        given = await read(request)
        caller = request.headers.get("Authorization", "").removeprefix("Bearer ") or given.get("token", "")
        if not caller:
            raise Rejection(200, "not_authed", "no token")
        if caller != self.token:
            raise Rejection(200, "invalid_auth", "wrong token")
        methods: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "conversations.open": self._open,
            "users.info": self._user_info,
        }
        name = request.match_info["method"]
        if name not in methods:
            raise Rejection(200, "unknown_method", name)
        return web.json_response({"ok": True, **methods[name](given)})

    def _auth_test(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": "https://fake.slack.com/",
            "team": "Fake",
            "user": "baclofen",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": "B0BOT00000",
            "is_enterprise_install": False,
        }

    def _post(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(given)
        text, buttons = self._content(given)
        self.take("chat.postMessage", channel, text, given, buttons=buttons)
        stamp = self._stamp()
        return {"channel": channel, "ts": stamp, "message": {"type": "message", "text": text, "ts": stamp}}

    def _post_ephemeral(self, given: dict[str, Any]) -> dict[str, Any]:
        channel, user = self._channel(given), str(given.get("user", ""))
        if user not in self.members.get(channel, ()):
            raise Rejection(200, "user_not_in_channel", user)
        text, buttons = self._content(given)
        self.take("chat.postEphemeral", channel, text, given, buttons=buttons, only_for=user)
        return {"message_ts": self._stamp()}

    def _open(self, given: dict[str, Any]) -> dict[str, Any]:
        users = given.get("users", "")
        names = users if isinstance(users, list) else [name for name in str(users).split(",") if name]
        if len(names) != 1 or not str(names[0]).startswith(("U", "W")):
            raise Rejection(200, "user_not_found", str(users))
        channel = direct(str(names[0]))
        self.members[channel] = {str(names[0])}
        return {"channel": {"id": channel}, "no_op": False, "already_open": False}

    def _user_info(self, given: dict[str, Any]) -> dict[str, Any]:
        user = str(given.get("user", ""))
        if not user.startswith(("U", "W")):
            raise Rejection(200, "user_not_found", user)
        found: dict[str, Any] = {"id": user, "team_id": TEAM, "name": "sam", "is_bot": user == BOT_USER}
        if str(given.get("include_locale", "")).lower() in ("true", "1"):
            found["locale"] = self.locale
        return {"user": found}

    def _channel(self, given: dict[str, Any]) -> str:
        channel = str(given.get("channel", ""))
        if channel.startswith(("U", "W")):  # a user's id stands for their direct message
            channel = direct(channel)
            self.members.setdefault(channel, {str(given["channel"])})
        if channel not in self.members:
            raise Rejection(200, "channel_not_found", channel)
        return channel

    def _content(self, given: dict[str, Any]) -> tuple[str, tuple[Button, ...]]:
        text, blocks = str(given.get("text") or ""), given.get("blocks")
        if isinstance(blocks, str):
            try:
                blocks = json.loads(blocks) if blocks else None
            except ValueError:
                raise Rejection(200, "invalid_blocks_format", "no JSON") from None
        if not text and not blocks:
            raise Rejection(200, "no_text", "neither text nor blocks")
        if len(text) > LONGEST_TEXT:
            raise Rejection(200, "msg_too_long", str(len(text)))
        if not blocks:
            return text, ()
        try:
            shown, buttons = check(blocks)
        except BlockError as error:
            details = {"response_metadata": {"messages": [f"[ERROR] {error}"]}}
            raise Rejection(200, "invalid_blocks", str(error), **details) from None
        return shown or text, buttons

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        return await self.call("response_url", request, self._serve_response)

    async def _serve_response(self, request: web.Request) -> web.Response:
        text, buttons = self._content(given := await read(request))
        self.take("response_url", request.match_info["channel"], text, given, buttons=buttons)
        return web.Response(text="ok")

    def error(self, why: Rejection) -> web.Response:
        return web.json_response({"ok": False, "error": why.code, **why.more}, status=why.status)

    def refusal(self, status: int, seconds: float) -> web.Response:
        if status == 429:
            answer = self.error(Rejection(429, "ratelimited", ""))
            answer.headers["Retry-After"] = str(max(1, round(seconds)))
            return answer
        return self.error(Rejection(500, "internal_error", ""))

    # Webhooks ---------------------------------------------------------------------------------------------

    def message(self, text: str, user: str = "", group: str = "") -> Webhook:
        user = user or self.user
        if not group:
            return self._event(self._said({"text": text}, user))
        self.members.setdefault(group, set()).add(user)
        kind = "app_mention" if f"<@{BOT_USER}>" in text else "message"
        return self._event(self._said({"text": text}, user, group, kind))

    def media(self, kind: str, user: str = "") -> Webhook:
        file = {"id": "F0FILE0000", "mimetype": FILES[kind], "name": kind}
        content = {"text": "", "subtype": "file_share", "files": [file]}
        return self._event(self._said(content, user or self.user))

    def press(self, button: Button, user: str = "") -> Webhook | None:
        """Return the webhook of a tapped button; one that opens a link sends it, too."""
        user = user or self.user
        action = {
            "type": "button",
            "action_id": button.name or "fake",
            "block_id": "fake",
            "text": {"type": "plain_text", "text": button.title},
            "action_ts": self._stamp(),
            **({"value": button.payload} if button.payload else {}),
            **({"url": button.url} if button.url else {}),
        }
        content = {
            "type": "block_actions",
            "user": {"id": user, "username": "sam", "team_id": TEAM},
            "api_app_id": APP,
            "container": {"type": "message", "message_ts": self._stamp(), "channel_id": direct(user)},
            "trigger_id": token(16),
            "team": {"id": TEAM, "domain": "fake"},
            "channel": {"id": direct(user), "name": "directmessage"},
            "response_url": f"{self.url}/actions/{direct(user)}",
            "actions": [action],
        }
        body = urlencode({"payload": json.dumps(content)}).encode()
        return self._signed(body, "application/x-www-form-urlencoded")

    def again(self, webhook: Webhook, number: int) -> Webhook:
        if not number:
            return webhook
        marks = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
        return replace(webhook, headers={**webhook.headers, **marks})

    async def handshake(self) -> str:
        """Ask the bot to return a challenge, as Slack does for a new request URL."""
        challenge = token(32)
        body = json.dumps({"type": "url_verification", "token": "fake", "challenge": challenge}).encode()
        answer = await self.post(self._signed(body, "application/json"))
        if answer.status != 200 or challenge not in answer.body:
            return f"The bot did not return Slack's challenge (HTTP {answer.status})."
        return ""

    def _said(
        self, content: dict[str, Any], user: str, group: str = "", kind: str = "message"
    ) -> dict[str, Any]:
        channel = group or direct(user)
        self.members.setdefault(channel, set()).add(user)
        stamp = self._stamp()
        said = {"type": kind, "user": user, "ts": stamp, "event_ts": stamp, "channel": channel, **content}
        if kind == "message":
            said["channel_type"] = "channel" if group else "im"
            said["client_msg_id"] = token(32)
        return said

    def _event(self, event: dict[str, Any]) -> Webhook:
        content = {
            "token": "fake",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev" + token(10),
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        }
        return self._signed(json.dumps(content).encode(), "application/json")

    def _signed(self, body: bytes, kind: str, stamp: int | None = None) -> Webhook:
        moment = str(int(time.time()) if stamp is None else stamp)
        signature = SignatureVerifier(self.secret).generate_signature(timestamp=moment, body=body)
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": str(signature),
        }
        return Webhook(f"{self.bot}/webhooks/slack/webhook", body, headers)

    def signed_at(self, webhook: Webhook, stamp: int) -> Webhook:
        """Return the same request as Slack would have signed it at another time (seconds since 1970)."""
        return self._signed(webhook.body, webhook.headers["Content-Type"], stamp)

    def _stamp(self) -> str:
        return f"{int(time.time())}.{self.number():06d}"


def direct(user: str) -> str:
    """Return the id of a user's direct messages with the bot."""
    return "D" + user[1:]
