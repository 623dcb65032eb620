"""Four processes of a bot on Redis and PostgreSQL of their own: ours, and the default Rasa bot."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from baclofen.paths import MODELS
from benchmarks import default_bot
from benchmarks.processes import ProcessError, free_port, processor_seconds, resident_mib
from benchmarks.scale.drive import IsRight, until_answers
from benchmarks.systems import FIRST_QUESTION, Command, Default, Ours, Running, running
from tests.servers.real import PostgresServer, RedisServer

SIZE = 4
START_WITHIN = 600.0
"""Seconds until all of them answer: a default bot alone takes forty, and they start together."""

STORED = {
    "table_bytes": "SELECT pg_total_relation_size('events')",
    "rows": "SELECT count(*) FROM events",
    "wal_bytes": "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')",
    "transactions": "SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database",
    "connections": "SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'",
}
"""Questions to PostgreSQL; the one who asks is not counted as a connection."""


@dataclass(frozen=True)
class Fleet:
    """Processes that answer.

    Attributes:
        ports: of the bots; as many of them are asked as are to be measured, the others idle.
    """

    name: str
    ports: tuple[int, ...]
    live: Running
    redis: RedisServer
    postgres: PostgresServer
    is_right: IsRight

    def bot_seconds(self) -> float:
        """Return the processor time of all bots and their action server."""
        return processor_seconds(self.live.pids)

    def store_seconds(self) -> float:
        """Return the processor time of Redis and PostgreSQL."""
        return processor_seconds([self.redis.pid, self.postgres.pid])

    def bot_mib(self) -> float:
        """Return the memory of the first bot, in MiB."""
        return resident_mib(self.live.processes["bot 0"].pid)

    def stored(self) -> dict[str, float]:
        """Return what Redis and PostgreSQL hold and have done so far, by the names of ``STORED``."""
        found = {name: float(str(self.postgres.ask(query)[0][0])) for name, query in STORED.items()}
        with self.redis.client() as client:
            found["redis_bytes"] = float(client.info("memory")["used_memory"])
            found["redis_commands"] = float(client.info("stats")["total_commands_processed"])
        return found


@contextlib.contextmanager
def ours(logs: Path, size: int = SIZE) -> Iterator[Fleet]:
    """Run our bot, its actions in the same process.

    Raises:
        ProcessError: it does not run.
    """
    ports = tuple(free_port() for _ in range(size))
    with _stores() as (redis, postgres):
        shared = {
            "BACLOFEN_MODELS": str(MODELS),
            "HOST": "127.0.0.1",
            "DEFAULT_COUNTRY": "US",
            "ACTION_ENDPOINT_URL": "",
            "REST_TOKEN": "",
            "MISSES": "",
            "RATE_PER_SENDER": "0",
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
        }
        commands = {
            f"bot {number}": Command(
                [sys.executable, "-m", "assistant", "serve"],
                env={**shared, "PORT": str(port), "DATABASE": str(logs / f"bot-{number}.db")},
            )
            for number, port in enumerate(ports)
        }
        with running(commands, ports[0], bool, logs, START_WITHIN) as live:
            yield _answering(Fleet("ours", ports, live, redis, postgres, Ours().is_right))


@contextlib.contextmanager
def default(bot: default_bot.DefaultBot, logs: Path, size: int = SIZE) -> Iterator[Fleet]:
    """Run the default bot with Rasa's own stores, and one action server for all.

    Raises:
        ProcessError: it does not run.
    """
    ports, action_port = tuple(free_port() for _ in range(size)), free_port()
    rasa = [sys.executable, "-m", "rasa", "run"]
    with _stores() as (redis, postgres):
        endpoints = logs / "endpoints.yml"
        endpoints.write_text(yaml.safe_dump(stock_endpoints(redis.port, postgres.port, action_port)), "utf-8")
        common = ["-i", "127.0.0.1", "-m", str(bot.model), "--endpoints", str(endpoints)]
        act = Command([*rasa, "actions", "-p", str(action_port)], bot.folder, {"SANIC_HOST": "127.0.0.1"})
        bots = {
            f"bot {number}": Command([*rasa, "-p", str(port), *common], bot.folder)
            for number, port in enumerate(ports)
        }
        with running({**bots, "action server": act}, ports[0], bool, logs, START_WITHIN) as live:
            yield _answering(Fleet("default", ports, live, redis, postgres, Default(bot).is_right))


def stock_endpoints(redis_port: int, postgres_port: int, action_port: int) -> dict[str, dict[str, object]]:
    """Return the endpoints as Rasa's documents give them for several processes."""
    return {
        "action_endpoint": {"url": f"http://localhost:{action_port}/webhook"},
        "lock_store": {"type": "redis", "url": "127.0.0.1", "port": redis_port, "db": 0},
        "tracker_store": {
            "type": "SQL",
            "dialect": "postgresql",
            "url": "127.0.0.1",
            "port": postgres_port,
            "username": "bot",
            "password": "",
            "db": "postgres",
        },
    }


@contextlib.contextmanager
def _stores() -> Iterator[tuple[RedisServer, PostgresServer]]:
    redis, postgres = RedisServer(), PostgresServer()
    try:
        redis.start()
        postgres.start()
        yield redis, postgres
    finally:
        redis.end()
        postgres.end()


def _answering(fleet: Fleet) -> Fleet:
    if not asyncio.run(until_answers(fleet.ports, FIRST_QUESTION, START_WITHIN)):
        raise ProcessError(f"Not all processes of {fleet.name} answer.")
    fleet.live.check()
    return fleet
