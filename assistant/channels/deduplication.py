"""Which messages have come before. Vendors send again what they think was not received.

Remembered in memory, and in Redis when REDIS_URL is set, so that several processes answer once together. A
Redis that is slow or gone costs a moment and is then left alone for a while: memory alone decides.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import time
from collections import OrderedDict
from typing import Any

from assistant import metrics

logger = logging.getLogger(__name__)

REMEMBERED = 20_000
"""Messages that memory holds, the latest ones."""

KEPT = 24 * 3600
"""Seconds; Telegram, the most patient, sends again for about a day."""

PATIENCE = 0.1
"""Seconds for Redis to connect and to answer."""

REST = 5.0
"""Seconds for which a Redis that failed is not asked."""


class Seen:
    """The messages of one channel that have been received.

    Args:
        channel: keeps the channels' ids apart.
        url: of Redis; empty for memory alone.
    """

    def __init__(self, channel: str, url: str = "", size: int = REMEMBERED) -> None:
        self._channel = channel
        self._size = size
        self._held: OrderedDict[str, float] = OrderedDict()
        self._redis = _connect(url) if url else None
        self._ask_again = 0.0

    async def is_new(self, message_id: str) -> bool:
        """Note a message and say whether it came for the first time; one without an id always does."""
        if not message_id:
            return True
        if not self._note(message_id):
            return False
        return await self._note_for_all(message_id)

    async def close(self) -> None:
        if self._redis is not None:
            with contextlib.suppress(Exception):
                await self._redis.close()

    def _note(self, message_id: str) -> bool:
        now = time.monotonic()
        known = self._held.get(message_id)
        if known is not None and now - known < KEPT:
            return False
        self._held[message_id] = now
        self._held.move_to_end(message_id)
        while len(self._held) > self._size:
            self._held.popitem(last=False)
        return True

    async def _note_for_all(self, message_id: str) -> bool:
        if self._redis is None or time.monotonic() < self._ask_again:
            return True
        name = hashlib.sha256(message_id.encode()).hexdigest()[:32]
        try:
            is_first = await self._redis.set(f"baclofen:seen:{self._channel}:{name}", 1, nx=True, ex=KEPT)
        except Exception as error:
            if not self._ask_again:
                metrics.store_failover("duplicates")
            self._ask_again = time.monotonic() + REST
            logger.warning("Redis does not say what came before (%s); memory decides.", type(error).__name__)
            return True
        if self._ask_again:
            self._ask_again = 0.0
            metrics.store_back("duplicates")
        return bool(is_first)


def _connect(url: str) -> Any:
    from redis.asyncio import Redis

    return Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
