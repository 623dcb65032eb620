"""The load of the messaging channels: what is sent, what is counted, and the bot itself with fewer calls."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from assistant.fakes import Sent
from benchmarks.channels import bot, judge, page
from benchmarks.channels.__main__ import by_level, source
from benchmarks.channels.drive import Outcome, burst, drive
from benchmarks.channels.plan import CHANNELS, Call, Source
from benchmarks.channels.vendors import Vendors, address
from benchmarks.processes import free_port

CALM, GRAVE = ("what is it",), ("he wont wake up",)


def simple() -> Source:
    return Source(CALM, GRAVE)


class Standin:
    """A bot that acknowledges everything and answers each webhook with one text: no verification, no memory.

    Attributes:
        careful: it checks Slack's signatures and remembers Slack's events.
    """

    def __init__(self, careful: bool = False) -> None:
        self.careful = careful
        self.vendors: Vendors | None = None
        self._events: set[str] = set()

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        channel = {"twilio": "sms", "facebook": "messenger"}.get(request.match_info["channel"])
        channel = channel or request.match_info["channel"]
        assert self.vendors is not None
        if self.careful and channel == "slack":
            verifier = SignatureVerifier(self.vendors.slack.secret)
            if not verifier.is_valid_request(body, dict(request.headers)):
                return web.Response(status=403)
            event = json.loads(body)["event_id"]
            if event in self._events:
                return web.Response(text="ok")
            self._events.add(event)
        await self._send(channel, body)
        return web.Response(text="ok")

    async def _send(self, channel: str, body: bytes) -> None:
        assert self.vendors is not None
        fake = self.vendors.by_channel[channel]
        url, auth, payload = fake.url, None, {}
        if channel in ("sms", "whatsapp"):
            to, account = parse_qs(body.decode())["From"][0], fake.account  # type: ignore[attr-defined]
            url += f"/2010-04-01/Accounts/{account}/Messages.json"
            sender = fake.numbers[channel == "whatsapp"]  # type: ignore[attr-defined]
            payload = {"To": to, "From": sender, "Body": "answer"}
            auth = aiohttp.BasicAuth(account, fake.auth_token)  # type: ignore[attr-defined]
        elif channel == "telegram":
            url += f"/bot{fake.token}/sendMessage"  # type: ignore[attr-defined]
            payload = {"chat_id": str(json.loads(body)["message"]["chat"]["id"]), "text": "answer"}
        elif channel == "slack":
            url += "/api/chat.postMessage"
            to = json.loads(body)["event"]["channel"]
            payload = {"channel": to, "text": "answer", "token": fake.token}  # type: ignore[attr-defined]
        else:
            url += "/v19.0/me/messages"
            to = json.loads(body)["entry"][0]["messaging"][0]["sender"]["id"]
            payload = {
                "recipient": json.dumps({"id": to}),
                "message": json.dumps({"text": "answer"}),
                "access_token": fake.token,  # type: ignore[attr-defined]
            }
        async with aiohttp.ClientSession() as client, client.post(url, data=payload, auth=auth) as reply:
            assert reply.status in (200, 201), await reply.text()


@asynccontextmanager
async def served(standin: Standin) -> AsyncIterator[Vendors]:
    listener = socket.create_server(("127.0.0.1", 0))
    app = web.Application()
    app.router.add_post("/webhooks/{channel}/webhook", standin.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    async with Vendors(f"http://127.0.0.1:{listener.getsockname()[1]}") as vendors:
        standin.vendors = vendors
        yield vendors
    await runner.cleanup()


def test_a_fifth_are_duplicates_and_a_fifth_forgeries_on_all_channels() -> None:
    calls = simple().mixed(1000)
    kinds = Counter(call.kind for call in calls)
    genuine = [call for call in calls if call.kind == "genuine"]
    assert kinds == {"genuine": 600, "duplicate": 200, "forged": 200}
    assert set(CHANNELS) == {call.channel for call in genuine}
    assert sum(call.grave for call in genuine) == 120
    assert len({call.user for call in calls if call.kind != "duplicate"}) == 800


def test_a_duplicate_follows_its_original_and_is_never_one_of_a_forgery() -> None:
    calls = simple().mixed(500)
    first = {call.number: place for place, call in enumerate(calls) if call.kind == "genuine"}
    later = [place - first[call.number] for place, call in enumerate(calls) if call.kind == "duplicate"]
    assert min(later) >= 1
    assert len(set(later)) > 5


@pytest.mark.asyncio
async def test_forgeries_are_not_signed_as_the_vendor_signs_and_duplicates_are_the_same_bytes() -> None:
    vendors = Vendors("http://127.0.0.1:9")
    verifier = SignatureVerifier(vendors.slack.secret)
    for call in simple().mixed(300):
        webhook = vendors.webhook(call)
        if call.kind == "genuine":
            again = vendors.webhook(Call(**{**vars(call), "kind": "duplicate"}))
            assert again.body == webhook.body
        if call.channel == "slack":
            is_valid = verifier.is_valid_request(webhook.body, dict(webhook.headers))
            assert is_valid == (call.kind != "forged")


@pytest.mark.asyncio
async def test_a_careless_bot_is_found_out_on_every_channel() -> None:
    calls = simple().mixed(100)
    async with served(Standin()) as vendors:
        found = judge.by_channel(await drive(vendors, calls, 400, settled=0.3), vendors.received())
    for channel in CHANNELS:
        counts = found[channel]
        assert counts.forged_answered == counts.forged_taken == counts.forged > 0, channel
        assert counts.twice == counts.duplicates > 0, channel
    assert not found["all"].is_sound


@pytest.mark.asyncio
async def test_a_careful_bot_is_sound() -> None:
    calls = [call for call in simple().mixed(100) if call.channel == "slack"]
    async with served(Standin(careful=True)) as vendors:
        outcomes = await drive(vendors, calls, 400, settled=0.3)
        received = vendors.received()
    counts = judge.count(outcomes, received)
    assert counts.is_sound
    assert counts.once == counts.genuine > 0
    assert judge.acknowledgements(outcomes).count == counts.genuine + counts.duplicates
    assert judge.first_messages(outcomes, received).count == counts.genuine


def outcome(call: Call, status: int = 200, begin: float = 0.0) -> Outcome:
    return Outcome(call, status, 5.0, begin)


def said(call: Call, at: float, text: str = "answer") -> tuple[tuple[str, str], list[Sent]]:
    channel, to = address(call)
    return (channel, to), [Sent("m", to, text, {}, at)]


def test_a_message_without_an_answer_and_one_that_was_not_taken_are_counted() -> None:
    first, second, third = simple().messages(3)
    received = dict([said(first, 1.0), said(third, 1.0)])
    counts = judge.count([outcome(first), outcome(second), outcome(third, status=500)], received)
    assert (counts.once, counts.never, counts.not_taken) == (2, 1, 1)
    assert not counts.is_sound


def test_the_same_text_twice_is_a_second_answer_and_two_texts_are_not() -> None:
    first, second = simple().messages(2)
    received = dict([said(first, 1.0), said(second, 1.0)])
    received[address(first)].append(received[address(first)][0])
    received[address(second)] += dict([said(second, 1.1, "more")])[address(second)]
    counts = judge.count([outcome(first), outcome(second)], received)
    assert (counts.once, counts.twice) == (1, 1)


def test_overtaken_is_the_share_of_calm_answers_after_the_last_emergency() -> None:
    source = simple()
    calm, grave = source.messages(4, share_grave=0.0), source.messages(1, share_grave=1.0)
    moments = zip([*calm, *grave], (1.0, 2.5, 3.0, 4.0, 2.0), strict=True)
    received = dict(said(call, at) for call, at in moments)
    assert judge.overtaken([outcome(call) for call in [*calm, *grave]], received) == 0.75


def test_the_page_names_the_counts_and_the_change() -> None:
    times = {"acknowledged": judge.Times(1.0, 10.0, 5)}
    worse = {"acknowledged": judge.Times(1.0, 99.0, 5)}
    slower = {"acknowledged": judge.Times(1.0, 11.5, 5)}
    counts = {"all": judge.Counts(600, 200, 200, 598, 1, 1, 0, 0, 0)}
    run = page.Run(
        command="python -m benchmarks.channels",
        date="today",
        machine={"processor": "p"},
        load=(0.1, 0.2),
        others=0.04,
        per_second=50.0,
        counts=counts,
        refused=3,
        acknowledged=times,
        first=times,
        crowd=(150, 15),
        crowd_first=times,
        overtaken=0.9,
        hanging=page.Hanging("telegram", 125, 25.0, (times, worse, times), (slower, slower)),
    )
    shown = page.to_markdown(run)
    assert "| all | 600 | 598 | 1 | 1 | 200 | 0 | 200 | 0 | 0 |" in shown
    assert "| acknowledged | 10, 10, 99 | 11.5, 11.5 | +15% |" in shown
    assert "90% of the calm ones" in shown
    assert "took 4% of" in shown
    assert "too many buttons): 3." in shown


@pytest.mark.slow
@pytest.mark.asyncio
async def test_the_bot_answers_every_genuine_webhook_once_and_no_forged_one(tmp_path: Path) -> None:
    port, messages = free_port(), source()
    async with (
        Vendors(f"http://127.0.0.1:{port}") as vendors,
        bot.running(port, vendors.environment(), tmp_path),
    ):
        outcomes = await drive(vendors, messages.mixed(200), 20)
        found: dict[str, Any] = judge.by_channel(outcomes, vendors.received())
        calm, grave = (messages.messages(n, share_grave=s) for n, s in ((40, 0.0), (5, 1.0)))
        crowd = await burst(vendors, calm, grave, 0.05)
        waits = by_level(crowd, vendors.received())
    unsound = {channel: counts for channel, counts in found.items() if not counts.is_sound}
    assert unsound == {}
    assert (found["all"].genuine, found["all"].duplicates, found["all"].forged) == (120, 40, 40)
    assert not [refusal for fake in vendors.fakes for refusal in fake.refused]
    assert (waits["emergencies"].count, waits["other messages"].count) == (5, 40)
