"""Redis, PostgreSQL and RabbitMQ as Debian installs them."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg2
import redis

from tests.servers.process import RealServer, free_port


def missing(*programs: str) -> str:
    """Return why servers cannot be started, empty when they can."""
    lacking = [program for program in programs if FOUND[program] is None]
    return f"not installed: {', '.join(lacking)} (apt install {' '.join(lacking)})" if lacking else ""


def _postgres() -> Path | None:
    """Return the folder of PostgreSQL's programs; Debian does not put them on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _rabbit() -> Path | None:
    """Return RabbitMQ's own script; the one on the path insists on its own user and folders."""
    found = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    return found if found.exists() else None


FOUND: Mapping[str, Path | str | None] = {
    "redis-server": shutil.which("redis-server"),
    "postgresql": _postgres(),
    "rabbitmq-server": _rabbit(),
}


class RedisServer(RealServer):
    """Redis without a file: what it held is gone when it is killed."""

    def __init__(self) -> None:
        super().__init__("redis")

    @property
    def url(self) -> str:
        return self.url_at(self.port)

    def url_at(self, port: int) -> str:
        return f"redis://127.0.0.1:{port}/0"

    def command(self) -> Sequence[str]:
        return [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--loglevel",
            "warning",
        ]

    def client(self) -> redis.Redis[bytes]:
        return redis.Redis(port=self.port, socket_timeout=5)

    def is_up(self) -> bool:
        with contextlib.suppress(redis.RedisError), self.client() as client:
            return bool(client.ping())
        return False


class PostgresServer(RealServer):
    """PostgreSQL with one database; as root it is run by the user of Debian's package."""

    def __init__(self) -> None:
        super().__init__("postgres", user="postgres")
        self._programs = Path(str(FOUND["postgresql"]))
        done = subprocess.run(
            self.as_user(
                [str(self._programs / "initdb"), "-D", str(self.folder / "data"), "-U", "bot", "-A", "trust"]
                + ["--no-sync", "-E", "UTF8", "--locale=C"]
            ),
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    @property
    def url(self) -> str:
        return self.url_at(self.port)

    def url_at(self, port: int) -> str:
        return f"postgresql://bot@127.0.0.1:{port}/postgres"

    def command(self) -> Sequence[str]:
        places = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-h", "127.0.0.1"]
        return [str(self._programs / "postgres"), *places, "-p", str(self.port)]

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        connection = psycopg2.connect(self.url, connect_timeout=5)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, values)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def is_up(self) -> bool:
        with contextlib.suppress(psycopg2.Error):
            return self.ask("SELECT 1") == [(1,)]
        return False


class RabbitServer(RealServer):
    """RabbitMQ with a node name, a port mapper and folders of its own."""

    def __init__(self) -> None:
        super().__init__("rabbit")
        self._mapper, self._inner = free_port(), free_port()

    @property
    def url(self) -> str:
        return self.url_at(self.port)

    def url_at(self, port: int) -> str:
        return f"amqp://guest:guest@127.0.0.1:{port}/"

    def command(self) -> Sequence[str]:
        return [str(FOUND["rabbitmq-server"])]

    def environment(self) -> Mapping[str, str]:
        (self.folder / "env.conf").touch()
        (self.folder / "plugins").write_text("[].\n")
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(self._mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"test{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._inner),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "env.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
        }

    def end(self) -> None:
        """Kill it, and the port mapper that it started."""
        self.kill()
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            mapper = ["epmd", "-port", str(self._mapper), "-relaxed_command_check", "-kill"]
            subprocess.run(mapper, capture_output=True, timeout=10)
        super().end()
