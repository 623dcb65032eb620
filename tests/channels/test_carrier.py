"""Text messages: digits that choose, and the words that carriers demand an answer to."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests import serving
from tests.channels.people import chat_of, somebody
from tests.channels.vendors import MessengerCaller, SlackCaller, TelegramCaller, TwilioCaller, Vendors, number

EMERGENCY = "he is not breathing"
QUESTION = "What is baclofen?"


def after(vendors: Vendors, person: str, before: int, count: int = 1) -> list[str]:
    return [sent.text for sent in vendors.wait(person, before + count)[before:]]


def test_a_digit_chooses_what_the_last_message_offered(
    sms: TwilioCaller, whatsapp: TwilioCaller, vendors: Vendors
) -> None:
    for caller, person in ((sms, somebody("sms")), (whatsapp, somebody("whatsapp"))):
        caller.say(QUESTION, person)
        sent = vendors.wait(person)
        assert sent[-1].text.endswith("1 Tell me more")
        caller.say("1", person)
        more = after(vendors, person, len(sent))
        assert "relaxes muscles" not in more[0] or len(more[0]) > len(sent[0].text)
        assert "not sure" not in more[0]


def test_a_digit_is_no_choice_when_the_last_message_offered_none(sms: TwilioCaller, vendors: Vendors) -> None:
    person = somebody("sms")
    sms.say(QUESTION, person)
    before = len(vendors.wait(person))
    sms.say(EMERGENCY, person)
    before += len(after(vendors, person, before, 2))
    sms.say("1", person)
    assert "if no one has called yet" in after(vendors, person, before)[0]


def test_a_digit_that_was_not_offered_is_read_as_words(sms: TwilioCaller, vendors: Vendors) -> None:
    person, fresh = somebody("sms"), somebody("sms")
    sms.say(QUESTION, person)
    before = len(vendors.wait(person))
    sms.say("2", person)
    sms.say("2", fresh)
    assert after(vendors, person, before) == after(vendors, fresh, 0)


def test_after_a_restart_a_digit_chooses_what_was_offered_before_it_and_nothing_else(
    all_vendors: Vendors, vendors: Vendors, tmp_path: Path
) -> None:
    kept = {"DATABASE": str(tmp_path / "c.db"), **all_vendors.environment()}
    choosing, afraid = somebody("sms"), somebody("sms")
    first = serving.start(**kept)
    caller = TwilioCaller(first, "twilio", "twilio")
    for person in (choosing, afraid):
        caller.say(QUESTION, person)
        vendors.wait(person)
    caller.say(EMERGENCY, afraid)
    said = {person: len(vendors.wait(person, count)) for person, count in ((choosing, 1), (afraid, 3))}
    first.stop()
    second = serving.start(**kept)
    caller = TwilioCaller(second, "twilio", "twilio")
    for person in (choosing, afraid):
        caller.say("1", person)
    assert after(vendors, choosing, said[choosing])[0].startswith("It calms the nerves")
    assert "if no one has called yet" in after(vendors, afraid, said[afraid])[0]
    second.stop()


def test_a_digit_that_answers_how_many_is_an_amount(sms: TwilioCaller, vendors: Vendors) -> None:
    person = somebody("sms")
    sms.say(QUESTION, person)
    before = len(vendors.wait(person))
    sms.say("I took too many of my baclofen", person)
    said = after(vendors, person, before)
    assert "Reply with a number" not in " ".join(said)


def test_stop_is_confirmed_once_leading_with_the_number_and_then_honoured(
    sms: TwilioCaller, vendors: Vendors
) -> None:
    person = somebody("sms")
    sms.say("STOP", person)
    sent = vendors.wait(person)
    assert "call 999" in sent[0].text.split(".")[0]
    for text in (QUESTION, EMERGENCY, "stop"):
        assert sms.say(text, person).status_code == 200
    time.sleep(0.5)
    assert len(vendors.to(person)) == 1
    assert "An emergency of somebody who texted STOP was not answered" in sms.bot.output()


def test_start_begins_again_and_yes_only_after_a_stop(sms: TwilioCaller, vendors: Vendors) -> None:
    for word in ("START", "yes"):
        person = somebody("sms")
        sms.say("stop", person)
        vendors.wait(person)
        sms.say(word, person)
        assert "again" in after(vendors, person, 1)[0]
        sms.say(EMERGENCY, person)
        assert "999" in after(vendors, person, 2)[0]
    fresh = somebody("sms")
    sms.say("yes", fresh)
    assert "again" not in vendors.wait(fresh)[0].text


def test_a_stop_that_the_carrier_has_confirmed_is_not_confirmed_twice(
    sms: TwilioCaller, vendors: Vendors
) -> None:
    person = somebody("sms")
    sms.say("STOP", person, OptOutType="STOP")
    time.sleep(0.5)
    assert vendors.to(person) == []


def test_help_leads_with_the_number_and_in_an_emergency_the_words_follow(
    sms: TwilioCaller, vendors: Vendors
) -> None:
    person = somebody("sms")
    sms.say("HELP", person)
    sent = vendors.wait(person)
    assert len(sent) == 1
    assert "call 999" in sent[0].text.split(".")[0]
    sms.say(EMERGENCY, person)
    before = len(vendors.wait(person, 3))
    sms.say("help", person)
    said = after(vendors, person, before, 2)
    assert "999" in said[0].split(".")[0]
    assert "if no one has called yet" in said[1]


def test_stop_inside_a_sentence_is_no_stop(sms: TwilioCaller, vendors: Vendors) -> None:
    person = somebody("sms")
    sms.say("he cannot stop shaking and is not breathing", person)
    assert "999" in vendors.wait(person)[0].text


def test_stop_on_other_channels_is_read_like_any_text(telegram: TelegramCaller, vendors: Vendors) -> None:
    person = somebody("telegram")
    telegram.say("STOP", person)
    vendors.wait(person)
    before = len(vendors.to(person))
    telegram.say(EMERGENCY, person)
    assert "911" in after(vendors, person, before)[0]


def test_a_tapped_choice_is_answered(
    telegram: TelegramCaller, slack: SlackCaller, messenger: MessengerCaller, vendors: Vendors
) -> None:
    for channel, caller in (("telegram", telegram), ("slack", slack), ("messenger", messenger)):
        person = somebody(channel)
        to = chat_of(channel, person)
        caller.say(QUESTION, person)  # type: ignore[attr-defined]
        sent = vendors.wait(to)
        tap(channel, caller, person, sent[-1].body)
        more = after(vendors, to, len(sent))
        assert "not sure" not in more[0]
        assert len(more[0]) > 40


def tap(channel: str, caller: Any, person: str, body: dict[str, Any]) -> None:
    """Tap the first choice under a message."""
    if channel == "telegram":
        data = body["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        chat = {"id": int(person), "type": "private"}
        query = {
            "id": "7",
            "data": data,
            "from": {"id": int(person)},
            "message": {"message_id": 1, "chat": chat},
        }
        caller.call({"update_id": number(), "callback_query": query})
    elif channel == "slack":
        button = body["blocks"][1]["elements"][0]
        action = {"action_id": button["action_id"], "value": button["value"], "action_ts": str(number())}
        sent = {"type": "block_actions", "user": {"id": person}, "channel": {"id": f"D{person}"}}
        caller.call({**sent, "actions": [action]}, form=True)
    else:
        payload = body["message"]["quick_replies"][0]["payload"]
        caller.say("Tell me more", person, quick_reply={"payload": payload})


def test_the_call_button_of_slack_needs_no_answer(slack: SlackCaller, vendors: Vendors) -> None:
    person = somebody("slack")
    slack.say(EMERGENCY, person)
    sent = vendors.wait(f"D{person}", 2)
    button = sent[0].body["blocks"][1]["elements"][0]
    assert button["url"] == "tel:911"
    assert button["style"] == "danger"
    action = {"action_id": button["action_id"], "action_ts": str(number())}
    tapped = {"type": "block_actions", "user": {"id": person}, "channel": {"id": f"D{person}"}}
    assert slack.call({**tapped, "actions": [action]}, form=True).status_code == 200
    time.sleep(0.5)
    assert len(vendors.to(f"D{person}")) == len(sent)
