"""Telegram's stand-in, driven over HTTP as its documentation says; the vendor has no library of its own."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from assistant.fakes import Button, Telegram

HER = Telegram.user


async def call(vendor: Telegram, method: str, token: str = Telegram.token, **fields: Any) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{vendor.url}/bot{token}/{method}", json=fields) as reply,
    ):
        found: dict[str, Any] = await reply.json()
        assert found["ok"] == (reply.status == 200)
        assert found["ok"] or found["error_code"] == reply.status
        return found


async def known(vendor: Telegram) -> Telegram:
    """Let the user write first, as Telegram asks."""
    vendor.message("hello", HER)
    return vendor


def inline(*rows: list[dict[str, str]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


@pytest.mark.asyncio
async def test_a_message_with_buttons_is_taken_as_json_and_as_a_form() -> None:
    markup = inline(
        [{"text": "More", "callback_data": "/more"}], [{"text": "Map", "url": "https://x.example"}]
    )
    async with Telegram() as vendor:
        await known(vendor)
        first = await call(vendor, "sendMessage", chat_id=int(HER), text="Call 112 now.", reply_markup=markup)
        form = {"chat_id": HER, "text": "Again", "reply_markup": json.dumps(markup)}
        async with (
            aiohttp.ClientSession() as client,
            client.post(f"{vendor.url}/bot{vendor.token}/sendMessage", data=form) as reply,
        ):
            assert reply.status == 200
    assert first["result"]["text"] == "Call 112 now."
    assert [sent.text for sent in vendor.sent] == ["Call 112 now.", "Again"]
    assert vendor.sent[1].buttons == (Button("More", "/more"), Button("Map", url="https://x.example"))


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("status", "says", "fields"),
    [
        (401, "Unauthorized", {"token": "1:wrong"}),
        (400, "message text is empty", {"text": ""}),
        (400, "message is too long", {"text": "x" * 4097}),
        (400, "message is too long", {"text": "\U0001f622" * 2049}),
        (400, "chat not found", {"chat_id": -5}),
        (403, "can't initiate", {"chat_id": 5}),
        (
            400,
            "BUTTON_DATA_INVALID",
            {"reply_markup": inline([{"text": "a", "callback_data": "\u00e9" * 33}])},
        ),
        (400, "Unsupported URL", {"reply_markup": inline([{"text": "Call", "url": "tel:112"}])}),
        (400, '"text" must be', {"reply_markup": inline([{"text": "", "callback_data": "a"}])}),
        (400, "unallowed", {"reply_markup": inline([{"text": "a"}])}),
        (400, "too long", {"reply_markup": inline([{"text": "a", "callback_data": "a"}] * 101)}),
        (400, "end tag", {"text": "<b>bold", "parse_mode": "HTML"}),
        (400, "Unsupported start tag", {"text": "<h1>big</h1>", "parse_mode": "HTML"}),
    ],
)
async def test_what_telegram_refuses_is_refused(status: int, says: str, fields: dict[str, Any]) -> None:
    async with Telegram() as vendor:
        await known(vendor)
        found = await call(vendor, "sendMessage", **{"chat_id": int(HER), "text": "hello", **fields})
    assert found["error_code"] == status
    assert says in found["description"]
    assert not vendor.sent


@pytest.mark.asyncio
async def test_what_telegram_just_takes_is_taken() -> None:
    widest = inline([{"text": "a", "callback_data": "\u00e9" * 32}])
    async with Telegram() as vendor:
        await known(vendor)
        for fields in (
            {"text": "\U0001f622" * 2048},
            {"text": "x" * 4096, "reply_markup": widest},
            {"text": "<b>5 &lt; 6</b>", "parse_mode": "HTML"},
        ):
            assert (await call(vendor, "sendMessage", chat_id=HER, **fields))["ok"]
    assert vendor.sent[-1].text == "5 < 6"


@pytest.mark.asyncio
async def test_a_member_of_a_group_is_out_of_reach_until_they_write_to_the_bot() -> None:
    async with Telegram() as vendor:
        vendor.message("@baclofen_fake_bot help", "77", group="-100")
        assert (await call(vendor, "sendMessage", chat_id=77, text="hi"))["error_code"] == 403
        assert (await call(vendor, "sendMessage", chat_id=-100, text="hi"))["ok"]
        vendor.message("hello", "77")
        assert (await call(vendor, "sendMessage", chat_id=77, text="hi"))["ok"]


@pytest.mark.asyncio
async def test_a_tap_can_be_answered_once() -> None:
    async with Telegram() as vendor:
        webhook = vendor.press(Button("More", "/more"), HER)
        assert webhook is not None
        query = json.loads(webhook.body)["callback_query"]
        assert (query["data"], query["from"]["id"]) == ("/more", int(HER))
        first = await call(vendor, "answerCallbackQuery", callback_query_id=query["id"])
        again = await call(vendor, "answerCallbackQuery", callback_query_id=query["id"])
    assert (first["ok"], again["ok"]) == (True, False)
    assert vendor.press(Button("Map", url="https://x.example"), HER) is None


@pytest.mark.asyncio
async def test_updates_carry_the_secret_that_set_webhook_gave() -> None:
    async with Telegram() as vendor:
        address = "http://127.0.0.1:5005/webhooks/telegram/webhook"
        bad = await call(vendor, "setWebhook", url=address, secret_token="not allowed!")
        plain = await call(vendor, "setWebhook", url="http://bot.example/", secret_token="a")
        before = vendor.message("hi").headers["X-Telegram-Bot-Api-Secret-Token"]
        good = await call(vendor, "setWebhook", url=address, secret_token="my_secret-1")
        info = await call(vendor, "getWebhookInfo")
    assert [found["ok"] for found in (bad, plain, good)] == [False, False, True]
    assert before == Telegram.secret
    assert vendor.message("hi").headers["X-Telegram-Bot-Api-Secret-Token"] == "my_secret-1"
    assert info["result"]["url"] == address


@pytest.mark.asyncio
async def test_too_many_requests_says_how_long_to_wait() -> None:
    async with Telegram() as vendor:
        vendor.faults.change(kind="429", seconds=3, times=1)
        found = await call(vendor, "getMe")
        assert (await call(vendor, "getMe"))["result"]["is_bot"]
    assert found["parameters"] == {"retry_after": 3}
    assert found["error_code"] == 429


@pytest.mark.asyncio
async def test_other_calls_of_the_api() -> None:
    async with Telegram() as vendor:
        await known(vendor)
        assert (await call(vendor, "sendChatAction", chat_id=HER, action="typing"))["result"] is True
        assert not (await call(vendor, "sendChatAction", chat_id=HER, action="dancing"))["ok"]
        assert (await call(vendor, "makeCoffee"))["error_code"] == 404


def test_updates_of_groups_edits_and_media_have_their_shapes() -> None:
    vendor = Telegram()
    grouped = json.loads(vendor.message("hey @baclofen_fake_bot", "5", group="-9").body)["message"]
    edited = json.loads(vendor.message("x", "5", edited=True).body)
    assert (grouped["chat"]["type"], grouped["entities"][0]["offset"]) == ("group", 4)
    assert set(edited) == {"update_id", "edited_message"}
    for kind in ("photo", "voice", "sticker", "location"):
        assert kind in json.loads(vendor.media(kind).body)["message"]
