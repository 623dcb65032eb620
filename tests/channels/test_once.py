"""Vendors send again what they think was lost: it is answered once."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.channels.deduplication import Seen
from tests import serving
from tests.channels.people import chat_of, somebody
from tests.channels.vendors import SlackCaller, TelegramCaller, TwilioCaller, Vendors

EMERGENCY = "he is not breathing"


def test_a_message_that_is_sent_three_times_is_answered_once(
    channel: str, caller: Any, vendors: Vendors
) -> None:
    person = somebody(channel)
    make = {"sms": "form", "whatsapp": "form", "telegram": "update"}.get(channel, "event")
    body = getattr(caller, make)(EMERGENCY, person)
    assert [caller.call(body).status_code for _ in range(3)] == [200] * 3
    said = [sent.text for sent in vendors.wait(chat_of(channel, person), 2)]
    assert len(said) == len(set(said)) <= 3  # in text messages the care takes two


def test_the_same_words_in_another_message_are_answered_again(
    channel: str, caller: Any, vendors: Vendors
) -> None:
    person = somebody(channel)
    caller.say(EMERGENCY, person)
    before = len(vendors.wait(chat_of(channel, person), 2))
    caller.say(EMERGENCY, person)
    assert len(vendors.wait(chat_of(channel, person), before + 1)) > before


def test_a_mention_that_slack_tells_twice_is_answered_once(slack: SlackCaller, vendors: Vendors) -> None:
    channel = f"C{somebody('slack')}"
    event = slack.event("<@U0BOT> What is baclofen?", "U1", channel, channel_type="channel")
    twin = {**event, "event_id": "Ev-another", "event": {**event["event"], "type": "app_mention"}}
    slack.call(event)
    slack.call(twin)
    assert len(vendors.wait(channel)) == 1


def test_an_update_of_telegram_is_known_by_its_number(telegram: TelegramCaller, vendors: Vendors) -> None:
    person = somebody("telegram")
    update = telegram.update("What is baclofen?", person)
    telegram.call(update)
    telegram.call({**update, "message": {**update["message"], "text": "changed"}})
    assert len(vendors.wait(person)) == 1


def test_a_message_without_an_id_is_never_taken_for_another(sms: TwilioCaller, vendors: Vendors) -> None:
    person = somebody("sms")
    for _ in range(2):
        sms.call(sms.form("What is baclofen?", person, MessageSid=""))
    assert len(vendors.wait(person, 2)) == 2


def test_memory_is_bounded_and_forgets_the_oldest() -> None:
    async def run() -> None:
        seen = Seen("sms", size=3)
        assert [await seen.is_new(name) for name in ("a", "a", "b", "c", "d")] == [
            True,
            False,
            True,
            True,
            True,
        ]
        assert await seen.is_new("a")
        assert not await seen.is_new("d")

    asyncio.run(run())


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    port = serving.free_port()
    folder: Path = tmp_path_factory.mktemp("redis")
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--dir", str(folder)], stdout=subprocess.DEVNULL
    )

    def is_up() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    serving.wait_until(is_up, 20)
    yield f"redis://127.0.0.1:{port}/0"
    process.kill()
    process.wait(10)


def test_two_processes_that_share_redis_answer_once_together(redis: str) -> None:
    async def run() -> None:
        one, other, elsewhere = Seen("sms", redis), Seen("sms", redis), Seen("telegram", redis)
        assert await one.is_new("SM1")
        assert not await other.is_new("SM1")
        assert await elsewhere.is_new("SM1")
        for seen in (one, other, elsewhere):
            await seen.close()

    asyncio.run(run())


def test_without_its_redis_a_message_is_answered_and_memory_decides() -> None:
    async def run(url: str) -> None:
        seen = Seen("sms", url)
        begin = time.monotonic()
        assert await seen.is_new("a")
        assert not await seen.is_new("a")
        assert await seen.is_new("b")
        assert time.monotonic() - begin < 5
        await seen.close()

    with socket.socket() as silent:  # accepts, and never says a word
        silent.bind(("127.0.0.1", 0))
        silent.listen(5)
        asyncio.run(run(f"redis://127.0.0.1:{silent.getsockname()[1]}/0"))
    asyncio.run(run(f"redis://127.0.0.1:{serving.free_port()}/0"))
