"""The sign list is served as a script that any page may keep, packed, and only once."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sanic.response import HTTPResponse

from assistant import ahead, sign_list
from baclofen import browser_signs


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


def test_it_is_kept_for_the_next_start_and_made_anew_when_what_it_is_made_of_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def module(folder: Path) -> str:
        made.append(folder)
        return f"script {len(made)}"

    monkeypatch.setattr(browser_signs, "module", module)
    assert sign_list.kept_or_made(tmp_path) == b"script 1"
    assert sign_list.kept_or_made(tmp_path) == b"script 1"
    reader = tmp_path / "reader"
    reader.mkdir()
    (reader / "rules.js").write_text("changed")
    monkeypatch.setattr(sign_list, "READER", reader)
    assert sign_list.kept_or_made(tmp_path) == b"script 2"
    assert len(list(tmp_path.glob("signs-*.js"))) == 1


def test_a_folder_that_cannot_be_written_does_not_keep_it_from_being_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_signs, "module", lambda folder: "script")
    (tmp_path / "file").write_text("no folder")
    assert sign_list.kept_or_made(tmp_path / "file") == b"script"


def test_one_thing_that_cannot_be_made_ahead_does_not_stop_the_others() -> None:
    made = []

    def fails() -> None:
        raise OSError("broken")

    ahead.make([fails, lambda: made.append("second")])
    assert made == ["second"]
