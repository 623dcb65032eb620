"""Twilio's stand-in, driven by Twilio's own library."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from assistant.fakes import Twilio
from assistant.fakes.twilio import segments

SMS, WHATSAPP = Twilio.numbers
HER = "+447700900123"


class Here(TwilioHttpClient):
    """Twilio's HTTP client with another address."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=3)
        self._base = base

    def request(self, method: str, url: str, *given: Any, **named: Any) -> Any:
        return super().request(method, url.replace("https://api.twilio.com", self._base), *given, **named)


async def send(vendor: Twilio, token: str = Twilio.auth_token, **fields: str) -> Any:
    """Send with Twilio's library, which blocks."""
    client = Client(vendor.account, token, http_client=Here(vendor.url))
    wanted = {"to": HER, "from_": SMS, "body": "Call 999 now.", **fields}
    return await asyncio.to_thread(lambda: client.messages.create(**wanted))


async def refusal(vendor: Twilio, **fields: str) -> TwilioRestException:
    with pytest.raises(TwilioRestException) as caught:
        await send(vendor, **fields)
    assert not vendor.sent
    return caught.value


@pytest.mark.asyncio
async def test_twilios_library_can_send() -> None:
    async with Twilio() as vendor:
        message = await send(vendor)
    assert message.sid.startswith("SM")
    assert (message.status, message.to, message.num_segments) == ("queued", HER, "1")
    assert [(sent.to, sent.text) for sent in vendor.sent] == [(HER, "Call 999 now.")]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("code", "status", "fields"),
    [
        (20003, 401, {"token": "wrong"}),
        (21211, 400, {"to": "911"}),
        (21606, 400, {"from_": "+15005550001"}),
        (21910, 400, {"to": f"whatsapp:{HER}"}),
        (63007, 400, {"to": f"whatsapp:{HER}", "from_": f"whatsapp:{SMS}"}),
        (21602, 400, {"body": " "}),
        (21617, 400, {"body": "x" * 1601}),
    ],
)
async def test_what_twilio_refuses_is_refused_with_its_code(
    code: int, status: int, fields: dict[str, str]
) -> None:
    async with Twilio() as vendor:
        error = await refusal(vendor, **fields)
    assert (error.code, error.status) == (code, status)


@pytest.mark.asyncio
async def test_the_longest_body_and_whatsapp_are_taken() -> None:
    async with Twilio() as vendor:
        await send(vendor, body="x" * 1600)
        await send(vendor, to=f"whatsapp:{HER}", from_=WHATSAPP)
    assert [sent.to for sent in vendor.sent] == [HER, f"whatsapp:{HER}"]


@pytest.mark.asyncio
async def test_after_stop_nothing_can_be_sent_until_start() -> None:
    async with Twilio() as vendor:
        vendor.message(" stop ", HER)
        assert (await refusal(vendor)).code == 21610
        vendor.message("START", HER)
        await send(vendor)
    assert len(vendor.sent) == 1


@pytest.mark.asyncio
async def test_stop_inside_a_sentence_and_stop_on_whatsapp_opt_nobody_out() -> None:
    async with Twilio() as vendor:
        vendor.message("should he stop taking it", HER)
        vendor.message("STOP", f"whatsapp:{HER}")
        await send(vendor)
        await send(vendor, to=f"whatsapp:{HER}", from_=WHATSAPP)
    assert len(vendor.sent) == 2


@pytest.mark.asyncio
@pytest.mark.parametrize(("kind", "code"), [("429", 20429), ("500", 20500)])
async def test_a_switched_on_error_is_twilios(kind: str, code: int) -> None:
    async with Twilio() as vendor:
        vendor.faults.change(kind=kind, times=1)
        error = await refusal(vendor)
        assert (error.code, error.status) == (code, int(kind))
        await send(vendor)
    assert len(vendor.sent) == 1


@pytest.mark.parametrize("user", [HER, f"whatsapp:{HER}"])
def test_twilios_verifier_accepts_the_webhook_at_the_public_address_only(user: str) -> None:
    vendor = Twilio("http://127.0.0.1:1", public_url="https://bot.example")
    webhook = vendor.message("he's not breathing \u2014 help", user)
    params = dict(parse_qsl(webhook.body.decode(), keep_blank_values=True))
    path = "/webhooks/whatsapp/webhook" if "whatsapp" in user else "/webhooks/twilio/webhook"
    signature = webhook.headers["X-Twilio-Signature"]
    validator = RequestValidator(vendor.auth_token)
    assert webhook.url == "http://127.0.0.1:1" + path
    assert (params["From"], params["Body"]) == (user, "he's not breathing \u2014 help")
    assert validator.validate("https://bot.example" + path, params, signature)
    assert not validator.validate("http://127.0.0.1:1" + path, params, signature)
    assert not validator.validate("https://bot.example" + path, {**params, "Body": "x"}, signature)
    assert not RequestValidator("other").validate("https://bot.example" + path, params, signature)


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 307, 3), ("\u4f60" * 70, 1), ("\u4f60" * 71, 2), ("", 1)],
)
def test_text_messages_are_counted_as_carriers_do(text: str, count: int) -> None:
    assert segments(text) == count
