"""What chat paths share of HTTP: bounded bodies, and errors that carry the emergency sentence."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from sanic import Sanic, response
from sanic.exceptions import RequestTimeout, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant import metrics, settings
from assistant.guard import LARGEST_BODY, ReadSlots, Refusal, refusal_body
from assistant.security import start
from assistant.security.headers import add_headers
from assistant.security.models import verify_before_loading
from assistant.security.redact import redact_logs

logger = logging.getLogger(__name__)

CHAT_PATH = "/webhooks"


SLOWEST_BODY = 10.0
"""Seconds in which a body has to be there."""


async def read_body(request: Request, largest: int = LARGEST_BODY) -> bytes:
    """Read the body, and no more of it than the limit (bytes) and one chunk.

    Raises:
        RequestTimeout: it dribbles in, as from somebody who wants to keep connections open for nothing.
    """
    body = bytearray()

    async def read() -> None:
        assert request.stream is not None
        async for chunk in request.stream:
            body.extend(chunk)
            if len(body) > largest:
                break

    try:
        await asyncio.wait_for(read(), SLOWEST_BODY)
    except asyncio.TimeoutError:
        raise RequestTimeout("The body did not come in time.") from None
    return bytes(body)


def json_reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> HTTPResponse:
    """Return a reply that no proxy keeps."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return response.json(body, status=status, headers=kept, dumps=json.dumps)


def refuse(request: Request, refusal: Refusal, headers: dict[str, str] | None = None) -> HTTPResponse:
    """Answer a request that cannot be taken: the reason, and the emergency sentence."""
    metrics.refusal(refusal.status)
    return json_reply(refusal.body(), refusal.status, {**cors(request), **(headers or {})})


def cors(request: Request) -> dict[str, str]:
    """Return the headers that let a page of another site read the reply: none unless its site is named."""
    origin = request.headers.get("origin", "")
    if not origin or origin not in settings.widget_origins():
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "600",
        "Vary": "Origin",
    }


def slot_reader(app: Sanic) -> ReadSlots:
    """Return what reads the slots of a sender's tracker."""

    async def read(sender: str) -> dict[str, Any] | None:
        store = app.ctx.agent.tracker_store
        slots: dict[str, Any] | None = await getattr(store, "_tracker_store", store).latest_slots(sender)
        return slots

    return read


def answer_errors(app: Sanic) -> None:
    """Have every error on a chat path answered by :func:`error_reply`; twice is as good as once.

    Every channel calls it before the server starts, so that whatever starts it, headers and checks are there.
    """
    app.error_handler.add(Exception, error_reply)
    add_headers(app)
    start.need_closed_api(app)
    verify_before_loading()
    redact_logs()


def error_reply(request: Request, error: Exception) -> HTTPResponse | None:
    """Answer an error on a chat path with the emergency sentence; other paths get Sanic's own page."""
    if request is None or not request.path.startswith(CHAT_PATH):
        return None
    status = getattr(error, "status_code", 500) if isinstance(error, SanicException) else 500
    metrics.refusal(status)
    if status >= 500:
        logger.error("A request failed: %s.", type(error).__name__)
        logger.debug("The request failed here.", exc_info=error)
    reason = str(error) if status < 500 else "Something went wrong on our side."
    return json_reply(refusal_body(reason), status, cors(request))
