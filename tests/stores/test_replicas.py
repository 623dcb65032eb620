"""Two bots on one Redis and one PostgreSQL: one conversation, in order; each knows what the other heard."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Iterator

import httpx
import pytest

from baclofen import facts
from tests import serving
from tests.channels.people import somebody
from tests.channels.vendors import TwilioCaller, Vendors
from tests.outages.faults import stored
from tests.servers.real import PostgresServer, RedisServer
from tests.serving import Server, fact_ids, texts, verdicts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def vendors() -> Vendors:
    return Vendors()


@pytest.fixture(scope="module")
def bots(
    redis_server: RedisServer, postgres: PostgresServer, vendors: Vendors
) -> Iterator[tuple[Server, Server]]:
    urls = {"REDIS_URL": redis_server.url, "DATABASE_URL": postgres.url, **vendors.environment()}
    both = serving.start(KEEP_TEXT="1", **urls), serving.start(KEEP_TEXT="1", **urls)
    yield both
    for bot in both:
        bot.stop()


@pytest.fixture
def sender() -> str:
    return uuid.uuid4().hex


def test_an_emergency_said_to_one_is_held_by_the_other(bots: tuple[Server, Server], sender: str) -> None:
    one, other = bots
    assert [v["level"] for v in verdicts(other.say("What is baclofen?", sender))] == []
    one.say("he is not breathing", sender, country="GB")
    begin = time.monotonic()
    messages = other.say("what do I do while waiting", sender)
    assert time.monotonic() - begin < 5  # it waits for no lock
    assert [v["level"] for v in verdicts(messages)] == ["emergency"]
    assert "999" in texts(messages)[0], "the country that was told to the first one"


def test_the_guard_itself_knows_what_the_other_has_heard(bots: tuple[Server, Server], sender: str) -> None:
    one, other = bots
    other.say("hello", sender)  # its guard holds the conversation from now on, as a calm one
    one.say("he is not breathing", sender)
    seconds, first = next(other.stream("what do I do while waiting", sender))
    assert seconds < 0.5
    assert "911" in first["text"]


def test_a_correction_said_to_one_is_known_to_the_other(bots: tuple[Server, Server], sender: str) -> None:
    one, other = bots
    one.say("he took 20 baclofen", sender)
    other.say("2, not 20", sender)
    alone = uuid.uuid4().hex
    for text in ("he took 20 baclofen", "2, not 20"):
        one.say(text, alone)
    follow_up = "what do I do while waiting"
    expected = [v["level"] for v in verdicts(one.say(follow_up, alone))]
    assert [v["level"] for v in verdicts(one.say(follow_up, sender))] == expected


def test_messages_sent_alternately_are_stored_once_and_in_order(
    bots: tuple[Server, Server], postgres: PostgresServer, sender: str
) -> None:
    said = [f"What is baclofen? {number}" for number in range(20)]
    for number, text in enumerate(said):
        bots[number % 2].say(text, sender)
    assert stored(postgres, sender) == said


def test_a_follow_up_to_the_other_one_finds_what_was_asked(bots: tuple[Server, Server], sender: str) -> None:
    one, other = bots
    asked = fact_ids(one.say("What is baclofen?", sender))
    assert fact_ids(other.say("tell me more", sender)) == asked


def test_a_digit_to_one_chooses_what_the_other_one_has_offered_since(
    bots: tuple[Server, Server], vendors: Vendors
) -> None:
    one, other = (TwilioCaller(bot, "twilio", "twilio") for bot in bots)
    person, said = somebody("sms"), 0
    for caller, text, words in (
        (one, "What is baclofen?", "relaxes muscles"),
        (other, "1", "calms the nerves"),
        (other, "how do I store baclofen?", facts.load()["storage"].short),
        (one, "1", facts.load()["storage"].full),
        (other, "he is not breathing", "Call 999"),
        (one, "1", "if no one has called yet"),
    ):
        caller.say(text, person)
        sent = vendors.wait(person, said + 1)
        assert words in " ".join(message.text for message in sent[said:])
        said = len(sent)


def test_messages_sent_to_both_at_once_are_all_stored_once(
    bots: tuple[Server, Server], postgres: PostgresServer, sender: str
) -> None:
    said = [f"What is baclofen? {number}" for number in range(20)]
    threads = [
        threading.Thread(target=bots[number % 2].say, args=(text, sender)) for number, text in enumerate(said)
    ]
    for thread in threads:
        thread.start()
        time.sleep(0.005)
    for thread in threads:
        thread.join(60)
    assert sorted(map(str, stored(postgres, sender))) == sorted(said)


def test_a_bot_that_dies_keeps_the_next_message_waiting_some_seconds_and_an_emergency_not(
    bots: tuple[Server, Server], redis_server: RedisServer, postgres: PostgresServer, sender: str
) -> None:
    urls = {"REDIS_URL": redis_server.url, "DATABASE_URL": postgres.url}
    dying = serving.start(ACTIONS_PACKAGE="tests.outages.bad_actions", KEEP_TEXT="1", **urls)
    asking = threading.Thread(target=_ask, args=(dying, sender))
    asking.start()
    time.sleep(1)  # its action hangs while it holds the lock
    dying.process.kill()
    asking.join(10)
    begin = time.monotonic()
    assert "911" in texts(bots[0].say("he is not breathing", sender))[0]
    assert time.monotonic() - begin < 1
    assert texts(bots[0].say("hello", sender))
    assert time.monotonic() - begin < 9


def _ask(bot: Server, sender: str) -> None:
    with contextlib.suppress(httpx.HTTPError):  # it is killed while it answers
        bot.say("What is baclofen?", sender)
