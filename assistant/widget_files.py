"""The chat widget's files as the bot serves them, their names and hashes, and the pages that hold it."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from assistant import page_numbers
from assistant.widget_words import WIDGET, module

BUILT = WIDGET / "dist" / "widget.js"
PAGE = Path(__file__).parent / "page"

FOREVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"

_WORDS = re.compile(r"widget-words-([a-z]{2,3})\.js\Z")


@dataclass(frozen=True)
class File:
    """A script as it is served.

    Attributes:
        body: its bytes.
        cache: value of ``Cache-Control``.
    """

    body: bytes
    cache: str = ASK_FIRST

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @property
    def headers(self) -> dict[str, str]:
        """Headers of a script that any site may load: it holds nothing of anybody."""
        return {
            "Cache-Control": self.cache,
            "ETag": self.etag,
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        }


def file(name: str) -> File | None:
    """Return a script by its name, None for a name that is none of ours.

    ``widget.js`` is the present one, ``widget-<hash>.js`` the same under a name that may be kept for ever,
    ``widget-words-<language>.js`` its words in another language.
    """
    if name == "widget.js":
        return File(built())
    if name == versioned():
        return File(built(), FOREVER)
    words = _WORDS.match(name)
    body = module(words[1]) if words else None
    return File(body.encode()) if body else None


def built() -> bytes:
    """Return the bundle that is committed."""
    return _read(BUILT, BUILT.stat().st_mtime_ns)


@functools.lru_cache(maxsize=2)
def _read(path: Path, _: int) -> bytes:
    return path.read_bytes()


def versioned() -> str:
    """Return the name of the bundle that changes with its content."""
    return f"widget-{hashlib.sha256(built()).hexdigest()[:16]}.js"


def integrity() -> str:
    """Return the bundle's subresource-integrity hash."""
    return "sha384-" + base64.b64encode(hashlib.sha384(built()).digest()).decode()


def page(name: str) -> str:
    """Return a page of ours with the names and hashes of the bundle, and the countries' numbers, in it."""
    text = (PAGE / name).read_text("utf-8")
    for mark, value in (("widget", f"/{versioned()}"), ("integrity", integrity())):
        text = text.replace(f"{{{{{mark}}}}}", value)
    return text.replace("{{numbers}}", page_numbers.as_html()) if "{{numbers}}" in text else text


if __name__ == "__main__":
    print(f"{BUILT.name}  {len(built())} bytes\n/{versioned()}\n{integrity()}")
