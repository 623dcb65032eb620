"""One bot with all channels on, and one server that stands for all their vendors."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.light import leave_out
from assistant.quiet import silence
from tests import serving
from tests.channels.people import CHANNELS
from tests.channels.vendors import MessengerCaller, SlackCaller, TelegramCaller, TwilioCaller, Vendors

if not {"tensorflow", "keras"} & set(sys.modules):
    leave_out(["tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"])
silence()

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def all_vendors() -> Vendors:
    return Vendors()


@pytest.fixture
def vendors(all_vendors: Vendors) -> Iterator[Vendors]:
    """The vendors, behaving well again after the test."""
    yield all_vendors
    all_vendors.rules.clear()


@pytest.fixture(scope="session")
def bot(all_vendors: Vendors) -> serving.Server:
    """A bot with all channels on; what it keeps shows the level of each conversation."""
    return serving.start(KEEP_TEXT="1", **all_vendors.environment())


@pytest.fixture(scope="session")
def sms(bot: serving.Server) -> TwilioCaller:
    return TwilioCaller(bot, "twilio", "twilio")


@pytest.fixture(scope="session")
def whatsapp(bot: serving.Server) -> TwilioCaller:
    return TwilioCaller(bot, "twilio", "whatsapp")


@pytest.fixture(scope="session")
def telegram(bot: serving.Server) -> TelegramCaller:
    return TelegramCaller(bot, "telegram", "telegram")


@pytest.fixture(scope="session")
def slack(bot: serving.Server) -> SlackCaller:
    return SlackCaller(bot, "slack", "slack")


@pytest.fixture(scope="session")
def messenger(bot: serving.Server) -> MessengerCaller:
    return MessengerCaller(bot, "facebook", "facebook")


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> str:
    """Each channel in turn."""
    return str(request.param)


@pytest.fixture
def caller(channel: str, request: pytest.FixtureRequest) -> Any:
    """What calls the webhook of that channel."""
    return request.getfixturevalue(channel)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Train before the first test where a model is missing: that takes longer than a test may."""
    if any(item.path.is_relative_to(HERE) for item in session.items):
        serving.models()
