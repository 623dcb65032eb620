"""One bot with all channels on, a secret for its sessions, and one site that may talk to it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assistant.light import leave_out
from assistant.quiet import silence
from tests import serving
from tests.channels.vendors import TwilioCaller, Vendors

if not {"tensorflow", "keras"} & set(sys.modules):
    leave_out(["tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"])
silence()

HERE = Path(__file__).parent
SITE = "https://clinic.example"
SECRET = "5" * 64


@pytest.fixture(scope="session")
def vendors() -> Vendors:
    return Vendors()


@pytest.fixture(scope="session")
def bot(vendors: Vendors) -> serving.Server:
    return serving.start(**vendors.environment(), SESSION_SECRET=SECRET, WIDGET_ORIGINS=SITE)


@pytest.fixture(scope="session")
def sms(bot: serving.Server) -> TwilioCaller:
    return TwilioCaller(bot, "twilio", "twilio")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Train before the first test where a model is missing: that takes longer than a test may."""
    if any(item.path.is_relative_to(HERE) for item in session.items):
        serving.models()
