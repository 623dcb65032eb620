"""Requests to a vendor, and what their answers mean for the message that was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp

from assistant.channels.sending import TIME_OUT, Outcome

CONNECT = 3.0
"""Seconds to reach the vendor."""


def session() -> aiohttp.ClientSession:
    """Return a session for one vendor; call it inside the event loop."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=TIME_OUT, sock_connect=CONNECT),
        connector=aiohttp.TCPConnector(limit=0),  # the outbox bounds what is under way
        trust_env=True,
    )


async def post(client: aiohttp.ClientSession, url: str, **kwargs: Any) -> tuple[int, Mapping[str, str], Any]:
    """Send a request and return status, headers and the JSON of the reply, None where it is none.

    Raises:
        OSError: the vendor was not reached.
        asyncio.TimeoutError: it did not answer in time.
    """
    try:
        async with client.post(url, allow_redirects=False, **kwargs) as reply:
            try:
                body = await reply.json(content_type=None)
            except ValueError:
                body = None
            return reply.status, reply.headers, body
    except (asyncio.TimeoutError, OSError):
        raise
    except aiohttp.ClientError as error:  # cut off in the middle, and the like
        raise ConnectionError(type(error).__name__) from error


def outcome(
    status: int, headers: Mapping[str, str], code: object = None, wait: float = 0.0, is_shared: bool = True
) -> Outcome:
    """Return what a status means; ``code`` is the vendor's own number of the error."""
    shown = str(code if code is not None else status)
    if 200 <= status < 300:
        return Outcome("sent", shown)
    if status == 429:
        return Outcome("later", shown, wait or seconds(headers.get("Retry-After")), is_shared)
    if status >= 500 or status in (408, 425):
        return Outcome("later", shown, seconds(headers.get("Retry-After")))
    return Outcome("refused", shown)


def seconds(value: object) -> float:
    """Return a wait in seconds, 0 where none is named."""
    try:
        return max(0.0, float(str(value)))
    except ValueError:
        return 0.0
