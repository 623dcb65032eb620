"""Every response carries the headers, whatever it answers; only a site that is named may read replies."""

from __future__ import annotations

import re
import socket
from typing import Any

import httpx
import pytest
import yaml
from sanic import Sanic, response
from sanic.request import Request

from assistant.security import headers
from tests.security.conftest import SITE
from tests.serving import ROOT, Server

PATHS: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docs/openapi.yml").read_text("utf-8"))["paths"]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
OTHERS = (
    "/nothing",
    "/conversations/x/tracker",
    "/webhooks/nothing",
    "/%00",
    "/static/../pages.py",
    "/widget-x.js",
    "/static/" + "%E0%A4%AA" * 200,
    "/static/a%00b",
)


def a_path(path: str) -> str:
    return path.replace("/{name}", "/widget.js" if path == "/{name}" else "/page.css")


def is_guarded(reply: httpx.Response) -> bool:
    """Say whether a response has all headers that it must have."""
    shown = reply.headers
    return (
        shown.get("x-content-type-options") == "nosniff"
        and shown.get("referrer-policy") == "no-referrer"
        and "frame-ancestors 'none'" in shown.get("content-security-policy", "")
        and "microphone=()" in shown.get("permissions-policy", "")
        and bool(shown.get("cache-control"))
        and "strict-transport-security" not in shown
        and "server" not in shown
    )


@pytest.mark.parametrize("path", [*map(a_path, PATHS), *OTHERS])
def test_every_path_by_every_method_has_the_headers(bot: Server, path: str) -> None:
    for method in METHODS:
        reply = bot.client.request(method, bot.url + path, content=b"{" if method == "POST" else None)
        assert is_guarded(reply), (method, reply.status_code, reply.headers)
        assert reply.status_code < 500


def test_a_reply_a_stream_and_a_refusal_have_them_and_are_kept_nowhere(bot: Server) -> None:
    replies = [
        bot.post({"message": "he is not breathing"}),
        bot.client.post(f"{bot.url}/webhooks/chat/webhook?stream=true", json={"message": "hello"}),
        bot.post(b"{"),
        bot.post({"message": "x" * 70_000}),
        bot.client.post(f"{bot.url}/webhooks/chat/session"),
    ]
    assert [reply.status_code for reply in replies] == [200, 200, 400, 413, 200]
    for reply in replies:
        assert is_guarded(reply)
        assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "request_line",
    [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nx: " + b"y" * 20_000 + b"\r\n\r\n"],
    ids=["no", "long"],
)
def test_a_request_that_is_none_is_refused_with_them(bot: Server, request_line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", bot.port), timeout=20) as connection:
        connection.sendall(request_line)
        said = b""
        while chunk := connection.recv(65536):
            said += chunk
    status = int(said.split(b" ", 2)[1])
    assert 400 <= status < 500
    assert b"nosniff" in said


def test_a_page_keeps_its_own_policy_and_the_widget_may_be_loaded_by_other_sites(bot: Server) -> None:
    page = bot.client.get(bot.url)
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert bot.client.get(f"{bot.url}/widget.js").headers["cross-origin-resource-policy"] == "cross-origin"
    assert bot.client.get(f"{bot.url}/health/live").headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["webhook", "delete", "session"])
@pytest.mark.parametrize("origin", [SITE, "https://elsewhere.example", "null", f"{SITE}.evil.example"])
def test_only_a_site_that_is_named_may_ask_and_read(bot: Server, path: str, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    url = f"{bot.url}/webhooks/chat/{path}"
    replies = [
        bot.client.options(url, headers=asked),
        bot.client.post(url, headers={"Origin": origin}, json={"message": "hello"}),
    ]
    for reply in replies:
        assert reply.headers.get("access-control-allow-origin") == (SITE if origin == SITE else None)
        assert "access-control-allow-credentials" not in reply.headers


def test_health_and_pages_are_read_by_no_other_site(bot: Server) -> None:
    for path in ("/", "/health/ready", "/facts/index.html", "/webhooks/chat/"):
        reply = bot.client.get(bot.url + path, headers={"Origin": SITE})
        assert "access-control-allow-origin" not in reply.headers


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("url", "is_sent"), [("https://bot.example", True), ("http://bot.example", False), ("", False)]
)
async def test_https_for_ever_is_asked_for_only_where_there_is_https(
    monkeypatch: pytest.MonkeyPatch, url: str, is_sent: bool
) -> None:
    monkeypatch.setenv("PUBLIC_URL", url)
    reply = response.text("x")
    await headers._add(None, reply)  # type: ignore[arg-type]
    assert ("Strict-Transport-Security" in reply.headers) == is_sent


def test_headers_are_added_once() -> None:
    app = Sanic("headers_once")

    @app.get("/")
    async def nothing(_: Request) -> Any:
        return response.text("x")

    headers.add_headers(app)
    headers.add_headers(app)
    assert len(app.response_middleware) == 1


def test_no_inline_code_is_allowed_anywhere(bot: Server) -> None:
    for path in ("/", "/demo", "/facts/index.html", "/nothing"):
        assert not re.search(r"unsafe|\*", bot.client.get(bot.url + path).headers["content-security-policy"])
