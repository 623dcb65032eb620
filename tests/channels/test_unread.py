"""Pictures, voices, stickers, places, files, edits, nothing at all: a useful answer, never silence."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.channels.people import chat_of, somebody
from tests.channels.vendors import (
    BOT_USER,
    MessengerCaller,
    SlackCaller,
    TelegramCaller,
    TwilioCaller,
    Vendors,
    number,
)

EMERGENCY = "he is not breathing"
SAYS = {
    "voice": "voice messages",
    "picture": "pictures",
    "sticker": "only read words",
    "place": "where you are",
    "file": "files",
    "empty": "without words",
}
UNREAD = [
    *[
        (name, kind)
        for name in ("sms", "whatsapp")
        for kind in ("voice", "picture", "file", "empty", "place")
    ],
    *[("telegram", kind) for kind in ("voice", "picture", "sticker", "place", "file")],
    *[("slack", kind) for kind in ("voice", "picture", "file", "empty")],
    *[("messenger", kind) for kind in ("voice", "picture", "sticker", "place", "file", "empty")],
]


def send(channel: str, caller: Any, kind: str, person: str, text: str = "") -> None:
    """Send something that holds no text, or a text beside it."""
    if isinstance(caller, TwilioCaller):
        types = {"voice": "audio/ogg", "picture": "image/jpeg", "file": "application/pdf"}
        more = {"NumMedia": "1", "MediaContentType0": types[kind]} if kind in types else {}
        caller.say(
            text, person, **more, **({"Latitude": "51.5", "Longitude": "0"} if kind == "place" else {})
        )
    elif isinstance(caller, TelegramCaller):
        found = {
            "voice": {"voice": {"file_id": "x", "duration": 3}},
            "picture": {"photo": [{"file_id": "x"}]},
            "sticker": {"sticker": {"file_id": "x", "emoji": "\U0001f600"}},
            "place": {"location": {"latitude": 51.5, "longitude": 0.0}},
            "file": {"document": {"file_id": "x"}},
        }[kind]
        caller.call(caller.update(None, person, **found, **({"caption": text} if text else {})))
    elif isinstance(caller, SlackCaller):
        files = {
            "voice": [{"mimetype": "audio/webm", "subtype": "slack_audio"}],
            "picture": [{"mimetype": "image/png"}],
            "file": [{"mimetype": "application/pdf"}],
            "empty": [],
        }[kind]
        caller.say(text, person, **({"files": files, "subtype": "file_share"} if files else {}))
    else:
        found = {
            "voice": [{"type": "audio", "payload": {"url": "x"}}],
            "picture": [{"type": "image", "payload": {"url": "x"}}],
            "sticker": [{"type": "image", "payload": {"url": "x", "sticker_id": 369}}],
            "place": [{"type": "location", "payload": {"coordinates": {"lat": 1, "long": 2}}}],
            "file": [{"type": "file", "payload": {"url": "x"}}],
            "empty": [],
        }[kind]
        caller.call(caller.event(text or None, person, **({"attachments": found} if found else {})))


@pytest.mark.parametrize(("name", "kind"), UNREAD, ids=lambda value: str(value))
def test_what_cannot_be_read_gets_an_answer_with_the_number(
    name: str, kind: str, request: pytest.FixtureRequest, vendors: Vendors
) -> None:
    person = somebody(name)
    send(name, request.getfixturevalue(name), kind, person)
    sent = vendors.wait(chat_of(name, person))
    assert len(sent) == 1
    assert SAYS[kind] in sent[0].text
    assert ("999" if name in ("sms", "whatsapp") else "911") in sent[0].text


def test_a_picture_with_an_emergency_below_it_is_an_emergency_first(
    channel: str, caller: Any, vendors: Vendors
) -> None:
    person = somebody(channel)
    send(channel, caller, "picture", person, EMERGENCY)
    sent = vendors.wait(chat_of(channel, person), 3)
    assert sent[0].text.startswith("Call 9")
    assert "on speaker" in sent[0].text
    assert "pictures" in sent[-1].text


def test_a_voice_message_in_an_emergency_brings_the_words_again(
    channel: str, caller: Any, vendors: Vendors
) -> None:
    person = somebody(channel)
    caller.say(EMERGENCY, person)
    before = len(vendors.wait(chat_of(channel, person), 2))
    send(channel, caller, "voice", person)
    sent = vendors.wait(chat_of(channel, person), before + 2)[before:]
    assert "if no one has called yet" in sent[0].text
    assert "voice messages" in sent[-1].text


def nothing_comes(vendors: Vendors, to: str) -> bool:
    time.sleep(0.5)
    return not vendors.to(to)


def test_receipts_of_twilio_are_not_answered(sms: TwilioCaller, vendors: Vendors) -> None:
    person = somebody("sms")
    reply = sms.say("", person, MessageStatus="delivered")
    assert reply.status_code == 200
    assert nothing_comes(vendors, person)


def test_receipts_echoes_and_reactions_of_messenger_are_not_answered(
    messenger: MessengerCaller, vendors: Vendors
) -> None:
    person = somebody("messenger")
    sender: dict[str, Any] = {"sender": {"id": person}, "timestamp": number()}
    messenger.call({**sender, "delivery": {"mids": ["m"]}}, {**sender, "read": {"watermark": 1}})
    messenger.call({**sender, "reaction": {"emoji": "x", "mid": "m"}})
    messenger.say("our own words", person, is_echo=True)
    assert nothing_comes(vendors, person)


def test_what_slack_or_a_bot_says_is_not_answered(slack: SlackCaller, vendors: Vendors) -> None:
    person = somebody("slack")
    slack.say(EMERGENCY, person, bot_id="B1")
    slack.say(EMERGENCY, person, subtype="bot_message")
    slack.say(EMERGENCY, person, subtype="channel_join")
    slack.say(EMERGENCY, BOT_USER, channel=f"D{person}")
    slack.call({"type": "event_callback", "event": {"type": "reaction_added", "user": person}})
    assert nothing_comes(vendors, f"D{person}")


def test_what_a_bot_or_telegram_itself_says_is_not_answered(
    telegram: TelegramCaller, vendors: Vendors
) -> None:
    person = somebody("telegram")
    telegram.say(EMERGENCY, person, user={"is_bot": True})
    telegram.call(telegram.update(None, person, new_chat_title="x"))
    telegram.call({"update_id": number(), "my_chat_member": {"chat": {"id": int(person)}}})
    telegram.call({"update_id": number(), "message_reaction": {"chat": {"id": int(person)}}})
    assert nothing_comes(vendors, person)


def test_an_edited_message_of_telegram_is_heard_anew(telegram: TelegramCaller, vendors: Vendors) -> None:
    person = somebody("telegram")
    update = telegram.update("he is breathing", person)
    telegram.call(update)
    before = len(vendors.wait(person))
    message = {**update["message"], "text": EMERGENCY, "edit_date": int(time.time())}
    telegram.call({"update_id": number(), "edited_message": message})
    assert "911" in vendors.wait(person, before + 1)[before].text


def test_an_edited_message_of_slack_is_heard_anew_and_a_preview_is_not(
    slack: SlackCaller, vendors: Vendors
) -> None:
    person = somebody("slack")
    first = slack.event("What is baclofen?", person)
    slack.call(first)
    before = len(vendors.wait(f"D{person}"))
    said = first["event"]
    changed = {"type": "message", "subtype": "message_changed", "channel": said["channel"], "ts": "9.9"}
    preview = {**changed, "message": {**said, "attachments": [{}]}, "previous_message": said}
    slack.call({**first, "event": preview})
    assert len(vendors.wait(f"D{person}", before)) == before
    edit = {**said, "text": EMERGENCY, "edited": {"ts": "8.8", "user": person}}
    slack.call({**first, "event": {**changed, "message": edit, "previous_message": said}})
    assert "911" in vendors.wait(f"D{person}", before + 1)[before].text


def test_an_edited_message_of_messenger_is_heard_anew(messenger: MessengerCaller, vendors: Vendors) -> None:
    person = somebody("messenger")
    event = messenger.event("What is baclofen?", person)
    messenger.call(event)
    before = len(vendors.wait(person))
    edit = {"mid": event["message"]["mid"], "text": EMERGENCY, "num_edit": 1}
    messenger.call({"sender": {"id": person}, "timestamp": number(), "message_edit": edit})
    assert "911" in vendors.wait(person, before + 1)[before].text


def test_all_messages_of_a_batch_of_messenger_are_answered(
    messenger: MessengerCaller, vendors: Vendors
) -> None:
    people = [somebody("messenger") for _ in range(3)]
    messenger.call(*[messenger.event("What is baclofen?", person) for person in people])
    for person in people:
        assert "relaxes muscles" in vendors.wait(person)[0].text


def test_a_post_in_a_channel_of_telegram_is_answered_only_in_an_emergency(
    telegram: TelegramCaller, vendors: Vendors
) -> None:
    chat = -number()
    post = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "channel"}}
    telegram.call({"update_id": number(), "channel_post": {**post, "text": "What is baclofen?"}})
    assert nothing_comes(vendors, str(chat))
    telegram.call({"update_id": number(), "channel_post": {**post, "text": EMERGENCY}})
    assert "911" in vendors.wait(str(chat))[0].text
