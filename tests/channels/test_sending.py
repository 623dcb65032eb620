"""The way out: tried again within bounds, in order, emergencies first, and nobody waits for somebody else."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from assistant.channels import sending
from assistant.channels.messages import Address
from assistant.channels.sending import Outbox, Outcome, Outgoing
from assistant.overload.line import CALM, GRAVE, URGENT, Line
from baclofen.channel_shape import Call, Choice, Part
from tests.channels.people import chat_of, somebody
from tests.channels.vendors import Answer, SlackCaller, TelegramCaller, TwilioCaller, Vendors

EMERGENCY = "he is not breathing"


ROUNDING = 0.002  # seconds: uvloop's timers count whole milliseconds, and may end one early


def outgoing(text: str, conversation: str = "a", rank: int = CALM, **more: Any) -> Outgoing:
    level = "emergency" if rank == GRAVE else "none"
    return Outgoing(conversation, Address(conversation), Part(text), level, rank, **more)


async def emptied(outbox: Outbox, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while outbox.waiting:
        assert time.monotonic() < end, "the outbox did not get empty"
        await asyncio.sleep(0.01)


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(test())  # type: ignore[arg-type]


class Vendor:
    """Answers with what it was given, then with success; keeps what it was sent."""

    def __init__(self, *outcomes: Outcome | float) -> None:
        self.outcomes = list(outcomes)
        self.texts: list[str] = []
        self.addresses: list[str] = []
        self.parts: list[Part] = []
        self.times: list[float] = []

    async def __call__(self, address: Address, part: Part) -> Outcome:
        self.texts.append(part.text)
        self.addresses.append(address.to)
        self.parts.append(part)
        self.times.append(time.monotonic())
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome("sent")
        if isinstance(outcome, float):
            await asyncio.sleep(outcome)
            return Outcome("sent")
        return outcome


def test_what_fails_for_a_moment_is_tried_again_until_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "BACK_OFF", 0.01)

    async def test() -> None:
        vendor = Vendor(Outcome("later", "500"), Outcome("later", "time-out"))
        outbox = Outbox("sms", vendor)
        outbox.put(outgoing("one"))
        outbox.put(outgoing("two"))
        await emptied(outbox)
        assert vendor.texts == ["one", "one", "one", "two"]
        assert outbox.counts["sent"] == 2

    run(test)


def test_what_a_vendor_refuses_is_tried_once_more_plainly_and_then_elsewhere() -> None:
    async def test() -> None:
        vendor = Vendor(*[Outcome("refused", "400")] * 3)
        outbox = Outbox("slack", vendor)
        part = Part("call", (Choice("more", "/more"),), calls=(Call("emergency", "911", "tel:911"),))
        outbox.put(Outgoing("a", Address("private"), part, "crisis", GRAVE, Address("group")))
        await emptied(outbox)
        assert [bool(part.calls or part.choices) for part in vendor.parts] == [True, False, False]
        assert vendor.addresses == ["private", "private", "group"]

    run(test)


def test_an_emergency_that_cannot_be_delivered_is_counted_and_logged_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def test() -> None:
        outbox = Outbox("sms", Vendor(Outcome("refused", "21610")))
        outbox.put(outgoing("call 999", "+447700900123", GRAVE))
        await emptied(outbox)
        assert outbox.counts["undelivered_emergency"] == 1

    with caplog.at_level(logging.INFO):
        run(test)
    assert "21610" in caplog.text
    assert "call 999" not in caplog.text
    assert "7700900123" not in caplog.text


def test_a_calm_message_that_cannot_be_delivered_is_no_emergency() -> None:
    async def test() -> None:
        outbox = Outbox("sms", Vendor(Outcome("refused", "400")))
        outbox.put(outgoing("hello"))
        await emptied(outbox)
        assert outbox.counts["undelivered"] == 1
        assert outbox.counts["undelivered_emergency"] == 0

    run(test)


def test_a_message_is_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "BACK_OFF", 0.02)
    monkeypatch.setattr(sending, "LONGEST_BACK_OFF", 0.05)
    monkeypatch.setattr(sending, "GIVE_UP", {True: 0.6, False: 0.2})

    async def test() -> None:
        outbox = Outbox("sms", Vendor(*[Outcome("later", "500")] * 1000))
        outbox.put(outgoing("hello"))
        outbox.put(outgoing("call 999", "b", GRAVE))
        await emptied(outbox, 5)
        assert outbox.counts["undelivered"] == 2
        assert outbox.counts["undelivered_emergency"] == 1

    run(test)


def test_a_wait_that_the_vendor_asks_for_is_kept() -> None:
    async def test() -> None:
        vendor = Vendor(Outcome("later", "429", 0.5))
        outbox = Outbox("telegram", vendor)
        outbox.put(outgoing("one", "a"))
        await asyncio.sleep(0.05)
        outbox.put(outgoing("other", "b"))
        await emptied(outbox)
        assert vendor.texts == ["one", "other", "one"]  # another chat does not wait
        assert vendor.times[2] - vendor.times[0] >= 0.5 - ROUNDING

    run(test)


def test_a_wait_for_the_whole_account_is_kept_by_everybody() -> None:
    async def test() -> None:
        vendor = Vendor(Outcome("later", "429", 0.5, is_shared=True))
        outbox = Outbox("slack", vendor)
        outbox.put(outgoing("one", "a"))
        await asyncio.sleep(0.05)
        outbox.put(outgoing("other", "b"))
        await emptied(outbox)
        assert vendor.times[1] - vendor.times[0] >= 0.5 - ROUNDING

    run(test)


def test_a_conversation_stays_in_order_and_holds_up_no_other() -> None:
    async def test() -> None:
        vendor = Vendor(0.5)
        outbox = Outbox("sms", vendor)
        for text in ("one", "two", "three"):
            outbox.put(outgoing(text, "a"))
        await asyncio.sleep(0.05)
        outbox.put(outgoing("other", "b"))
        await emptied(outbox)
        assert vendor.texts == ["one", "other", "two", "three"]

    run(test)


def test_an_emergency_does_not_wait_for_the_calm_messages_of_its_conversation() -> None:
    async def test() -> None:
        vendor = Vendor(0.5)
        outbox = Outbox("sms", vendor)
        outbox.put(outgoing("calm", "a"))
        outbox.put(outgoing("calmer", "a"))
        await asyncio.sleep(0.05)
        outbox.put(outgoing("call 999", "a", GRAVE))
        await emptied(outbox)
        assert vendor.texts == ["calm", "call 999", "calmer"]

    run(test)


def test_places_are_kept_free_for_emergencies_while_calm_messages_hang() -> None:
    async def test() -> None:
        vendor = Vendor(*[0.5] * sending.AT_ONCE)
        outbox = Outbox("sms", vendor)
        for number in range(sending.AT_ONCE * 2):
            outbox.put(outgoing("calm", f"calm {number}"))
        await asyncio.sleep(0.1)
        assert len(vendor.texts) == sending.AT_ONCE - sending.RESERVED
        outbox.put(outgoing("call 999", "a", GRAVE))
        await asyncio.sleep(0.1)
        assert vendor.texts[-1] == "call 999"
        await outbox.close()

    run(test)


def test_queues_are_bounded_and_an_emergency_still_finds_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LONGEST_QUEUE", 20)

    async def test() -> None:
        outbox = Outbox("sms", Vendor(*[30.0] * 100))
        taken = [outbox.put(outgoing("calm", f"c{number}")) for number in range(30)]
        assert taken.count(True) == 20
        assert outbox.put(outgoing("call 999", "e", GRAVE))
        assert outbox.counts["dropped"] == 10
        await outbox.close()

    run(test)


def test_the_gravest_goes_first_in_a_line() -> None:
    async def test() -> None:
        line, order = Line(1), []

        async def come(name: str, rank: int) -> None:
            async with line.place(rank):
                order.append(name)
                await asyncio.sleep(0.02)

        tasks = [asyncio.create_task(come("first", CALM))]
        await asyncio.sleep(0)
        for name, rank in (("calm", CALM), ("urgent", URGENT), ("grave", GRAVE), ("calm too", CALM)):
            tasks.append(asyncio.create_task(come(name, rank)))
            await asyncio.sleep(0)
        tasks[1].cancel()  # whoever goes away leaves no gap
        await asyncio.gather(*tasks, return_exceptions=True)
        assert order == ["first", "grave", "urgent", "calm too"]

    run(test)


def limited(channel: str) -> Answer:
    """Return how a vendor says "too often, wait a second"."""
    if channel == "telegram":
        return Answer(429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 1}})
    if channel == "slack":
        return Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
    if channel == "messenger":
        return Answer(400, {"error": {"code": 613, "message": "limit"}}, {"Retry-After": "1"})
    return Answer(429, {"code": 20429, "status": 429}, {"Retry-After": "1"})


def once(vendors: Vendors, to: str, answer: Answer) -> None:
    """Have the next message to somebody answered that way."""
    used: list[int] = []

    def rule(sent: Any) -> Answer | None:
        if sent.to != to or used:
            return None
        used.append(1)
        return answer

    vendors.rules.append(rule)


def test_too_often_is_waited_out_as_long_as_the_vendor_says(
    channel: str, caller: Any, vendors: Vendors
) -> None:
    person = somebody(channel)
    to = chat_of(channel, person)
    once(vendors, to, limited(channel))
    caller.say(EMERGENCY, person)
    sent = vendors.wait(to, 2)
    tried = [t for t in vendors.tried if t.to == to]
    assert sent[0].text == tried[0].text == tried[1].text
    assert tried[1].at - tried[0].at >= 1.0 - ROUNDING


def test_a_fault_of_the_vendor_costs_a_moment_and_no_message(
    channel: str, caller: Any, vendors: Vendors
) -> None:
    person = somebody(channel)
    to = chat_of(channel, person)
    once(vendors, to, Answer(500, {"oops": 1}))
    caller.say(EMERGENCY, person)
    sent = vendors.wait(to, 2)
    assert "999" in sent[0].text or "911" in sent[0].text
    assert len([t for t in vendors.tried if t.to == to]) == len(sent) + 1


def test_blocks_that_slack_refuses_are_sent_as_plain_words(slack: SlackCaller, vendors: Vendors) -> None:
    person = somebody("slack")
    vendors.rules.append(
        lambda sent: Answer(200, {"ok": False, "error": "invalid_blocks"}) if "blocks" in sent.body else None
    )
    slack.say(EMERGENCY, person)
    assert "911" in vendors.wait(f"D{person}", 2)[0].text


def test_a_vendor_that_hangs_keeps_no_other_channel_waiting(
    sms: TwilioCaller, telegram: TelegramCaller, vendors: Vendors
) -> None:
    vendors.rules.append(lambda sent: Answer(500, {}, after=5.0) if sent.channel == "twilio" else None)
    for _ in range(5):
        assert sms.say("What is baclofen?", somebody("sms")).status_code == 200
    person, begin = somebody("telegram"), time.monotonic()
    telegram.say(EMERGENCY, person)
    vendors.wait(person, 1, quiet=0.0)
    assert time.monotonic() - begin < 5.0  # less than the one that hangs takes


def test_a_message_that_can_never_be_sent_leaves_no_number_in_the_log(
    sms: TwilioCaller, vendors: Vendors
) -> None:
    person = somebody("sms")
    told = Answer(400, {"code": 21211, "message": f"The 'To' number {person} is not valid.", "status": 400})
    vendors.rules.append(lambda sent: told if sent.to == person else None)
    sms.say(EMERGENCY, person)
    deadline = time.monotonic() + 10
    while "21211" not in sms.bot.output() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "A message of an emergency could not be sent" in sms.bot.output()
    assert "21211" in sms.bot.output()
    assert person[1:] not in sms.bot.output()
