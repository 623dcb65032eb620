"""Only what the vendor signed gets in: forged, stale and unsigned requests reach nothing."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import httpx
import pytest
from twilio.request_validator import RequestValidator

from tests import serving
from tests.channels.people import somebody
from tests.channels.vendors import (
    FACEBOOK_VERIFY,
    TWILIO_TOKEN,
    MessengerCaller,
    SlackCaller,
    TelegramCaller,
    TwilioCaller,
    Vendors,
)
from tests.serving import Server

EMERGENCY = "he is not breathing"
PATHS = ("twilio", "whatsapp", "telegram", "slack", "facebook")
SENTENCE = re.compile(r"\b(911|999|112)\b")


def refused(reply: httpx.Response, status: int) -> bool:
    """Say whether a request was refused with the emergency sentence."""
    return reply.status_code == status and bool(SENTENCE.search(reply.json()["text"]))


def nothing_was_sent(vendors: Vendors, *people: str) -> bool:
    time.sleep(0.5)
    return not any(vendors.to(person) for person in people)


@pytest.mark.parametrize("path", PATHS)
def test_an_unsigned_request_is_refused(bot: Server, path: str) -> None:
    url = f"{bot.url}/webhooks/{path}/webhook"
    assert refused(bot.client.post(url, content=b"{}"), 401)
    assert refused(bot.client.post(url, content=b""), 401)


@pytest.mark.parametrize(
    "signature", ["wrong", "", "\u00fc", "sha256=", "v0=", "x" * 500], ids=lambda s: ascii(s)[:8]
)
@pytest.mark.parametrize("path", PATHS)
def test_an_odd_signature_is_refused(bot: Server, path: str, signature: str) -> None:
    names = (
        "X-Twilio-Signature",
        "X-Telegram-Bot-Api-Secret-Token",
        "X-Slack-Signature",
        "X-Hub-Signature-256",
    )
    headers = [(name.encode(), signature.encode()) for name in names]
    for stamp in (b"1", b"x", b"", str(int(time.time())).encode()):
        reply = bot.client.post(
            f"{bot.url}/webhooks/{path}/webhook",
            content=b"{}",
            headers=[*headers, (b"X-Slack-Request-Timestamp", stamp)],
        )
        assert reply.status_code in (401, 403)
        assert SENTENCE.search(reply.json()["text"])


def test_twilio_refuses_another_token_another_text_and_another_address(
    sms: TwilioCaller, vendors: Vendors
) -> None:
    person = somebody("sms")
    assert refused(sms.call(sms.form(EMERGENCY, person), token="another"), 403)
    elsewhere = "http://example.org/webhooks/twilio/webhook"
    assert refused(sms.call(sms.form(EMERGENCY, person), url=elsewhere), 403)
    form = sms.form(EMERGENCY, person)
    url = f"{sms.bot.url}/webhooks/twilio/webhook"
    signature = RequestValidator(TWILIO_TOKEN).compute_signature(url, {**form, "Body": "hello"})
    forged = str(httpx.QueryParams(form)).encode()
    kind = "application/x-www-form-urlencoded"
    assert refused(sms.post(forged, {"X-Twilio-Signature": signature, "Content-Type": kind}), 403)
    assert nothing_was_sent(vendors, person)


def test_twilio_refuses_another_account(sms: TwilioCaller, vendors: Vendors) -> None:
    person = somebody("sms")
    assert refused(sms.say(EMERGENCY, person, AccountSid="AC" + "f" * 32), 403)
    assert nothing_was_sent(vendors, person)


def test_telegram_refuses_another_secret(telegram: TelegramCaller, vendors: Vendors) -> None:
    person = somebody("telegram")
    assert refused(telegram.call(telegram.update(EMERGENCY, person), secret="another"), 403)
    assert refused(telegram.call(telegram.update(EMERGENCY, person), secret=None), 401)
    assert nothing_was_sent(vendors, person)


def test_slack_refuses_another_secret_and_an_old_request(slack: SlackCaller, vendors: Vendors) -> None:
    person = somebody("slack")
    event = slack.event(EMERGENCY, person)
    assert refused(slack.call(event, secret="another"), 403)
    assert refused(slack.call(event, age=301), 403)
    assert refused(slack.call(event, age=-400), 403)
    assert nothing_was_sent(vendors, f"D{person}")


def test_slack_takes_a_request_of_some_minutes_ago(slack: SlackCaller, vendors: Vendors) -> None:
    person = somebody("slack")
    assert slack.call(slack.event(EMERGENCY, person), age=200).status_code == 200
    assert vendors.wait(f"D{person}")


def test_messenger_refuses_another_secret_and_the_old_kind_of_signature(
    messenger: MessengerCaller, vendors: Vendors
) -> None:
    person = somebody("messenger")
    event = messenger.event(EMERGENCY, person)
    assert refused(messenger.call(event, secret="another"), 403)
    content = json.dumps({"object": "page", "entry": [{"messaging": [event]}]}).encode()
    assert refused(messenger.post(content, {"X-Hub-Signature": "sha1=" + "0" * 40}), 401)
    assert nothing_was_sent(vendors, person)


def test_a_changed_body_is_refused(messenger: MessengerCaller, slack: SlackCaller, vendors: Vendors) -> None:
    person = somebody("messenger")
    replies: list[Any] = []

    def changed(content: bytes, headers: Any) -> httpx.Response:
        replies.append(type(messenger).__mro__[1].post(messenger, content.replace(b"not ", b""), headers))
        return replies[-1]

    twin = MessengerCaller(messenger.bot, "facebook", "facebook")
    twin.post = changed  # type: ignore[method-assign]
    twin.say(EMERGENCY, person)
    assert refused(replies[0], 403)
    assert nothing_was_sent(vendors, person)


def test_facebook_subscribes_whoever_knows_the_verify_token(bot: Server) -> None:
    url = f"{bot.url}/webhooks/facebook/webhook"
    asked = {"hub.mode": "subscribe", "hub.challenge": "12345", "hub.verify_token": FACEBOOK_VERIFY}
    assert bot.client.get(url, params=asked).text == "12345"
    assert refused(bot.client.get(url, params={**asked, "hub.verify_token": "another"}), 403)
    assert refused(bot.client.get(url, params={"hub.mode": "subscribe", "hub.challenge": "1"}), 401)
    assert refused(bot.client.get(url, params={**asked, "hub.mode": "unsubscribe"}), 403)


def test_slack_gets_its_challenge_back_only_when_it_signed_it(slack: SlackCaller) -> None:
    body = {"type": "url_verification", "challenge": "abc"}
    assert slack.call(body).text == "abc"
    assert refused(slack.call(body, secret="another"), 403)


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_is_too_large_is_refused_with_the_emergency_sentence(bot: Server, path: str) -> None:
    reply = bot.client.post(f"{bot.url}/webhooks/{path}/webhook", content=b"x" * 600_000)
    assert refused(reply, 413)


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_method_or_path_carries_the_emergency_sentence(bot: Server, path: str) -> None:
    assert refused(bot.client.put(f"{bot.url}/webhooks/{path}/webhook"), 405)
    assert refused(bot.client.get(f"{bot.url}/webhooks/{path}/nothing"), 404)


def test_a_signed_body_that_cannot_be_read_is_acknowledged(
    slack: SlackCaller, messenger: MessengerCaller
) -> None:
    assert slack.call({"type": "event_callback", "event": {"type": "message"}}).status_code == 200
    assert slack.call([]).status_code == 200
    assert messenger.call({"sender": {"id": "1"}, "message": {"attachments": [{}]}}).status_code == 200


@pytest.mark.slow
def test_behind_a_proxy_the_public_address_counts(all_vendors: Vendors) -> None:
    public = "https://bot.example.org/chat"
    bot = serving.start(**all_vendors.environment(), PUBLIC_URL=f"{public}/")
    caller, person = TwilioCaller(bot, "twilio", "twilio"), somebody("sms")
    try:
        form = caller.form(EMERGENCY, person)
        assert refused(caller.call(form), 403)
        assert caller.call(form, url=f"{public}/webhooks/twilio/webhook").status_code == 200
        assert all_vendors.wait(person)
    finally:
        bot.stop()
