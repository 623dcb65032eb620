"""Slack's stand-in, driven by Slack's own library."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, SectionBlock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from assistant.fakes import Button, Slack
from assistant.fakes.slack import BOT_USER, direct

HER = Slack.user
HOME = direct(HER)


@asynccontextmanager
async def workspace(token: str = Slack.token) -> AsyncIterator[tuple[Slack, AsyncWebClient]]:
    """Yield the stand-in and Slack's client; the user has written."""
    async with Slack() as vendor:
        vendor.message("hello", HER)
        yield vendor, AsyncWebClient(token, base_url=f"{vendor.url}/api/", timeout=3)


def text(words: str, kind: str = "mrkdwn") -> dict[str, str]:
    return {"type": kind, "text": words}


def section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": text(words)}


def button(words: str = "More", **more: str) -> dict[str, Any]:
    return {"type": "button", "text": text(words, "plain_text"), **more}


def actions(*buttons: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "elements": list(buttons)}]


@pytest.mark.asyncio
async def test_slacks_library_can_send_its_own_blocks() -> None:
    blocks = [
        SectionBlock(text="Call *112* now."),
        ActionsBlock(elements=[ButtonElement(text="Call 112", url="tel:112", action_id="call")]),
    ]
    async with workspace() as (vendor, client):
        answer = await client.chat_postMessage(channel=HOME, text="Call 112 now.", blocks=blocks)
        await client.chat_postMessage(channel=HER, text="to a user's id")
    assert answer["ok"]
    assert [(sent.to, sent.text) for sent in vendor.sent] == [
        (HOME, "Call *112* now."),
        (HOME, "to a user's id"),
    ]
    assert vendor.sent[0].buttons == (Button("Call 112", url="tel:112", name="call"),)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("error", "fields"),
    [
        ("channel_not_found", {"channel": "C0NOWHERE0"}),
        ("no_text", {"text": ""}),
        ("msg_too_long", {"text": "x" * 40_001}),
        ("invalid_blocks", {"blocks": [section("x" * 3001)]}),
        ("invalid_blocks", {"blocks": [section("")]}),
        ("invalid_blocks", {"blocks": [section("x")] * 51}),
        ("invalid_blocks", {"blocks": actions(*[button()] * 26)}),
        ("invalid_blocks", {"blocks": actions()}),
        ("invalid_blocks", {"blocks": actions(button("x" * 76))}),
        ("invalid_blocks", {"blocks": actions(button(value="x" * 2001))}),
        ("invalid_blocks", {"blocks": actions(button(style="loud"))}),
        ("invalid_blocks", {"blocks": actions(button(action_id="a"), button(action_id="a"))}),
        ("invalid_blocks", {"blocks": [{"type": "header", "text": text("x")}]}),
        ("invalid_blocks", {"blocks": [{"type": "banner"}]}),
    ],
)
async def test_what_slack_refuses_is_refused(error: str, fields: dict[str, Any]) -> None:
    async with workspace() as (vendor, client):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(**{"channel": HOME, "text": "hello", **fields})
    assert caught.value.response["error"] == error
    assert [refusal.code for refusal in vendor.refused] == [error]
    assert not vendor.sent


@pytest.mark.asyncio
async def test_what_slack_just_takes_is_taken() -> None:
    widest = [section("x" * 3000)] * 49 + actions(*[button("x" * 75, value="x" * 2000)] * 25)
    async with workspace() as (vendor, client):
        await client.chat_postMessage(channel=HOME, text="x" * 40_000)
        await client.chat_postMessage(channel=HOME, text="hello", blocks=widest)
    assert len(vendor.sent) == 2
    assert len(vendor.sent[1].buttons) == 25


@pytest.mark.asyncio
@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth")])
async def test_a_wrong_token_is_refused(token: str, error: str) -> None:
    async with workspace(token) as (_, client):
        with pytest.raises(SlackApiError) as caught:
            await client.auth_test()
    assert caught.value.response["error"] == error


@pytest.mark.asyncio
async def test_the_calls_for_a_private_word() -> None:
    async with workspace() as (vendor, client):
        vendor.message(f"<@{BOT_USER}> help", HER, group="C0CARERS00")
        me = await client.auth_test()
        opened = await client.conversations_open(users=[HER])
        await client.chat_postEphemeral(channel="C0CARERS00", user=HER, text="only you")
        with pytest.raises(SlackApiError, match="user_not_in_channel"):
            await client.chat_postEphemeral(channel="C0CARERS00", user="U0OTHER000", text="x")
        with pytest.raises(SlackApiError, match="user_not_found"):
            await client.conversations_open(users="nobody")
        who = await client.users_info(user=HER, include_locale=True)
    assert (me["user_id"], opened["channel"]["id"]) == (BOT_USER, HOME)
    assert who["user"]["locale"] == "en-US"
    assert [(sent.text, sent.only_for) for sent in vendor.sent] == [("only you", HER)]


@pytest.mark.asyncio
async def test_a_rate_limit_says_how_long_to_wait() -> None:
    async with workspace() as (vendor, client):
        vendor.faults.change(kind="429", seconds=7, times=1)
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=HOME, text="x")
        await client.chat_postMessage(channel=HOME, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    assert len(vendor.sent) == 1


def test_slacks_verifier_accepts_what_is_signed_now_and_nothing_else() -> None:
    vendor = Slack()
    verifier = SignatureVerifier(vendor.secret)
    pressed = vendor.press(Button("More", "/more"))
    assert pressed is not None
    for webhook in (vendor.message("he's blue \u2014 help"), vendor.media("voice"), pressed):
        assert verifier.is_valid_request(webhook.body, dict(webhook.headers))
        assert not verifier.is_valid_request(webhook.body + b" ", dict(webhook.headers))
        assert not SignatureVerifier("other").is_valid_request(webhook.body, dict(webhook.headers))
        stale = vendor.signed_at(webhook, int(time.time()) - 600)
        assert not verifier.is_valid_request(stale.body, dict(stale.headers))


def test_events_have_their_shapes() -> None:
    vendor = Slack()
    private = json.loads(vendor.message("hi", HER).body)["event"]
    named = json.loads(vendor.message(f"<@{BOT_USER}> hi", HER, group="C1").body)["event"]
    overheard = json.loads(vendor.message("hi", HER, group="C1").body)["event"]
    pressed = vendor.press(Button("More", "/more"), HER)
    assert pressed is not None
    action = json.loads(parse_qs(pressed.body.decode())["payload"][0])
    assert (private["type"], private["channel_type"]) == ("message", "im")
    assert (named["type"], named["channel"]) == ("app_mention", "C1")
    assert (overheard["type"], overheard["channel_type"]) == ("message", "channel")
    assert (action["type"], action["actions"][0]["value"]) == ("block_actions", "/more")
    called = vendor.press(Button("Call", url="tel:112", name="call0"), HER)
    assert called is not None
    link = json.loads(parse_qs(called.body.decode())["payload"][0])["actions"][0]
    assert (link["action_id"], link["url"], "value" in link) == ("call0", "tel:112", False)
