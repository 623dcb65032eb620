"""Users who talk to several processes at once; each stays with one, as behind a sticky proxy."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from benchmarks.figures import Sample
from benchmarks.load import PATH, Connection, Messages
from benchmarks.scale.mix import Talk

IsRight = Callable[[str, Messages], bool]
FAILURES = (OSError, ValueError, asyncio.TimeoutError, asyncio.IncompleteReadError)


async def talk(
    ports: Sequence[int], talks: Iterator[Talk], count: int, users: int, is_right: IsRight
) -> Sample:
    """Hold ``count`` conversations as ``users`` users; each waits for an answer before the next message."""
    waiting = itertools.islice(talks, count)
    times: list[float] = []
    wrong = failed = 0

    async def user(number: int) -> None:
        nonlocal wrong, failed
        connection = Connection("127.0.0.1", ports[number % len(ports)])
        try:
            for conversation in waiting:
                sender = "scale-" + uuid.uuid4().hex
                for text in conversation.texts:
                    messages, took = await say(connection, sender, text)
                    failed += not messages
                    wrong += bool(messages) and not is_right(conversation.kind, messages)
                    times.extend([took] if messages else [])
        finally:
            await connection.close()

    begin = perf_counter()
    await asyncio.gather(*(user(number) for number in range(users)))
    return Sample(tuple(times), perf_counter() - begin, wrong, failed)


async def say(connection: Connection, sender: str, text: str) -> tuple[Messages, float]:
    """Return the answer and the milliseconds that it took; no messages where none came."""
    try:
        answer = await connection.post(PATH, {"sender": sender, "message": text})
    except FAILURES:
        return [], 0.0
    return answer.messages(), answer.total_ms


async def until_answers(ports: Sequence[int], text: str, seconds: float) -> bool:
    """Return whether all of them answer in time."""
    end = perf_counter() + seconds
    for port in ports:
        connection = Connection("127.0.0.1", port)
        while not (await say(connection, "start-" + uuid.uuid4().hex, text))[0]:
            if perf_counter() > end:
                return False
            await asyncio.sleep(0.2)
        await connection.close()
    return True
