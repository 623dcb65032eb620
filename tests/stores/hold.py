"""A process of its own that takes the lock of one sender again and again and writes down when it held it."""

from __future__ import annotations

import asyncio
import sys
import time

from assistant.light import leave_out


async def main(url: str, times: int) -> None:
    from assistant.stores.locks import ConversationLocks
    from assistant.stores.tickets import Tickets

    locks = ConversationLocks(tickets=Tickets(url))

    async def hold() -> None:
        async with locks.lock("somebody"):
            begin = time.time()
            await asyncio.sleep(0.002)
            print(begin, time.time(), flush=True)

    await asyncio.gather(*(hold() for _ in range(times)))


if __name__ == "__main__":
    leave_out(["tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"])
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
