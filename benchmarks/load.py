"""Sends messages to a bot's REST channel as many users at once and takes the times.

It speaks HTTP/1.1 over asyncio streams itself, for on a small machine a full HTTP client takes more of the
processor than a fast bot does.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from benchmarks.figures import Sample

PATH = "/webhooks/rest/webhook"
TURNS = 10
"""Messages of one conversation; then the same user begins a new one."""

ANSWER_WITHIN = 120.0
Messages = list[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What came back for one request.

    Attributes:
        first_ms: until the first byte of the body, in milliseconds; when streaming, that of message 1.
        total_ms: until its last byte.
    """

    status: int
    body: bytes
    first_ms: float
    total_ms: float

    def messages(self) -> Messages:
        """Return the bot's messages, empty where the answer is no list of them."""
        if self.status != 200:
            return []
        try:
            found = json.loads(self.body)
        except ValueError:
            try:
                found = [json.loads(line) for line in self.body.splitlines() if line.strip()]
            except ValueError:
                return []
        if isinstance(found, dict):  # a stream of one message
            found = [found]
        return found if isinstance(found, list) and all(isinstance(m, dict) for m in found) else []


class Connection:
    """One connection that is kept open, opened again where the server closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, content: dict[str, Any]) -> Answer:
        """Send JSON and read the answer.

        Raises:
            OSError: no connection, or it broke.
            asyncio.TimeoutError: no answer in time.
        """
        body = json.dumps(content).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nContent-Type: application/json\r\n"
        )
        request = head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body
        begin = perf_counter()
        was_open = self._writer is not None
        try:
            return await asyncio.wait_for(self._exchange(request, begin), ANSWER_WITHIN)
        except (OSError, asyncio.IncompleteReadError) as error:
            await self.close()
            if not was_open:
                raise ConnectionError(str(error)) from error
        except BaseException:
            await self.close()
            raise
        return await asyncio.wait_for(self._exchange(request, begin), ANSWER_WITHIN)

    async def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _exchange(self, request: bytes, begin: float) -> Answer:
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
        }
        parts, first = [], 0.0
        if headers.get("transfer-encoding", "").lower() == "chunked":
            while size := int((await self._reader.readline()).split(b";")[0], 16):
                parts.append(await self._reader.readexactly(size))
                first = first or perf_counter()
                await self._reader.readexactly(2)
            await self._reader.readline()
        elif length := int(headers.get("content-length", "0")):
            parts.append(await self._reader.readexactly(1))
            first = perf_counter()
            parts.append(await self._reader.readexactly(length - 1))
        end = perf_counter()
        if headers.get("connection", "").lower() == "close":
            await self.close()
        status = int(head[0].split(" ")[1])
        return Answer(status, b"".join(parts), ((first or end) - begin) * 1000, (end - begin) * 1000)


async def send(
    address: tuple[str, int],
    texts: Iterator[str],
    count: int,
    senders: int,
    is_right: Callable[[Messages], bool],
    stream: bool = False,
) -> Sample:
    """Send ``count`` messages from ``senders`` users; each waits for an answer before the next message.

    Args:
        address: host and port of the bot.
        texts: the messages; as many are taken as are sent.
        is_right: whether an answer is of the kind that was asked for.
        stream: ask for a stream, and take the time of message 1 instead of the whole answer.
    """
    path = PATH + ("?stream=true" if stream else "")
    turns = itertools.islice(texts, count)
    times: list[float] = []
    wrong = failed = 0

    async def user() -> None:
        nonlocal wrong, failed
        connection = Connection(*address)
        try:
            for turn, text in enumerate(turns):
                if turn % TURNS == 0:
                    sender = "benchmark-" + uuid.uuid4().hex
                try:
                    answer = await connection.post(path, {"sender": sender, "message": text})
                except (OSError, ValueError, asyncio.TimeoutError, asyncio.IncompleteReadError):
                    failed += 1
                    continue
                messages = answer.messages()
                failed += not messages
                wrong += bool(messages) and not is_right(messages)
                times.append(answer.first_ms if stream else answer.total_ms)
        finally:
            await connection.close()

    begin = perf_counter()
    await asyncio.gather(*(user() for _ in range(senders)))
    return Sample(tuple(times), perf_counter() - begin, wrong, failed)
