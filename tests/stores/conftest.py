"""Fixtures for the Rasa side; Rasa is imported without TensorFlow, as when serving."""

from __future__ import annotations

import sys

import pytest

from assistant.light import leave_out
from assistant.quiet import silence
from tests import serving

if not {"tensorflow", "keras"} & set(sys.modules):
    leave_out(["tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"])
silence()


@pytest.fixture(scope="session")
def server() -> serving.Server:
    return serving.shared()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Train before the first test where a model is missing: that takes longer than a test may."""
    serving.prepare(session)
