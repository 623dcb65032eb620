"""What is checked before the first request: an open API is refused, an open port is named."""

from __future__ import annotations

import inspect
import ipaddress
import sys
from typing import Any

from sanic import Sanic

from assistant import settings

OPEN_API = (
    "Rasa's HTTP API is on without a token: anybody could read, change and silence conversations. "
    "Start with --auth-token or --jwt-secret, or without --enable-api."
)

OPEN_PORT = (
    "Everybody who reaches {host} may name the sender at /webhooks/rest/webhook. Set REST_TOKEN unless all "
    "who reach it are trusted. (The page's own channel needs no token.)"
)


SHORTEST_SECRET = 32
"""Characters of SESSION_SECRET."""


def check_settings() -> None:
    """Check what would be too weak.

    Raises:
        ValueError: the text says what to do.
    """
    secret = settings.session_secret()
    if secret and len(secret) < SHORTEST_SECRET:
        raise ValueError(
            f"SESSION_SECRET is shorter than {SHORTEST_SECRET} characters. Make one: openssl rand -hex 32"
        )


def need_closed_api(app: Sanic) -> None:
    """End the process where Rasa's HTTP API (``rasa run --enable-api``) asks for neither token nor JWT.

    Our own start never has that API.

    Raises:
        SystemExit: it is open; the text says what to do.
    """
    if _has_api(app) and not app.config.get("USE_JWT") and not _token(app):
        sys.exit(OPEN_API)


def warning(host: str) -> str | None:
    """Return a line for an operator whose REST channel a network can reach and no token guards."""
    if settings.rest_token() or is_loopback(host):
        return None
    return OPEN_PORT.format(host=host)


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _routes(app: Sanic) -> list[Any]:
    return [route for group in app.router.groups.values() for route in group.routes]


def _has_api(app: Sanic) -> bool:
    return any(route.path.startswith("conversations/") for route in _routes(app))


def _token(app: Sanic) -> Any:
    """Return the token that Rasa's API was made with; what is not found counts as none."""
    for route in _routes(app):
        if route.path == "status":
            return inspect.getclosurevars(route.handler).nonlocals.get("token")
    return None
