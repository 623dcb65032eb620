"""The same way of a message on every channel: acknowledged at once, answered once, in order."""

from __future__ import annotations

from typing import Any

from tests.channels.people import chat_of, somebody
from tests.channels.vendors import Vendors

EMERGENCY = "he is not breathing"


def test_an_emergency_is_acknowledged_and_opens_with_the_number(
    channel: str, caller: Any, vendors: Vendors
) -> None:
    person = somebody(channel)
    reply = caller.say(EMERGENCY, person)
    assert reply.status_code == 200
    sent = vendors.wait(chat_of(channel, person), 2)
    assert ("999" if channel in ("sms", "whatsapp") else "911") in sent[0].text
    assert "While you wait" in sent[1].text


def test_a_question_is_answered_and_raises_no_alarm(channel: str, caller: Any, vendors: Vendors) -> None:
    person = somebody(channel)
    caller.say("What is baclofen?", person)
    sent = vendors.wait(chat_of(channel, person))
    assert "relaxes muscles" in sent[0].text
    assert not any("999" in s.text or "911" in s.text for s in sent)


def test_a_second_message_is_heard_in_the_same_conversation(
    channel: str, caller: Any, vendors: Vendors
) -> None:
    person = somebody(channel)
    caller.say(EMERGENCY, person)
    before = len(vendors.wait(chat_of(channel, person), 2))
    caller.say("What is baclofen?", person)
    sent = vendors.wait(chat_of(channel, person), before + 1)
    assert "if no one has called yet" in sent[before].text


def test_somebody_else_is_not_in_that_conversation(channel: str, caller: Any, vendors: Vendors) -> None:
    caller.say(EMERGENCY, somebody(channel))
    other = somebody(channel)
    caller.say("What is baclofen?", other)
    assert "relaxes muscles" in vendors.wait(chat_of(channel, other))[0].text
