"""Outage tests start servers of their own; the model for them is there before the first one."""

from __future__ import annotations

import pytest

from tests import serving
from tests.servers.fixtures import postgres, rabbit, redis_server

__all__ = ["postgres", "rabbit", "redis_server"]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Train before the first test where a model is missing: that takes longer than a test may."""
    serving.prepare(session)
