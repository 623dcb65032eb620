"""Two clients with one way to ask: what came, and when, of one message."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import aiohttp
import socketio

if not hasattr(aiohttp, "ClientWSTimeout"):  # python-socketio asks for it; Rasa pins an aiohttp before it
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close  # type: ignore[attr-defined]

QUIET_S = 0.6
"""Socket.IO has no end of an answer: it is over after this long without a message."""


@dataclass
class Answer:
    """The messages of an answer, and milliseconds from asking to the first of them."""

    first_ms: float | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    repeated: int = 0

    def take(self, message: dict[str, Any], since: float) -> None:
        if message in self.messages:
            self.repeated += 1
            return
        self.messages.append(message)
        if self.first_ms is None:
            self.first_ms = (time.perf_counter() - since) * 1000


class Rest:
    """As the widget does it: one request a message; one that breaks off is sent again with the same id."""

    name = "streaming REST"

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/webhooks/rest/webhook?stream=true"
        self._sender = uuid.uuid4().hex

    async def __aenter__(self) -> Rest:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._session.close()

    async def ask(self, text: str, tries: int = 3) -> Answer:
        """Send a message, again where the answer breaks off."""
        answer, since = Answer(), time.perf_counter()
        body = {"sender": self._sender, "message": text, "message_id": uuid.uuid4().hex}
        for _ in range(tries):
            try:
                async with self._session.post(self._url, json=body) as response:
                    async for line in response.content:
                        answer.take(json.loads(line), since)
                return answer
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
        return answer


class Socket:
    """As socket.io-client does it: one connection, made anew when it breaks, the room asked for again."""

    name = "Socket.IO"

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._session = uuid.uuid4().hex
        self._client = socketio.AsyncClient(reconnection_delay=0.1, reconnection_delay_max=0.1)
        self._answer, self._since, self._news = Answer(), 0.0, asyncio.Event()
        self._confirmed = asyncio.Event()
        self._client.on("connect", self._join)
        self._client.on("session_confirm", self._confirm)
        self._client.on("bot_uttered", self._take)

    async def _join(self) -> None:
        await self._client.emit("session_request", {"session_id": self._session})

    async def _confirm(self, _: str) -> None:
        self._confirmed.set()

    async def _take(self, message: dict[str, Any]) -> None:
        self._answer.take(message, self._since)
        self._news.set()

    async def __aenter__(self) -> Socket:
        await self._client.connect(self._url, transports=["websocket"])
        await self._confirmed.wait()
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._client.disconnect()

    async def ask(self, text: str) -> Answer:
        """Send a message and wait until nothing more comes."""
        self._answer, self._since = Answer(), time.perf_counter()
        await self._client.emit("user_uttered", {"message": text, "session_id": self._session})
        while True:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), 5.0 if not self._answer.messages else QUIET_S)
            except asyncio.TimeoutError:
                return self._answer
