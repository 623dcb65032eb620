"""A tiny server that stands for all vendors' APIs, and clients that sign as the vendors do.

It records what is sent to it and answers as each vendor documents; a test can have it answer otherwise.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from slack_sdk.signature import SignatureVerifier
from twilio.request_validator import RequestValidator

from tests import serving
from tests.serving import Server

ACCOUNT, TWILIO_TOKEN = "AC0123456789abcdef0123456789abcdef", "twilio-token-of-a-test"
TELEGRAM_TOKEN, TELEGRAM_SECRET = "4242:telegram-token-of-a-test", "telegram_secret_of_a_test"
SLACK_TOKEN, SLACK_SECRET = "xoxb-of-a-test", "slack-secret-of-a-test"
PAGE_TOKEN, FACEBOOK_SECRET, FACEBOOK_VERIFY = "page-token-of-a-test", "facebook-secret", "facebook-verify"
OUR_NUMBER = "+15005550006"
BOT_USER = "U0BOT"
_numbers = itertools.count(int(time.time() * 1000))


def number() -> int:
    """Return a number that nobody has used."""
    return next(_numbers)


@dataclass(frozen=True)
class Sent:
    """One message that the bot sent."""

    channel: str
    to: str
    text: str
    body: dict[str, Any]
    path: str
    at: float


@dataclass
class Answer:
    """What a vendor answers: status, JSON, headers, seconds until then."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0


Rule = Callable[[Sent], Answer | None]


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A bot that is stopped breaks its connections off."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A bot that is stopped breaks its connections off."""


class Vendors:
    """All vendors on one port, at ``/twilio``, ``/telegram``, ``/slack`` and ``/facebook``."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.tried: list[Sent] = []
        self.rules: list[Rule] = []
        vendors = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = vendors.answer(self.path, self.headers.get("Content-Type", ""), content)
                body = json.dumps(answer.body).encode()
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = _Quiet(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def environment(self) -> dict[str, str]:
        """Return the variables that set all channels up against this server."""
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
            "TWILIO_NUMBER": OUR_NUMBER,
            "TWILIO_WHATSAPP_NUMBER": OUR_NUMBER,
            "TWILIO_API_BASE": f"{self.url}/twilio",
            "TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "TELEGRAM_SECRET_TOKEN": TELEGRAM_SECRET,
            "TELEGRAM_API_BASE": f"{self.url}/telegram",
            "SLACK_TOKEN": SLACK_TOKEN,
            "SLACK_SIGNING_SECRET": SLACK_SECRET,
            "SLACK_API_BASE": f"{self.url}/slack",
            "FACEBOOK_VERIFY": FACEBOOK_VERIFY,
            "FACEBOOK_SECRET": FACEBOOK_SECRET,
            "FACEBOOK_PAGE_TOKEN": PAGE_TOKEN,
            "FACEBOOK_API_BASE": f"{self.url}/facebook",
        }

    def answer(self, path: str, kind: str, content: bytes) -> Answer:
        """Record a message and say what its vendor says."""
        channel = path.split("/")[1]
        body = json.loads(content) if "json" in kind else dict(parse_qsl(content.decode()))
        if path.endswith("/answerCallbackQuery"):
            return Answer(200, {"ok": True, "result": True})
        sent = _read(channel, path, body)
        self.tried.append(sent)
        for rule in list(self.rules):
            answer = rule(sent)
            if answer is not None:
                time.sleep(answer.after)
                return answer
        self.sent.append(sent)
        return _accepted(channel)

    def to(self, person: str) -> list[Sent]:
        """Return what a person was sent."""
        return [sent for sent in list(self.sent) if sent.to == person]

    def wait(self, person: str, count: int = 1, quiet: float = 0.3, seconds: float = 20.0) -> list[Sent]:
        """Return what a person was sent once so many came and then no more for a while."""
        serving.wait_until(lambda: len(self.to(person)) >= count, seconds)
        known = -1
        while known != len(self.to(person)):
            known = len(self.to(person))
            time.sleep(quiet)
        return self.to(person)


def _read(channel: str, path: str, body: dict[str, Any]) -> Sent:
    if channel == "twilio":
        assert urlsplit(path).path.endswith(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
        to, text = body["To"], body["Body"]
    elif channel == "telegram":
        assert urlsplit(path).path.endswith(f"/bot{TELEGRAM_TOKEN}/sendMessage")
        to, text = str(body["chat_id"]), body["text"]
    elif channel == "slack":
        to, text = body["channel"], body["text"]
    else:
        assert urlsplit(path).path.endswith("/v19.0/me/messages")
        assert f"access_token={PAGE_TOKEN}" in path
        to, text = body["recipient"]["id"], body["message"]["text"]
    return Sent(channel, to, text, body, path, time.monotonic())


def _accepted(channel: str) -> Answer:
    if channel == "twilio":
        return Answer(201, {"sid": f"SM{number()}", "status": "queued"})
    if channel == "slack":
        return Answer(200, {"ok": True, "ts": f"{time.time():.6f}"})
    if channel == "facebook":
        return Answer(200, {"recipient_id": "x", "message_id": f"m_{number()}"})
    return Answer(200, {"ok": True, "result": {"message_id": number()}})


@dataclass
class Caller:
    """Calls the bot's webhooks as a vendor does, signed by the vendor's own library where it has one."""

    bot: Server
    channel: str
    path: str

    def post(self, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
        return self.bot.client.post(
            f"{self.bot.url}/webhooks/{self.path}/webhook", content=content, headers=dict(headers)
        )


class TwilioCaller(Caller):
    def form(self, text: str, person: str, **more: str) -> dict[str, str]:
        return {
            "MessageSid": f"SM{number()}", "AccountSid": ACCOUNT, "From": person, "To": _ours(person),
            "Body": text, "NumMedia": "0", **more,
        }  # fmt: skip

    def call(self, form: Mapping[str, str], token: str = TWILIO_TOKEN, url: str = "") -> httpx.Response:
        url = url or f"{self.bot.url}/webhooks/{self.path}/webhook"
        signature = RequestValidator(token).compute_signature(url, dict(form))
        content = str(httpx.QueryParams(dict(form))).encode()
        kind = "application/x-www-form-urlencoded"
        return self.post(content, {"X-Twilio-Signature": signature, "Content-Type": kind})

    def say(self, text: str, person: str, **more: str) -> httpx.Response:
        return self.call(self.form(text, person, **more))


class TelegramCaller(Caller):
    def update(
        self, text: str | None, person: str, user: Mapping[str, Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        who = {"id": int(person), "is_bot": False, "first_name": "A", **(user or {})}
        message = {"message_id": number(), "date": int(time.time()), "from": who,
                   "chat": {"id": int(person), "type": "private"}, **more}  # fmt: skip
        if text is not None:
            message["text"] = text
        return {"update_id": number(), "message": message}

    def call(self, update: Mapping[str, Any], secret: str | None = TELEGRAM_SECRET) -> httpx.Response:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        return self.post(json.dumps(update).encode(), headers)

    def say(self, text: str, person: str, **more: Any) -> httpx.Response:
        return self.call(self.update(text, person, **more))


class SlackCaller(Caller):
    def event(self, text: str | None, person: str, channel: str = "", **more: Any) -> dict[str, Any]:
        stamp = f"{number()}.000100"
        event = {"type": "message", "user": person, "text": text or "", "ts": stamp,
                 "channel": channel or f"D{person}", "channel_type": "im", **more}  # fmt: skip
        return {"type": "event_callback", "event_id": f"Ev{number()}", "event": event,
                "authorizations": [{"user_id": BOT_USER, "is_bot": True}]}  # fmt: skip

    def call(
        self, body: Any, secret: str = SLACK_SECRET, age: float = 0.0, form: bool = False
    ) -> httpx.Response:
        content = json.dumps(body).encode()
        kind = "application/json"
        if form:
            content, kind = (
                str(httpx.QueryParams({"payload": content.decode()})).encode(),
                "application/x-www-form-urlencoded",
            )
        stamp = str(int(time.time() - age))
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=content)
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature, "Content-Type": kind}
        return self.post(content, headers)

    def say(self, text: str, person: str, **more: Any) -> httpx.Response:
        return self.call(self.event(text, person, **more))


class MessengerCaller(Caller):
    def event(self, text: str | None, person: str, **more: Any) -> dict[str, Any]:
        message = {"mid": f"m_{number()}", **({"text": text} if text is not None else {}), **more}
        return {
            "sender": {"id": person},
            "recipient": {"id": "page"},
            "timestamp": number(),
            "message": message,
        }

    def call(self, *events: Mapping[str, Any], secret: str = FACEBOOK_SECRET) -> httpx.Response:
        body = {"object": "page", "entry": [{"id": "page", "time": 1, "messaging": list(events)}]}
        content = json.dumps(body).encode()
        digest = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
        return self.post(
            content, {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}
        )

    def say(self, text: str, person: str, **more: Any) -> httpx.Response:
        return self.call(self.event(text, person, **more))


def _ours(person: str) -> str:
    return f"whatsapp:{OUR_NUMBER}" if person.startswith("whatsapp:") else OUR_NUMBER
