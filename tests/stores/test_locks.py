"""The lock store."""

from __future__ import annotations

import asyncio
import time

from assistant.stores.locks import ConversationLocks


def test_a_second_message_of_a_sender_waits_for_the_first_and_not_much_longer() -> None:
    order: list[str] = []

    async def hold(store: ConversationLocks, name: str, seconds: float) -> None:
        async with store.lock("a"):
            await asyncio.sleep(seconds)
            order.append(name)

    async def go() -> float:
        store = ConversationLocks()
        begin = time.monotonic()
        await asyncio.gather(hold(store, "first", 0.1), hold(store, "second", 0))
        return time.monotonic() - begin

    assert asyncio.run(go()) < 0.9
    assert order == ["first", "second"]
