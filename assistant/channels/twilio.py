"""Text messages and WhatsApp through Twilio. https://www.twilio.com/docs/messaging/twiml

The signature covers the address that Twilio called, so behind a proxy PUBLIC_URL has to say it. Sending does
not go through Twilio's own client: its errors do not tell how long to wait after a 429.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

import aiohttp
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from assistant import settings
from assistant.channels import vendor_http
from assistant.channels.channel import MessagingChannel, Unverified, is_same
from assistant.channels.messages import Address, Kind, Received
from assistant.channels.sending import Outcome
from baclofen.channel_shape import Part
from baclofen.phone_country import country_of

_EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Nothing to say in the acknowledgement itself: the answer is sent."""

_KINDS: Mapping[str, Kind] = {"audio": "voice", "image": "picture", "video": "picture"}


class TwilioChannel(MessagingChannel):
    """What text messages and WhatsApp share."""

    def __init__(self) -> None:
        super().__init__()
        if self.is_on:
            from twilio.request_validator import RequestValidator

            self._validator = RequestValidator(settings.twilio_token())

    def secret(self) -> str:
        """Return the account's token (see base class)."""
        return settings.twilio_token()

    async def open(self) -> None:
        """Make the session, and load the tables of telephone numbers (see base class)."""
        self._client = vendor_http.session()
        country_of(self.number())

    async def close(self) -> None:
        """Close the session (see base class)."""
        await self._client.close()

    def verify(self, request: Request, body: bytes) -> None:
        """Check X-Twilio-Signature, and that the account is ours (see base class)."""
        signature = request.headers.get("x-twilio-signature")
        if not signature:
            raise Unverified(401)
        form = _form(body)
        is_signed = self._validator.validate(_url(request), form, signature)
        if not is_signed or not is_same(form.get("AccountSid"), settings.twilio_account()):
            raise Unverified(403)

    def read(self, request: Request, body: bytes) -> Sequence[Received]:
        """Return the message, none for a receipt (see base class)."""
        form = _form(body)
        person = form.get("From", "")
        if "MessageStatus" in form or not person:
            return []
        text = form.get("ButtonPayload") or form.get("Body", "")
        country = country_of(person)
        message = Received(
            id=form.get("MessageSid") or form.get("SmsMessageSid", ""),
            person=person,
            address=Address(person, ours=form.get("To") or self.number()),
            text=text,
            kind=_kind(form, text),
            metadata={"country": country} if country else {},
            carrier_answered="OptOutType" in form,
        )
        return [message]

    def number(self) -> str:
        """Return the number that the channel sends from, when a message does not say which one it came to."""
        raise NotImplementedError

    def acknowledgement(self, request: Request, body: bytes) -> HTTPResponse:
        """Return empty TwiML (see base class)."""
        return raw(_EMPTY, content_type="text/xml; charset=utf-8")

    async def send(self, address: Address, part: Part) -> Outcome:
        """Create a message at Twilio (see base class)."""
        account = settings.twilio_account()
        status, headers, body = await vendor_http.post(
            self._client,
            f"{settings.twilio_api()}/2010-04-01/Accounts/{account}/Messages.json",
            data={"To": address.to, "From": address.ours, "Body": part.text},
            auth=aiohttp.BasicAuth(account, settings.twilio_token()),
        )
        code = body.get("code") if isinstance(body, dict) and status >= 400 else None
        return vendor_http.outcome(status, headers, code)


class SmsChannel(TwilioChannel):
    """``/webhooks/twilio/webhook``."""

    key = "sms"

    @classmethod
    def name(cls) -> str:
        return "twilio"

    def number(self) -> str:
        """Return TWILIO_NUMBER (see base class)."""
        return settings.twilio_number()


class WhatsAppChannel(TwilioChannel):
    """``/webhooks/whatsapp/webhook``."""

    key = "whatsapp"

    @classmethod
    def name(cls) -> str:
        return "whatsapp"

    def number(self) -> str:
        """Return TWILIO_WHATSAPP_NUMBER (see base class)."""
        number = settings.twilio_whatsapp_number()
        return number if number.startswith("whatsapp:") else f"whatsapp:{number}"


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _url(request: Request) -> str:
    """Return the address that Twilio called."""
    if not settings.public_url():
        return str(request.url)
    query = f"?{request.query_string}" if request.query_string else ""
    return f"{settings.public_url()}{request.path}{query}"


def _kind(form: Mapping[str, str], text: str) -> Kind:
    """Return what came besides the text: the first medium, a place, nothing at all."""
    if form.get("NumMedia", "0") not in ("", "0"):
        return _KINDS.get(form.get("MediaContentType0", "").partition("/")[0], "file")
    if form.get("Latitude"):
        return "place"
    return "text" if text.strip() else "empty"
