"""Headers that every response carries, be it a page, a reply, an error or a path that is not there."""

from __future__ import annotations

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from assistant import settings

SHUT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The policy of what is no page of ours: a browser that shows it runs and loads nothing."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": SHUT,
    "Cache-Control": "no-store",
}
"""A response that sets one of them itself keeps its own."""

HSTS = "max-age=31536000"
"""A year. Sent only where PUBLIC_URL says https: elsewhere it would lock people out of a plain server."""


def add_headers(app: Sanic) -> None:
    """Have every response of an application carry the headers; twice is as good as once."""
    if getattr(app.ctx, "has_headers", False):
        return
    app.ctx.has_headers = True
    app.register_middleware(_add, "response")


async def _add(_: Request, response: BaseHTTPResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.public_url().startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", HSTS)
