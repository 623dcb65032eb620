"""Among several people only messages to the bot and emergencies are answered, a crisis in private."""

from __future__ import annotations

import time
from typing import Any

from tests.channels.people import somebody
from tests.channels.vendors import Answer, SlackCaller, TelegramCaller, Vendors, number

EMERGENCY = "he is not breathing"
CRISIS = "I want to kill myself"
QUESTION = "What is baclofen?"


def telegram_group() -> int:
    return -number()


def in_group(caller: TelegramCaller, text: str, person: str, group: int, **more: Any) -> None:
    caller.say(text, person, chat={"id": group, "type": "supergroup"}, **more)


def test_talk_in_a_group_of_telegram_is_left_alone(telegram: TelegramCaller, vendors: Vendors) -> None:
    group = telegram_group()
    in_group(telegram, QUESTION, somebody("telegram"), group)
    in_group(telegram, "hello @anna", somebody("telegram"), group)
    time.sleep(0.5)
    assert vendors.to(str(group)) == []


def test_a_mention_a_command_and_a_reply_are_answered_in_the_group(
    telegram: TelegramCaller, vendors: Vendors
) -> None:
    reply = {"reply_to_message": {"message_id": 1, "from": {"id": 4242, "is_bot": True}}}
    for text, more in ((f"@baclofen_bot {QUESTION}", {}), (QUESTION, reply), ("/start@baclofen_bot", {})):
        group = telegram_group()
        in_group(telegram, text, somebody("telegram"), group, **more)
        sent = vendors.wait(str(group))
        assert len(sent) == 1
        assert sent[0].body["reply_parameters"]["message_id"] > 0


def test_an_emergency_in_a_group_is_answered_where_all_can_help(
    telegram: TelegramCaller, vendors: Vendors
) -> None:
    group = telegram_group()
    in_group(telegram, EMERGENCY, somebody("telegram"), group)
    assert "911" in vendors.wait(str(group), 2)[0].text


def test_after_an_emergency_talk_in_the_group_is_left_alone_again(
    telegram: TelegramCaller, vendors: Vendors
) -> None:
    group, person = telegram_group(), somebody("telegram")
    in_group(telegram, EMERGENCY, person, group)
    before = len(vendors.wait(str(group), 2))
    in_group(telegram, "nice weather", person, group)
    time.sleep(0.5)
    assert len(vendors.to(str(group))) == before


def test_a_crisis_in_a_group_of_telegram_is_answered_in_private(
    telegram: TelegramCaller, vendors: Vendors
) -> None:
    group, person = telegram_group(), somebody("telegram")
    in_group(telegram, CRISIS, person, group)
    assert "988" in vendors.wait(person, 2)[0].text
    assert vendors.to(str(group)) == []


def test_a_crisis_is_answered_in_the_group_where_telegram_allows_nothing_else(
    telegram: TelegramCaller, vendors: Vendors
) -> None:
    group, person = telegram_group(), somebody("telegram")
    told = Answer(403, {"ok": False, "error_code": 403, "description": "bot can't initiate conversation"})
    vendors.rules.append(lambda sent: told if sent.to == person else None)
    in_group(telegram, CRISIS, person, group)
    assert "988" in vendors.wait(str(group), 2)[0].text


def test_a_crisis_goes_on_in_private(telegram: TelegramCaller, vendors: Vendors) -> None:
    group, person = telegram_group(), somebody("telegram")
    in_group(telegram, CRISIS, person, group)
    before = len(vendors.wait(person, 2))
    telegram.say("are you there", person)
    assert "988" in vendors.wait(person, before + 1)[before].text


def in_channel(caller: SlackCaller, text: str, person: str, channel: str, **more: Any) -> None:
    caller.say(text, person, channel=channel, **{"channel_type": "channel", **more})


def test_talk_in_a_channel_of_slack_is_left_alone(slack: SlackCaller, vendors: Vendors) -> None:
    channel = f"C{number()}"
    in_channel(slack, QUESTION, somebody("slack"), channel)
    in_channel(slack, "hello <@UANNA>", somebody("slack"), channel)
    time.sleep(0.5)
    assert vendors.to(channel) == []


def test_a_mention_in_slack_is_answered_in_its_thread(slack: SlackCaller, vendors: Vendors) -> None:
    channel = f"C{number()}"
    in_channel(slack, f"<@U0BOT> {QUESTION}", somebody("slack"), channel, ts="111.222")
    sent = vendors.wait(channel)
    assert "relaxes muscles" in sent[0].text
    assert sent[0].body["thread_ts"] == "111.222"


def test_an_emergency_in_a_channel_of_slack_is_answered_there(slack: SlackCaller, vendors: Vendors) -> None:
    channel = f"C{number()}"
    in_channel(slack, EMERGENCY, somebody("slack"), channel)
    assert "911" in vendors.wait(channel, 2)[0].text


def test_a_crisis_in_a_channel_of_slack_is_answered_in_private(slack: SlackCaller, vendors: Vendors) -> None:
    channel, person = f"C{number()}", somebody("slack")
    in_channel(slack, CRISIS, person, channel)
    assert "988" in vendors.wait(person, 2)[0].text
    assert vendors.to(channel) == []


def test_a_crisis_is_shown_to_that_person_alone_where_slack_opens_no_private_chat(
    slack: SlackCaller, vendors: Vendors
) -> None:
    channel, person = f"C{number()}", somebody("slack")
    vendors.rules.append(
        lambda sent: Answer(200, {"ok": False, "error": "channel_not_found"}) if sent.to == person else None
    )
    in_channel(slack, CRISIS, person, channel)
    sent = vendors.wait(channel, 2)
    assert "988" in sent[0].text
    assert all(s.path.endswith("chat.postEphemeral") and s.body["user"] == person for s in sent)
