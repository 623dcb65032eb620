"""Settings from the environment, read when they are needed so that a test may change them."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from baclofen.paths import ROOT


def text(name: str, default: str = "") -> str:
    """Return a variable without surrounding blanks; an empty value counts as set."""
    return os.environ.get(name, default).strip()


def host() -> str:
    return text("HOST") or "127.0.0.1"


def port() -> int:
    """Return the port to serve on.

    Raises:
        ValueError: PORT is no number between 0 and 65535.
    """
    value = text("PORT") or "5005"
    if not value.isdecimal() or int(value) > 65535:
        raise ValueError(f"PORT must be a number between 0 and 65535, not {value!r}.")
    return int(value)


def rest_token() -> str:
    """Return the token that servers have to show; empty means that none is asked for."""
    return text("REST_TOKEN")


def widget_origins() -> frozenset[str]:
    """Return the sites whose pages may talk to the bot (``https://clinic.example``), none by default."""
    return frozenset(text("WIDGET_ORIGINS").split())


def database() -> Path | None:
    """Return the conversation file; None keeps conversations in memory only (DATABASE is empty)."""
    value = text("DATABASE", "conversations.db")
    return ROOT / value if value else None


def database_url() -> str:
    """Return the address of a PostgreSQL that replicas share; empty keeps to the file of DATABASE.

    Raises:
        ValueError: it is no such address.
    """
    return _address("DATABASE_URL", text("DATABASE_URL"), ("postgresql", "postgres"))


def has_shared_database() -> bool:
    """Say whether other processes may have heard a conversation as well; never raises."""
    return bool(text("DATABASE_URL"))


def redis_url() -> str:
    """Return the address of a Redis that replicas share; empty keeps locks in this process.

    Raises:
        ValueError: it is no such address.
    """
    return _address("REDIS_URL", text("REDIS_URL"), ("redis", "rediss"))


def rabbitmq_url() -> str:
    """Return the address of a RabbitMQ that gets the events; empty sends them nowhere.

    Raises:
        ValueError: it is no such address.
    """
    return _address("RABBITMQ_URL", text("RABBITMQ_URL"), ("amqp", "amqps"))


def check_servers() -> None:
    """Read the addresses of all servers.

    Raises:
        ValueError: one is wrong; the text names the variable and quotes nothing, for it may hold a password.
    """
    for read in (database_url, redis_url, rabbitmq_url):
        read()


def _address(name: str, value: str, schemes: tuple[str, ...]) -> str:
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise ValueError(f"{name} must be an address such as {schemes[0]}://user:password@host:port/name.")
    return value


def action_endpoint_url() -> str:
    """Return the address of a separate action server; empty runs the actions in this process."""
    return text("ACTION_ENDPOINT_URL")


def actions_package() -> str:
    return text("ACTIONS_PACKAGE") or "actions"
