"""A bot on Redis, PostgreSQL, RabbitMQ and an action server, and what a test measures while one is away."""

from __future__ import annotations

import asyncio
import json
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aio_pika
import pytest

from tests import serving
from tests.servers.actions import ActionServer
from tests.servers.process import RealServer
from tests.servers.proxy import Proxy
from tests.servers.real import PostgresServer, RabbitServer, RedisServer, missing
from tests.serving import Server, fact_ids, texts

SLOW = 0.3
"""Seconds that a slow server's data are held back, each way: no answer comes before 0.6 s."""

GRAVE = "he is not breathing"
TABLE = os.environ.get("FAULT_TABLE", "")
"""File that the measured times go to, one JSON object a line."""


@dataclass
class Arrangement:
    """The four servers and the bot that talks to them."""

    redis: RedisServer
    database: PostgresServer
    rabbit: RabbitServer
    actions: ActionServer
    proxies: dict[str, Proxy]
    bot: Server

    def server(self, name: str) -> RealServer:
        return {"Redis": self.redis, "PostgreSQL": self.database, "RabbitMQ": self.rabbit}.get(
            name, self.actions
        )

    def close(self) -> None:
        self.bot.stop()
        for server in (self.redis, self.database, self.rabbit, self.actions):
            server.end()
        for proxy in self.proxies.values():
            proxy.close()


def arrange(is_up: bool = True, through_proxies: bool = False) -> Arrangement:
    """Start everything; with ``is_up`` false the bot alone, whose servers refuse it."""
    if reason := missing("redis-server", "postgresql", "rabbitmq-server"):
        pytest.skip(reason)
    servers = (RedisServer(), PostgresServer(), RabbitServer(), ActionServer())
    if is_up:
        for server in servers:
            server.launch()
        for server in servers:
            server.wait()
    names = ("REDIS_URL", "DATABASE_URL", "RABBITMQ_URL", "ACTION_ENDPOINT_URL")
    proxies = {n: Proxy(s.port) for n, s in zip(names, servers, strict=True)} if through_proxies else {}
    urls = {
        name: server.url_at(proxies[name].port) if proxies else server.url
        for name, server in zip(names, servers, strict=True)
    }
    return Arrangement(*servers, proxies, serving.start(KEEP_TEXT="1", **urls))


@dataclass(frozen=True)
class Answers:
    """What users got, in seconds: the words of an emergency streamed and plain, and the slowest question."""

    streamed: float
    plain: float
    question: float


def ask(bot: Server) -> Answers:
    """Ask as users would; every one of them must get a useful answer.

    The first question meets the outage, the others what the bot has learned from it.
    """
    sender = uuid.uuid4().hex
    streamed = []
    for _ in range(3):
        seconds, first = next(bot.stream(GRAVE, uuid.uuid4().hex))
        assert "911" in first["text"]
        streamed.append(seconds)
    plain = []
    for text in (GRAVE, "she has taken all of her baclofen and wont wake up"):
        seconds, messages = _timed(lambda text=text: bot.say(text, uuid.uuid4().hex))  # type: ignore[misc]
        assert "911" in texts(messages)[0]
        plain.append(seconds)
    questions = []
    for text, fact in (
        ("What is baclofen?", "what_is_baclofen"),
        ("What is the maximum dose?", "maximum_dose"),
    ):
        seconds, messages = _timed(lambda text=text: bot.say(text, sender))  # type: ignore[misc]
        assert fact_ids(messages) == [fact]
        questions.append(seconds)
    return Answers(max(streamed), max(plain), max(questions))


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.monotonic()
    result = work()
    return time.monotonic() - begin, result


def wait_until(holds: Callable[[], bool], seconds: float = 25) -> float:
    """Return the seconds until something holds."""
    begin = time.monotonic()
    while not holds():
        assert time.monotonic() - begin < seconds, "it did not recover"
        time.sleep(0.1)
    return time.monotonic() - begin


def stored(database: PostgresServer, sender: str) -> list[object]:
    """Return what a sender said, as the database has it."""
    query = "SELECT data::json->>'text' FROM events WHERE sender_id = %s AND type_name = 'user' ORDER BY id"
    return [row[0] for row in database.ask(query, sender)]


def published(rabbit: RabbitServer) -> set[str]:
    """Take all events from the queue; return the texts that users sent."""

    async def take() -> set[str]:
        connection = await aio_pika.connect(rabbit.url, timeout=10)
        queue = await (await connection.channel()).declare_queue("rasa_core_events", durable=True)
        found = set()
        while message := await queue.get(no_ack=True, fail=False):
            event = json.loads(message.body)
            if event.get("event") == "user":
                found.add(event["text"])
        await connection.close()
        return found

    return asyncio.run(take())


def note(server: str, fault: str, answers: Answers, back: float, kept: str) -> None:
    """Add a row to the table of measured times, where one is asked for."""
    if TABLE:
        row = {"server": server, "fault": fault, **vars(answers), "back": back, "kept": kept}
        with Path(TABLE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
