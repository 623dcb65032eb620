"""Twilio's Messages API for SMS and WhatsApp, and its webhooks.

Sources: https://www.twilio.com/docs/messaging/api/message-resource, /docs/usage/webhooks/webhooks-security
and the pages of the error codes. Not modelled: media that is sent, message services, delivery receipts,
content templates, WhatsApp's window of 24 hours (Twilio takes such a message and fails it later: 63016).
"""

from __future__ import annotations

import base64
import binascii
import re
from email.utils import formatdate
from typing import Any, ClassVar
from urllib.parse import urlencode

from aiohttp import web
from twilio.request_validator import RequestValidator

from assistant.fakes.server import Fake, Rejection, read, token
from assistant.fakes.shapes import Button, Webhook
from baclofen.gsm7 import fits_one_message, gsm7_length, is_gsm7

LONGEST_BODY = 1600
STOP = frozenset(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"])
START = frozenset(["START", "YES", "UNSTOP"])
_E164 = re.compile(r"\+[1-9]\d{6,14}")
MEDIA = {
    "photo": "image/jpeg",
    "voice": "audio/ogg",
    "sticker": "image/webp",
}


class Twilio(Fake):
    """Twilio, with one number for SMS and one for WhatsApp.

    A user whose name begins with ``whatsapp:`` writes on WhatsApp. After STOP, nothing can be sent to an SMS
    user until START (error 21610), as with Twilio's own handling of the words.
    """

    name: ClassVar[str] = "Twilio"
    default_port: ClassVar[int] = 8601
    user = "+14155550100"
    account = "AC" + "0" * 31 + "1"
    auth_token = "fake-twilio-auth-token"
    numbers = ("+15005550006", "whatsapp:+15005550007")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.opted_out: set[str] = set()

    def environment(self) -> dict[str, str]:
        return {
            "TWILIO_API_BASE": self.url,
            "TWILIO_ACCOUNT_SID": self.account,
            "TWILIO_AUTH_TOKEN": self.auth_token,
            "TWILIO_NUMBER": self.numbers[0],
            "TWILIO_WHATSAPP_NUMBER": self.numbers[1].partition(":")[2],
            "PUBLIC_URL": self.public_url,
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/2010-04-01/Accounts/{account}/Messages.json", self._messages)

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        return await self.call("Messages", request, self._create)

    async def _create(self, request: web.Request) -> web.Response:
        self._check_caller(request)
        given = {name: str(value) for name, value in (await read(request)).items()}
        self._check(given)
        text, to = given.get("Body", ""), given["To"]
        self.take("Messages", to, text, given)
        sid = "SM" + token(32)
        now = formatdate()
        path = f"/2010-04-01/Accounts/{self.account}/Messages/{sid}"
        created = {
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": text,
            "date_created": now,
            "date_sent": None,
            "date_updated": now,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": given["From"],
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(segments(text)),
            "price": None,
            "price_unit": "USD",
            "sid": sid,
            "status": "queued",
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": to,
            "uri": f"{path}.json",
        }
        return web.json_response(created, status=201)

    def _check_caller(self, request: web.Request) -> None:
        kind, _, coded = request.headers.get("Authorization", "").partition(" ")
        try:
            caller = base64.b64decode(coded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            caller = ""
        if kind.lower() != "basic" or caller != f"{self.account}:{self.auth_token}":
            raise Rejection(401, 20003, "Authenticate")
        if request.match_info["account"] != self.account:
            raise Rejection(404, 20404, f"The requested resource {request.path} was not found")

    def _check(self, given: dict[str, str]) -> None:
        to, sender = given.get("To", ""), given.get("From", "")
        is_whatsapp = to.startswith("whatsapp:")
        if not to:
            raise Rejection(400, 21604, "A 'To' phone number is required.")
        if not sender:
            raise Rejection(400, 21603, "A 'From' phone number is required.")
        if not _E164.fullmatch(to.removeprefix("whatsapp:")):
            raise Rejection(400, 21211, f"The 'To' number {to} is not a valid phone number.")
        if is_whatsapp != sender.startswith("whatsapp:"):
            raise Rejection(400, 21910, "Invalid From and To pair. From and To should be of the same channel")
        if sender not in self.numbers:
            if is_whatsapp:
                raise Rejection(400, 63007, "Twilio could not find a Channel with the specified From address")
            reason = (
                f"The 'From' phone number provided ({sender}) is not a valid message-capable phone number"
            )
            raise Rejection(400, 21606, f"{reason} for this destination.")
        if not given.get("Body", "").strip() and "MediaUrl" not in given:
            raise Rejection(400, 21602, "Message body is required.")
        if len(given.get("Body", "")) > LONGEST_BODY:
            raise Rejection(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        if to in self.opted_out:
            raise Rejection(400, 21610, "Attempt to send to unsubscribed recipient")

    def error(self, why: Rejection) -> web.Response:
        body = {
            "code": int(why.code),
            "message": why.reason,
            "more_info": f"https://www.twilio.com/docs/errors/{why.code}",
            "status": why.status,
        }
        return web.json_response(body, status=why.status)

    def refusal(self, status: int, seconds: float) -> web.Response:
        if status == 429:
            return self.error(Rejection(429, 20429, "Too Many Requests"))
        return self.error(Rejection(500, 20500, "An internal server error has occurred"))

    def message(self, text: str, user: str = "", group: str = "") -> Webhook:
        """Return the webhook of a text; SMS and WhatsApp through Twilio have no groups."""
        user, word = user or self.user, text.strip().upper()
        if not user.startswith("whatsapp:"):
            if word in STOP:
                self.opted_out.add(user)
            elif word in START:
                self.opted_out.discard(user)
        return self._webhook(user, {"Body": text})

    def media(self, kind: str, user: str = "") -> Webhook:
        if kind == "location":
            return self._webhook(user, {"Body": "", "Latitude": "51.5033", "Longitude": "-0.1195"})
        url = f"{self.url}/2010-04-01/Accounts/{self.account}/Messages/MM1/Media/ME1"
        media = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": MEDIA[kind]}
        return self._webhook(user, {"Body": "", **media})

    def press(self, button: Button, user: str = "") -> Webhook | None:
        return None

    def _webhook(self, user: str, fields: dict[str, str]) -> Webhook:
        user = user or self.user
        is_whatsapp = user.startswith("whatsapp:")
        sid = "SM" + token(32)
        params = {
            "AccountSid": self.account,
            "ApiVersion": "2010-04-01",
            "From": user,
            "To": self.numbers[is_whatsapp],
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "SmsStatus": "received",
            "NumMedia": "0",
            "NumSegments": str(segments(fields["Body"])),
            **fields,
        }
        if is_whatsapp:
            params |= {"ProfileName": "Sam", "WaId": user.partition("+")[2], "MessageType": "text"}
        path = f"/webhooks/{'whatsapp' if is_whatsapp else 'twilio'}/webhook"
        signature = RequestValidator(self.auth_token).compute_signature(self.public_url + path, params)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signature,
            "I-Twilio-Idempotency-Token": token(32),
        }
        return Webhook(self.bot + path, urlencode(params).encode(), headers)


def segments(text: str) -> int:
    """Return the number of text messages that carry a text: 160 or 70 characters, 153 or 67 when joined."""
    if fits_one_message(text):
        return 1
    if is_gsm7(text):
        return -(-gsm7_length(text) // 153)
    return -(-(len(text.encode("utf-16-le")) // 2) // 67)
