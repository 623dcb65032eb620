"""The sign list is served as a script that any page may keep, packed, and only once."""

from __future__ import annotations

import asyncio
import gzip
from types import SimpleNamespace
from typing import Any

from sanic.response import HTTPResponse

from assistant import sign_list


def ask(**headers: str) -> HTTPResponse:
    request: Any = SimpleNamespace(headers={name.replace("_", "-"): value for name, value in headers.items()})
    return asyncio.run(sign_list.answer(request))


def test_it_is_a_script_that_pages_of_other_sites_may_load() -> None:
    answer = ask()
    assert answer.status == 200
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert b"export const level" in (answer.body or b"")


def test_it_comes_packed_to_whoever_can_unpack_it() -> None:
    packed = ask(accept_encoding="gzip, br")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body or b"") == ask().body


def test_whoever_has_it_gets_nothing_again() -> None:
    tag = ask().headers["etag"]
    again = ask(if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    assert ask(if_none_match='"older"').status == 200
