"""Messenger's stand-in, driven over HTTP as its documentation says; the vendor has no Python library."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import aiohttp
import pytest

from assistant.fakes import Button, Facebook
from tests.fakes.listener import Listener

HER = Facebook.user


async def call(vendor: Facebook, token: str = Facebook.token, **fields: Any) -> tuple[int, dict[str, Any]]:
    vendor.message("hello", HER)
    wanted = {"recipient": {"id": HER}, "messaging_type": "RESPONSE", "message": {"text": "hi"}, **fields}
    url = f"{vendor.url}/v19.0/me/messages"
    async with (
        aiohttp.ClientSession() as client,
        client.post(url, params={"access_token": token}, json=wanted) as reply,
    ):
        found: dict[str, Any] = await reply.json()
        return reply.status, found.get("error", found)


def quick(title: str = "More", payload: str = "/more") -> dict[str, str]:
    return {"content_type": "text", "title": title, "payload": payload}


def template(*buttons: dict[str, str], text: str = "Call now.") -> dict[str, Any]:
    payload = {"template_type": "button", "text": text, "buttons": list(buttons)}
    return {"message": {"attachment": {"type": "template", "payload": payload}}}


CALL = {"type": "phone_number", "title": "Call 112", "payload": "+112"}


@pytest.mark.asyncio
async def test_quick_replies_and_templates_up_to_the_limits_are_taken() -> None:
    widest = {"text": "x" * 2000, "quick_replies": [quick("x" * 20, "x" * 1000)] * 13}
    link = {"type": "web_url", "title": "Map", "url": "https://x.example"}
    phone = {"type": "phone_number", "title": "Poison line", "payload": "+18002221222"}
    async with Facebook() as vendor:
        status, answer = await call(vendor, message=widest)
        assert (await call(vendor, **template(link, phone)))[0] == 200
    assert (status, answer["recipient_id"]) == (200, HER)
    assert len(vendor.sent[0].buttons) == 13
    assert vendor.sent[1].buttons[1] == Button("Poison line", url="tel:+18002221222")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("code", "says", "fields"),
    [
        (190, "Invalid OAuth", {"token": "wrong"}),
        (100, "recipient", {"recipient": {}}),
        (100, "No matching user", {"recipient": {"id": "5"}}),
        (100, "messaging_type", {"messaging_type": "SPAM"}),
        (100, "cannot be empty", {"message": {"text": ""}}),
        (100, "equal to 2000", {"message": {"text": "x" * 2001}}),
        (100, "equal to 13", {"message": {"text": "x", "quick_replies": [quick()] * 14}}),
        (100, "equal to 20", {"message": {"text": "x", "quick_replies": [quick("x" * 21)]}}),
        (100, "payload] is required", {"message": {"text": "x", "quick_replies": [quick(payload="")]}}),
        (100, "equal to 3", template(*[{**CALL, "payload": "+18002221222"}] * 4)),
        (100, "equal to 640", template(CALL, text="x" * 641)),
        (100, "country code", template(CALL)),
        (100, "appsecret_proof", {"appsecret_proof": "0" * 64}),
    ],
)
async def test_what_messenger_refuses_is_refused(code: int, says: str, fields: dict[str, Any]) -> None:
    async with Facebook() as vendor:
        status, error = await call(vendor, **fields)
    assert status == 400
    assert (error["code"], error["type"]) == (code, "OAuthException")
    assert says in error["message"]
    assert error["fbtrace_id"]
    assert not vendor.sent


@pytest.mark.asyncio
async def test_a_right_proof_and_a_sender_action_are_taken() -> None:
    proof = hmac.new(Facebook.secret.encode(), Facebook.token.encode(), hashlib.sha256).hexdigest()
    async with Facebook() as vendor:
        assert (await call(vendor, appsecret_proof=proof))[0] == 200
        assert (await call(vendor, sender_action="typing_on"))[0] == 200
        assert (await call(vendor, sender_action="dance"))[0] == 400
    assert len(vendor.sent) == 1


@pytest.mark.asyncio
async def test_switched_on_errors_are_the_graphs() -> None:
    async with Facebook() as vendor:
        vendor.faults.change(kind="429", times=1)
        limited = await call(vendor)
        vendor.faults.change(kind="500", times=1)
        broken = await call(vendor)
    assert (limited[1]["code"], broken[0], broken[1]["code"]) == (613, 500, 2)


def test_webhooks_are_signed_and_have_their_shapes() -> None:
    vendor = Facebook()
    pressed = vendor.press(Button("More", "/more"), HER)
    assert pressed is not None
    for webhook in (vendor.message("he's blue \u2014 help"), vendor.media("voice"), pressed):
        right = hmac.new(vendor.secret.encode(), webhook.body, hashlib.sha256).hexdigest()
        assert webhook.headers["X-Hub-Signature-256"] == f"sha256={right}"
    event = json.loads(pressed.body)["entry"][0]["messaging"][0]
    assert event["message"]["quick_reply"] == {"payload": "/more"}
    assert event["sender"] == {"id": HER}
    several = json.loads(vendor.batch([("one", "1"), ("two", "2")]).body)["entry"][0]["messaging"]
    assert [(e["sender"]["id"], e["message"]["text"]) for e in several] == [("1", "one"), ("2", "two")]


@pytest.mark.asyncio
async def test_the_subscription_wants_its_challenge_back(bot: Listener) -> None:
    async with Facebook(bot.url) as vendor:
        assert "did not return" in await vendor.handshake()
    assert "hub.verify_token=fake-facebook-verify" in bot.heard[0].path
