"""Faults of the stand-ins: of the API, of the delivery, and how they are switched."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from assistant.fakes import Faults, Slack, Telegram
from tests.fakes.listener import Listener


async def me(vendor: Telegram, patience: float = 5.0) -> int:
    """Return the status of a call."""
    timeout = aiohttp.ClientTimeout(total=patience)
    async with (
        aiohttp.ClientSession(timeout=timeout) as client,
        client.get(f"{vendor.url}/bot{vendor.token}/getMe") as reply,
    ):
        return reply.status


@pytest.mark.asyncio
async def test_a_vendor_that_hangs_gives_no_answer_until_it_is_switched_back() -> None:
    async with Telegram() as vendor:
        vendor.faults.change(kind="hang")
        with pytest.raises(asyncio.TimeoutError):
            await me(vendor, patience=0.3)
        vendor.faults.change(kind="none")
        assert await me(vendor) == 200


@pytest.mark.asyncio
async def test_a_vendor_that_drops_closes_the_connection() -> None:
    async with Telegram() as vendor:
        vendor.faults.change(kind="drop", times=1)
        with pytest.raises(aiohttp.ClientError):
            await me(vendor)
        assert await me(vendor) == 200


@pytest.mark.asyncio
async def test_a_slow_vendor_answers_late_and_one_method_alone_can_fail() -> None:
    async with Telegram() as vendor:
        vendor.faults.change(kind="slow", seconds=0.2)
        begin = time.monotonic()
        assert await me(vendor) == 200
        assert time.monotonic() - begin >= 0.198  # uvloop's timers count whole milliseconds
        vendor.faults.change(kind="500", method="sendMessage")
        assert await me(vendor) == 200


@pytest.mark.asyncio
async def test_faults_are_switched_and_the_record_is_read_over_http() -> None:
    async with Telegram() as vendor, aiohttp.ClientSession() as client:
        async with client.post(f"{vendor.url}/_fake/faults", json={"kind": "500", "times": 1}) as reply:
            assert (await reply.json())["kind"] == "500"
        assert [await me(vendor), await me(vendor)] == [500, 200]
        async with client.get(f"{vendor.url}/_fake/sent") as reply:
            assert [refusal["status"] for refusal in (await reply.json())["refused"]] == [500]
        async with client.delete(f"{vendor.url}/_fake/sent"):
            assert not vendor.refused


@pytest.mark.asyncio
async def test_a_user_can_be_made_to_write_over_http(bot: Listener) -> None:
    said = {"text": "hello", "user": "42"}
    async with (
        Telegram(bot.url) as vendor,
        aiohttp.ClientSession() as client,
        client.post(f"{vendor.url}/_fake/say", json=said) as reply,
    ):
        assert [answer["status"] for answer in await reply.json()] == [200]
    assert [heard.path for heard in bot.heard] == ["/webhooks/telegram/webhook"]
    assert b'"id": 42' in bot.heard[0].body


@pytest.mark.parametrize(
    "wrong", [{"kind": "fire"}, {"colour": 1}, {"copies": 0}, {"seconds": -1}, {"times": -1}]
)
def test_a_fault_that_makes_no_sense_is_refused_and_changes_nothing(wrong: dict[str, Any]) -> None:
    faults = Faults()
    with pytest.raises(ValueError, match="."):
        faults.change(**wrong)
    assert faults == Faults()


@pytest.mark.asyncio
async def test_webhooks_come_twice_and_in_reverse_when_told_so(bot: Listener) -> None:
    async with Slack(bot.url) as vendor:
        webhooks = [vendor.message("first"), vendor.message("second")]
        plain = await vendor.deliver(webhooks)
        vendor.faults.change(copies=2, swapped=True)
        many = await vendor.deliver(webhooks)
    assert (len(plain), len(many)) == (2, 4)
    said = [b"first" in heard.body for heard in bot.heard]
    assert said == [True, False, False, False, True, True]
    assert [heard.headers.get("X-Slack-Retry-Num", "") for heard in bot.heard[:2]] == ["", ""]
    assert sorted(heard.headers.get("X-Slack-Retry-Num", "") for heard in bot.heard[2:4]) == ["", "1"]


@pytest.mark.asyncio
async def test_nobody_at_the_bots_address_is_an_answer_of_status_0() -> None:
    async with Slack("http://127.0.0.1:9") as vendor:
        assert [answer.status for answer in await vendor.say("hello")] == [0]
