"""The same text gets the same level and the same first sentence on every channel, in four countries."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import re
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from baclofen import gsm7
from baclofen.signs import RANK
from tests import serving
from tests.channels.people import CHANNELS, chat_of, somebody
from tests.channels.vendors import FACEBOOK_SECRET, SLACK_SECRET, TELEGRAM_SECRET, TWILIO_TOKEN, Vendors
from tests.serving import Server, texts, verdicts

MESSAGES = (
    "he is not breathing",
    "my son swallowed a whole bottle of baclofen and won't wake up",
    "shes blue and cold please help",
    "WIFE HAVING A SEIZURE AFTER BACLOFEN",
    "i took 40 baclofen because i want to die",
    "my toddler ate 3 baclofen tablets",
    "he is breathing very slowly after his pills",
    "pump ran dry and he has a fever and is rigid",
    "I can't wake my mum, she took her pills at 8",
    "what is the maximum dose? also he is not breathing",
    "no respira",
    "mi hijo no se despierta, tom\u00f3 baclofeno",
    "elle ne respire plus",
    "er atmet nicht mehr",
    "lei non si sveglia",
    "ele n\u00e3o respira",
    "I want to kill myself",
    "how many baclofen would kill me",
    "i dont want to be here anymore",
    "I took a double dose of my baclofen by mistake",
    "I drank a bottle of wine on my baclofen and feel dizzy",
    "I stopped baclofen suddenly two days ago",
    "my dog ate one of my baclofen pills",
    "my baclofen pump is beeping",
    "took an extra pill, feel sleepy",
    "What are the signs of a baclofen overdose?",
    "can you overdose on baclofen?",
    "what happens if I stop baclofen suddenly?",
    "Is it normal to be sleepy on baclofen?",
    "What is baclofen?",
    "can I drink alcohol with it",
    "does it make you gain weight",
    "how should I store it",
    "hello",
    "thank you",
    "who are you",
    "what's the weather like",
    "this queue is killing me lol",
    "/what_is_baclofen",
    "\U0001f44d",
)
COUNTRIES = {"US": "I am in the United States", "GB": "I am in the UK", "AU": "I am in Australia",
             "DE": "I am in Germany"}  # fmt: skip
SECRETS = {"sms": TWILIO_TOKEN, "whatsapp": TWILIO_TOKEN, "telegram": TELEGRAM_SECRET,
           "slack": SLACK_SECRET, "messenger": FACEBOOK_SECRET}  # fmt: skip


def first_sentence(text: str) -> str:
    """Return the first sentence, in punctuation that all channels have."""
    return re.split(r"(?<=[.!?:])\s", gsm7.plain(text))[0]


def level_of(bot: Server, channel: str, person: str) -> str:
    """Return the gravest level that the bot's own file holds of a conversation."""
    digest = hmac.new(SECRETS[channel].encode(), person.encode(), hashlib.sha256).hexdigest()[:40]
    file = bot.log.parent / "conversations.db"
    with contextlib.closing(sqlite3.connect(file, timeout=10)) as rows:
        found = rows.execute(
            "SELECT data FROM events WHERE type_name = 'bot' AND sender_id = ?", (f"{channel}:{digest}",)
        ).fetchall()
    assert found, f"nothing is kept of a conversation on {channel}"
    customs = [(json.loads(row[0]).get("data") or {}).get("custom") or {} for row in found]
    levels = [custom["triage"]["level"] for custom in customs if "triage" in custom]
    return max(levels, key=RANK.__getitem__, default="none")


def placed(channel: str, caller: Any, vendors: Vendors, country: str) -> str:
    """Return a new person in a country: known by the number, by the locale, or because they said so."""
    person = somebody(channel, country)
    if channel in ("slack", "messenger"):
        caller.say(COUNTRIES[country], person)
        vendors.wait(chat_of(channel, person), 1, quiet=0.2, seconds=60)
    return person


def say(channel: str, caller: Any, text: str, person: str, country: str) -> None:
    more = {"user": {"language_code": f"en-{country}"}} if channel == "telegram" else {}
    assert caller.say(text, person, **more).status_code == 200


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("country", COUNTRIES)
def test_forty_messages_get_the_same_level_and_first_sentence_everywhere(
    country: str, bot: Server, vendors: Vendors, request: pytest.FixtureRequest
) -> None:
    assert len(set(MESSAGES)) == 40
    expected = {}
    for text in MESSAGES:
        messages = bot.say(text, country=country)
        level = max((v["level"] for v in verdicts(messages)), key=RANK.__getitem__, default="none")
        expected[text] = (level, first_sentence(texts(messages)[0]))
    assert {level for level, _ in expected.values()} == set(RANK)
    different = []
    for channel in CHANNELS:
        caller = request.getfixturevalue(channel)
        with ThreadPoolExecutor(8) as pool:
            people = list(pool.map(lambda _: placed(channel, caller, vendors, country), MESSAGES))  # noqa: B023
        before = {person: len(vendors.to(chat_of(channel, person))) for person in people}
        for text, person in zip(MESSAGES, people, strict=True):
            say(channel, caller, text, person, country)
            wanted = before[person] + 1
            serving.wait_until(lambda: len(vendors.to(chat_of(channel, person))) >= wanted, 60)  # noqa: B023
        time.sleep(2.0)  # the file is written behind the conversations
        for text, person in zip(MESSAGES, people, strict=True):
            said = vendors.to(chat_of(channel, person))[before[person]].text
            got = (level_of(bot, channel, person), first_sentence(said))
            if got != expected[text]:
                different.append((channel, text, got, expected[text]))
    assert different == []
