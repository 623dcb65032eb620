"""``/widget-signs.js``: the sign list that a browser keeps for when the bot does not answer."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from baclofen import browser_signs
from baclofen.paths import DATA, MODELS

READER = Path(__file__).parent / "widget" / "signs"

KEPT = MODELS / "browser"
"""Where the script is kept for the next start."""

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


_one = threading.Lock()


def script() -> Script:
    """Return the script; making it takes some seconds, and whoever comes meanwhile waits for the same one.

    Raises:
        OSError: a part of the reader is missing.
        baclofen.dataset.DataError: the signs or countries are missing or wrong.
    """
    with _one:
        return _script()


@lru_cache(maxsize=1)
def _script() -> Script:
    plain = kept_or_made(KEPT)
    return Script(plain, gzip.compress(plain, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:20]}"')


def kept_or_made(folder: Path) -> bytes:
    """Return the script that a folder holds; else it is made, and kept where the folder can be written."""
    path = folder / f"signs-{fingerprint()}.js"
    with contextlib.suppress(OSError):
        return path.read_bytes()
    plain = browser_signs.module(READER).encode()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("signs-*.js"):
            old.unlink()
        # Whole or not at all: another process may be reading.
        half = folder / f"half-{os.getpid()}"
        half.write_bytes(plain)
        half.replace(path)
    return plain


def fingerprint() -> str:
    """Return a name for what the script is made of: data, the reader's parts, our code, the list of words."""
    files = [
        *(path for name in ("signs", "countries", "wording") for path in (DATA / name).glob("*.yml")),
        *DATA.glob("*.yml"),
        *READER.iterdir(),
        *Path(browser_signs.__file__).parent.glob("*.py"),
    ]
    state = hashlib.sha256(version("symspellpy").encode())
    for path in sorted(files):
        state.update(f"{path.name}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()[:20]


async def answer(request: Request) -> HTTPResponse:
    """Return the script; the first request makes it, beside the loop that answers messages."""
    made = await asyncio.get_running_loop().run_in_executor(None, script)
    headers = {**HEADERS, "ETag": made.tag}
    if made.tag in request.headers.get("if-none-match", ""):
        return response.raw(b"", status=304, headers=headers)
    body = made.plain
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = made.packed, "gzip"
    return response.raw(body, headers=headers, content_type="text/javascript; charset=utf-8")
