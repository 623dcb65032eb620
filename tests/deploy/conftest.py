"""The model is there before the first test that needs a bot."""

from __future__ import annotations

import pytest

from tests import serving


def pytest_collection_finish(session: pytest.Session) -> None:
    """Train before the first test where a model is missing: that takes longer than a test may."""
    serving.prepare(session)
