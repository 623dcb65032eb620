"""Sends Rasa's events to RabbitMQ, from a bounded buffer, in a task that no turn waits for.

Rasa's own broker waits for RabbitMQ at the start, up to twenty times five seconds, and keeps without limit
what it cannot send (``rasa.core.brokers.pika``; https://github.com/RasaHQ/rasa/issues/5245 tells of bots that
fell silent with it). Exchange and queue are the same as Rasa's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from asyncio import AbstractEventLoop
from collections import Counter, deque
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange
from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from assistant import settings
from assistant.privacy import redacted
from assistant.stores.breaker import Breaker

logger = logging.getLogger(__name__)

EXCHANGE = "rasa-exchange"
QUEUE = "rasa_core_events"

BUFFERED = 10_000
"""Events that wait at most; beyond them the oldest are dropped."""

BATCH = 64
"""Events that are on their way at once."""

PATIENCE = 5.0
"""How long RabbitMQ may take for any one thing, in seconds."""

REST_SECONDS = 2.0
"""How long it is left alone after a failure."""

GOODBYE = 1.0
"""How long closing waits for the next events to be sent, in seconds."""

COMPLAINT_SECONDS = 60.0
"""How often dropped events are logged at most."""

dropped: Counter[str] = Counter()
"""Events that were dropped since the start."""


class EventStream(EventBroker):
    """Publishes events; an event may come twice after a failure, and it comes in order otherwise.

    Args:
        url: address of RabbitMQ, ``amqp://user:password@host:port/``.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._buffer: deque[bytes] = deque()
        self._news = asyncio.Event()
        self._is_connected = False
        self._complained_at = -COMPLAINT_SECONDS
        self.breaker = Breaker("RABBITMQ_URL", f"The last {BUFFERED} events are held.")
        self._sender = asyncio.get_running_loop().create_task(self._send())

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig | None = None, event_loop: AbstractEventLoop | None = None
    ) -> EventStream | None:
        """Return the broker of ``RABBITMQ_URL``, None where it is empty; waits for nothing."""
        url = settings.rabbitmq_url()
        return cls(url) if url else None

    def publish(self, event: dict[str, Any]) -> None:
        """Take an event into the buffer (see base class)."""
        if len(self._buffer) >= BUFFERED:
            self._buffer.popleft()
            dropped["RABBITMQ_URL"] += 1
            if time.monotonic() - self._complained_at >= COMPLAINT_SECONDS:
                self._complained_at = time.monotonic()
                logger.error("RABBITMQ_URL: %d events have been dropped.", dropped["RABBITMQ_URL"])
        self._buffer.append(json.dumps(_written(event)).encode())
        self._news.set()

    def is_ready(self) -> bool:
        """Say whether events are taken: always (see base class)."""
        return True

    async def close(self) -> None:
        """Send what waits, as long as that gets on, and end.

        ``rasa export`` closes at once; Rasa's own broker loses what it has not sent by then.
        """
        left, end = len(self._buffer), time.monotonic() + GOODBYE
        while self._buffer and time.monotonic() < end:
            await asyncio.sleep(0.02)
            if len(self._buffer) < left:
                left, end = len(self._buffer), time.monotonic() + GOODBYE
        self._sender.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._sender

    async def _send(self) -> None:
        while True:
            try:
                await self._send_over_one_connection()
            except Exception as error:  # whatever it is, the next connection may be better
                self.breaker.failed(error)
            finally:
                self._is_connected = False
            await asyncio.sleep(REST_SECONDS)

    async def _send_over_one_connection(self) -> None:
        connection = await aio_pika.connect(self._url, timeout=PATIENCE)
        try:
            channel = await asyncio.wait_for(connection.channel(publisher_confirms=True), PATIENCE)
            exchange = await asyncio.wait_for(_exchange(channel), PATIENCE)
            self._is_connected = True
            self.breaker.succeeded()
            while not channel.is_closed and not connection.is_closed:
                await self._send_batch(exchange)
            raise ConnectionError("the connection was closed")
        finally:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(connection.close(), 1.0)

    async def _send_batch(self, exchange: AbstractExchange) -> None:
        self._news.clear()
        if not self._buffer:
            with contextlib.suppress(asyncio.TimeoutError):  # look from time to time whether it is still open
                await asyncio.wait_for(self._news.wait(), 1.0)
            return
        batch = [self._buffer[i] for i in range(min(BATCH, len(self._buffer)))]
        sending = (exchange.publish(_message(body), "", timeout=PATIENCE) for body in batch)
        sent = await asyncio.wait_for(asyncio.gather(*sending, return_exceptions=True), PATIENCE)
        if failed := next((result for result in sent if isinstance(result, BaseException)), None):
            raise failed
        for body in batch:  # the buffer may have dropped some of them meanwhile
            if self._buffer and self._buffer[0] is body:
                self._buffer.popleft()


async def _exchange(channel: AbstractChannel) -> AbstractExchange:
    exchange = await channel.declare_exchange(EXCHANGE, type=aio_pika.ExchangeType.FANOUT)
    queue = await channel.declare_queue(QUEUE, durable=True)
    await queue.bind(exchange, "")
    return exchange


def _message(body: bytes) -> aio_pika.Message:
    return aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)


def _written(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event without what was typed; whose it is stays, since the queue is useless without."""
    return {**redacted(event), **{key: event[key] for key in ("sender_id",) if key in event}}
