"""What the tests of the stand-ins share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.fakes.listener import Listener


@pytest_asyncio.fixture
async def bot() -> AsyncIterator[Listener]:
    async with Listener() as listener:
        yield listener
