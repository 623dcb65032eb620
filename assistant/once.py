"""Replies to messages with an id: sent again, a message gets the same reply and is not answered twice."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import Any

REMEMBERED = 1000
"""Replies that are remembered, the latest ones."""


class Reply:
    """The messages of one reply, as far as they have come."""

    def __init__(self) -> None:
        self._messages: list[dict[str, Any]] = []
        self._is_done = False
        self._news = asyncio.Condition()
        self.error: Exception | None = None

    async def fill(self, messages: AsyncIterator[dict[str, Any]]) -> None:
        """Take every message as it comes; whoever follows gets it."""
        try:
            async for message in messages:
                self._messages.append(message)
                await self._tell()
        except Exception as error:
            self.error = error
        finally:
            self._is_done = True
            await self._tell()

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def follow(self) -> AsyncIterator[dict[str, Any]]:
        """Yield what has come, then what comes, to the end.

        Raises:
            Exception: whatever kept the reply from being complete.
        """
        count = 0
        while True:
            while count < len(self._messages):
                count += 1
                yield self._messages[count - 1]
            if self.error:
                raise self.error
            if self._is_done:
                return
            async with self._news:
                while not self._is_done and count == len(self._messages):
                    await self._news.wait()


class Replies:
    """The latest replies by sender and message id."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[str, str], Reply] = OrderedDict()

    def find(self, sender: str, message_id: str) -> Reply | None:
        """Return the reply to a message that came before, None to a new one or one without an id."""
        reply = self._kept.get((sender, message_id)) if message_id else None
        return None if reply is None or reply.error else reply

    def begin(self, sender: str, message_id: str) -> Reply:
        """Return an empty reply, remembered if the message has an id."""
        reply = Reply()
        if message_id:
            self._kept[(sender, message_id)] = reply
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return reply

    def forget(self, sender: str) -> None:
        """Forget the replies to a sender."""
        for key in [key for key in self._kept if key[0] == sender]:
            del self._kept[key]
