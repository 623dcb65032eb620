"""``python -m tests.stores.cost``: what Redis, PostgreSQL and RabbitMQ add to a turn; long conversations."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable

import psutil

from tests import serving
from tests.servers.real import PostgresServer, RabbitServer, RedisServer
from tests.serving import Server

TEXTS = ("What is baclofen?", "What is the maximum dose?", "Can I drive?", "he is not breathing", "hello")
ROUNDS = 5
LONG = 600
"""Messages of the long conversation."""


def main() -> None:
    servers = redis, database, rabbit = RedisServer(), PostgresServer(), RabbitServer()
    for server in servers:
        server.start()
    shared = {"REDIS_URL": redis.url, "DATABASE_URL": database.url}
    bots = {
        "embedded": serving.start(),
        "Redis, PostgreSQL": serving.start(**shared),
        "Redis, PostgreSQL, RabbitMQ": serving.start(**shared, RABBITMQ_URL=rabbit.url),
    }
    times: dict[str, list[float]] = {name: [] for name in bots}
    busy = dict.fromkeys(bots, 0.0)
    for number in range(ROUNDS + 1):  # by turns, so that what else the machine does falls on all of them
        for name, bot in bots.items():
            begin = _busy(bot)
            spent = [_say(bot, text, sender) for sender in _senders(4) for text in TEXTS * 2]
            if number:  # the first round warms up
                times[name] += spent
                busy[name] += _busy(bot) - begin
    for name, spent in times.items():
        cuts = statistics.quantiles(spent, n=100)
        print(
            f"{name}: {len(spent)} turns, p50 {cuts[49]:.1f}, p95 {cuts[94]:.1f}, p99 {cuts[98]:.1f} ms, "
            f"processor {busy[name] / len(spent) * 1000:.1f} ms a turn"
        )
    embedded, one, other = bots.values()
    for name, which in (
        ("embedded", lambda _: embedded),
        ("Redis, PostgreSQL", lambda _: one),
        ("two bots by turns", lambda number: (one, other)[number % 2]),
    ):
        print(f"{name}, turns 1, 90, 290, 580 of one conversation: {_long(which)} ms")


def _long(which: Callable[[int], Server]) -> list[float]:
    sender = uuid.uuid4().hex
    spent = [_say(which(number), TEXTS[0], sender) for number in range(LONG)]
    return [round(statistics.median(spent[start : start + 20]), 1) for start in (0, 90, 290, 580)]


def _senders(count: int) -> list[str]:
    return [uuid.uuid4().hex for _ in range(count)]


def _say(bot: Server, text: str, sender: str) -> float:
    """Return the milliseconds that an answer took."""
    begin = time.perf_counter()
    bot.say(text, sender)
    return (time.perf_counter() - begin) * 1000


def _busy(bot: Server) -> float:
    times = psutil.Process(bot.process.pid).cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    main()
