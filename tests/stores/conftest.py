"""Fixtures for the stores; Rasa is imported without TensorFlow, as when serving."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from assistant.light import leave_out
from assistant.quiet import silence
from baclofen.paths import ROOT
from tests.servers.fixtures import postgres, rabbit, redis_server

__all__ = ["postgres", "rabbit", "redis_server"]

if not {"tensorflow", "keras"} & set(sys.modules):
    leave_out(["tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"])
silence()


@pytest.fixture(scope="session")
def domain() -> Any:
    from rasa.shared.core.domain import Domain

    return Domain.from_file(str(ROOT / "domain.yml"))


@pytest.fixture(autouse=True)
def _with_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts show which events are stored; what is written otherwise is in tests/assistant/test_privacy.py."""
    monkeypatch.setenv("KEEP_TEXT", "1")
