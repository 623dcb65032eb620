"""Real servers as fixtures, shared by a whole test run; tests that use one are marked ``slow``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.real import PostgresServer, RabbitServer, RedisServer, missing


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    _need("redis-server")
    server = RedisServer()
    server.start()
    yield server
    server.end()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    _need("postgresql")
    server = PostgresServer()
    server.start()
    yield server
    server.end()


@pytest.fixture(scope="session")
def rabbit() -> Iterator[RabbitServer]:
    _need("rabbitmq-server")
    server = RabbitServer()
    server.start()
    yield server
    server.end()


def _need(program: str) -> None:
    if reason := missing(program):
        pytest.skip(reason)
