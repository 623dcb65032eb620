"""``/widget-signs.js``: the sign list that a browser keeps for when the bot does not answer."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from baclofen import browser_signs

READER = Path(__file__).parent / "widget" / "signs"

HEADERS = {
    # Kept for a day; for a month an old one is better than none while a newer one is fetched.
    "Cache-Control": "public, max-age=86400, stale-while-revalidate=2592000, stale-if-error=2592000",
    "X-Content-Type-Options": "nosniff",
    # It holds nothing private, and the pages that use it are on other sites.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}


@dataclass(frozen=True)
class Script:
    """The script, plain and packed, and the tag that changes with it."""

    plain: bytes
    packed: bytes
    tag: str


@lru_cache(maxsize=1)
def script() -> Script:
    """Return the script, made once; that takes a second or two.

    Raises:
        OSError: a part of the reader is missing.
        baclofen.dataset.DataError: the signs or countries are missing or wrong.
    """
    plain = browser_signs.module(READER).encode()
    return Script(plain, gzip.compress(plain, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:20]}"')


_making = asyncio.Lock()


async def answer(request: Request) -> HTTPResponse:
    """Return the script; the first request makes it, beside the loop that answers messages."""
    async with _making:  # made once, however many ask meanwhile
        made = await asyncio.get_running_loop().run_in_executor(None, script)
    headers = {**HEADERS, "ETag": made.tag}
    if made.tag in request.headers.get("if-none-match", ""):
        return response.raw(b"", status=304, headers=headers)
    body = made.plain
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = made.packed, "gzip"
    return response.raw(body, headers=headers, content_type="text/javascript; charset=utf-8")
