"""The lock store: one message of a conversation after the other, here or in all processes that share Redis.

A lock that cannot be had from Redis at once is held in this process alone: nobody waits for a dead server.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockError

from assistant import settings
from assistant.stores.breaker import Breaker

if TYPE_CHECKING:
    from assistant.stores.tickets import Tickets

LOOK_SECONDS = 0.02
"""How often a waiting message looks whether it is its turn. Rasa's own stores look once a second."""

RENEW_SECONDS = 1.0
"""How often a turn under way tells Redis that this process is alive."""


class ConversationLocks(InMemoryLockStore):
    """Rasa's in-memory locks, looked at often, and tickets of Redis above them where ``REDIS_URL`` is set."""

    def __init__(self, endpoint_config: Any = None, tickets: Tickets | None = None) -> None:
        super().__init__()
        if tickets is None and (url := settings.redis_url()):
            from assistant.stores.tickets import Tickets  # Redis is not imported where it is not used

            tickets = Tickets(url)
        self._tickets = tickets
        self.breaker = Breaker("REDIS_URL", "Messages of a sender are kept in order in each process alone.")

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = LOOK_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the lock of a conversation (see base class).

        Raises:
            LockError: the messages before took longer than ``lock_lifetime``.
        """
        # The ticket of this process is drawn before anything is awaited, so that messages keep their order.
        ticket = self.issue_ticket(conversation_id, lock_lifetime)
        end = time.monotonic() + lock_lifetime
        is_alone: bool | None = None
        was_first = False
        try:
            is_alone = await self._ask(lambda tickets: tickets.join(conversation_id))
            lock = await self._acquire_lock(conversation_id, ticket, wait_time_in_seconds)
            if is_alone is not None:
                was_first = is_alone or await self._wait_until_first(conversation_id, end)
            async with self._renewing(conversation_id, was_first, end):
                yield lock
        finally:
            self.cleanup(conversation_id, ticket)
            if is_alone is not None:
                await self._leave(conversation_id, was_first)

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._tickets is not None:
            await self._tickets.close()

    async def _wait_until_first(self, conversation: str, end: float) -> bool:
        """Wait for the messages that other processes got before; False when Redis cannot say."""
        while (is_first := await self._ask(lambda tickets: tickets.is_first(conversation))) is False:
            if time.monotonic() > end:
                raise LockError("The messages before took too long.")
            await asyncio.sleep(LOOK_SECONDS)
        return bool(is_first)

    async def _leave(self, conversation: str, was_first: bool) -> None:
        is_last = conversation not in self.conversation_locks
        await self._ask(lambda tickets: tickets.leave(conversation, is_last, was_first))

    @asynccontextmanager
    async def _renewing(self, conversation: str, is_held: bool, end: float) -> AsyncGenerator[None, None]:
        """Tell Redis from time to time that the turn goes on; what is lost when it does not is the order."""

        async def renew() -> None:
            while time.monotonic() < end:
                await asyncio.sleep(RENEW_SECONDS)
                await self._ask(lambda tickets: tickets.is_first(conversation))

        renewing = asyncio.create_task(renew()) if is_held else None
        try:
            yield
        finally:
            if renewing is not None:
                renewing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await renewing

    async def _ask(self, ask: Callable[[Tickets], Awaitable[bool]]) -> bool | None:
        """Return Redis's answer, None when there is none: no Redis, or none that can be used."""
        if self._tickets is None or not self.breaker.allows():
            return None
        try:
            answer = await ask(self._tickets)
        except self._tickets.errors as error:
            self.breaker.failed(error)
            return None
        self.breaker.succeeded()
        return answer
