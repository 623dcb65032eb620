"""Addresses of servers: a wrong one is said in one line that names the variable and quotes nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from assistant import settings
from assistant.light import unused
from tests import serving
from tests.serving import ROOT

NAMES = ("DATABASE_URL", "REDIS_URL", "RABBITMQ_URL")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://bot:pass@db.example:5432/bot"),
        ("DATABASE_URL", "postgres://db/bot"),
        ("REDIS_URL", "redis://:pass@127.0.0.1:6379/0"),
        ("REDIS_URL", "rediss://cache"),
        ("RABBITMQ_URL", "amqp://guest:guest@[::1]:5672/"),
        ("RABBITMQ_URL", " "),
    ],
)
def test_a_proper_address_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    settings.check_servers()
    assert getattr(settings, name.lower())() == value.strip()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value", ["sesame", "http://sesame@x", "redis:sesame", "mysql://bot:sesame@db/bot", "amqp://:sesame@/"]
)
def test_another_one_is_refused_by_name_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=name) as caught:
        settings.check_servers()
    assert "sesame" not in str(caught.value)


def test_nothing_is_set_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    assert settings.database_url() == settings.redis_url() == settings.rabbitmq_url() == ""
    assert not settings.has_shared_database()


def test_a_wrong_address_ends_the_start_with_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "serve"],
        cwd=ROOT,
        env=serving.environment(PORT=str(serving.free_port()), REDIS_URL="localhost:6379"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "REDIS_URL" in done.stderr


def test_redis_is_imported_where_it_is_used_and_only_there() -> None:
    assert "redis" in unused("")
    assert "redis" not in unused("\nredis")
