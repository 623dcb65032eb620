"""nginx in front of a bot: nothing that it refuses is without the emergency sentence."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant import proxy_words
from tests import serving
from tests.deploy.proxy import NGINX, Proxy, needs_nginx
from tests.serving import ROOT, Server

WORDS = ROOT / "deploy" / "nginx" / "emergency.json"


@pytest.fixture(scope="module")
def server() -> Server:
    return serving.shared()


@pytest.fixture(scope="module")
def proxy(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy without a limit that a test would meet."""
    found = Proxy(tmp_path_factory.mktemp("proxy"), f"127.0.0.1:{server.port}")
    yield found
    found.close()


def _is_the_sentence(reply: httpx.Response) -> bool:
    if not reply.headers["content-type"].startswith("application/json"):
        return False
    return all(number in reply.json()["text"] for number in ("911", "999", "112"))


def test_the_sentence_of_the_proxy_is_made_from_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_COUNTRY", "")
    assert WORDS.read_text("utf-8") == proxy_words.body()
    monkeypatch.setenv("DEFAULT_COUNTRY", "GB")
    assert "999" in json.loads(proxy_words.body())["text"]


@needs_nginx
def test_nginx_takes_the_file(proxy: Proxy) -> None:
    done = subprocess.run(proxy.command("-t"), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@needs_nginx
def test_a_message_is_answered_through_the_proxy(proxy: Proxy) -> None:
    reply = proxy.client.post(proxy.webhook, json={"sender": "a", "message": "he is not breathing"})
    assert reply.status_code == 200
    assert "911" in reply.json()[0]["text"]
    assert "max-age" in reply.headers["strict-transport-security"]


@needs_nginx
def test_a_streamed_reply_comes_as_it_is_said(server: Server, tmp_path: Path) -> None:
    slow = serving.start(ACTIONS_PACKAGE="tests.outages.bad_actions")
    proxy = Proxy(tmp_path, f"127.0.0.1:{slow.port}")
    try:
        begin, times = time.monotonic(), []
        body = {"sender": "a", "message": "he is not breathing. what is baclofen?"}
        with proxy.client.stream("POST", proxy.webhook + "?stream=true", json=body) as reply:
            for line in reply.iter_lines():
                if line:
                    times.append(time.monotonic() - begin)
        assert times[-1] > 2.5, "the action hangs"
        assert times[0] < times[-1] - 2
    finally:
        proxy.close()
        slow.stop()


@needs_nginx
def test_the_bots_own_refusals_pass_as_they_are(proxy: Proxy) -> None:
    reply = proxy.client.post(proxy.webhook, content=b"no json")
    assert reply.status_code == 400
    assert reply.json()["error"] == "The body is not JSON."


@needs_nginx
def test_a_body_of_64_kb_is_triaged_and_a_larger_one_gets_413_with_the_sentence(proxy: Proxy) -> None:
    end = ". he is not breathing"
    text = ("we had tea and cake today " * 2600)[: 64 * 1024 - 100] + end
    assert "911" in proxy.client.post(proxy.webhook, json={"message": text}).json()[0]["text"]
    reply = proxy.client.post(proxy.webhook, json={"message": "a " * 40_000 + end})
    assert reply.status_code == 413
    assert _is_the_sentence(reply)


@needs_nginx
def test_too_many_requests_get_429_with_the_sentence(server: Server, tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, f"127.0.0.1:{server.port}", rate="1r/s", burst=2)
    try:
        replies = [proxy.client.post(proxy.webhook, json={"message": "hello"}) for _ in range(6)]
        assert [r.status_code for r in replies[:3]] == [200] * 3
        refused = [r for r in replies if r.status_code == 429]
        assert refused
        assert all(_is_the_sentence(r) for r in refused)
    finally:
        proxy.close()


@needs_nginx
def test_a_dead_bot_gives_502_with_the_sentence_within_a_second(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, f"127.0.0.1:{serving.free_port()}")
    try:
        begin = time.monotonic()
        reply = proxy.client.post(proxy.webhook, json={"message": "he is not breathing"})
        assert reply.status_code == 502
        assert _is_the_sentence(reply)
        assert time.monotonic() - begin < 1
    finally:
        proxy.close()


@needs_nginx
def test_another_bot_answers_while_one_is_dead(server: Server, tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, f"127.0.0.1:{serving.free_port()}", f"127.0.0.1:{server.port}")
    try:
        for number in range(20):
            reply = proxy.client.post(
                proxy.webhook,
                json={"message": "he is not breathing"},
                headers={"X-Conversation": str(number)},
            )
            assert reply.status_code == 200
    finally:
        proxy.close()


@needs_nginx
def test_a_conversation_stays_with_its_bot_and_others_go_elsewhere(tmp_path: Path) -> None:
    with _Named("one") as one, _Named("two") as two:
        proxy = Proxy(tmp_path, f"127.0.0.1:{one.port}", f"127.0.0.1:{two.port}")
        try:

            def who(conversation: str) -> str:
                return proxy.client.post(proxy.webhook, headers={"X-Conversation": conversation}).text

            assert len({who("anna") for _ in range(8)}) == 1
            assert {who(f"somebody {n}") for n in range(30)} == {"one", "two"}
        finally:
            proxy.close()


class _Named:
    """A server that says its name."""

    def __init__(self, name: str) -> None:
        import threading
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(name)))
                self.end_headers()
                self.wfile.write(name.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> _Named:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()


@needs_nginx
@pytest.mark.parametrize(
    "path", ["/metrics", "/health/ready", "/conversations/a/tracker", "/model", "/status", "/x"]
)
def test_what_is_inside_stays_inside(proxy: Proxy, path: str) -> None:
    reply = proxy.client.get(proxy.url + path)
    assert reply.status_code == 404
    assert _is_the_sentence(reply)


@needs_nginx
@pytest.mark.parametrize("path", ["/", "/demo", "/widget.js", "/facts/index.html", "/health/live"])
def test_the_pages_are_open(proxy: Proxy, path: str) -> None:
    assert proxy.client.get(proxy.url + path).status_code == 200


@needs_nginx
def test_a_broken_request_gets_the_sentence_too(proxy: Proxy) -> None:
    for headers, path in (({"X-Long": "a" * 40_000}, ""), ({}, "?q=" + "a" * 40_000)):
        reply = proxy.client.post(proxy.webhook + path, json={"message": "hello"}, headers=headers)
        assert 400 <= reply.status_code < 500
        assert _is_the_sentence(reply)


@needs_nginx
def test_plain_http_is_sent_on_to_tls_with_its_body(proxy: Proxy) -> None:
    reply = httpx.post(proxy.plain + "/webhooks/rest/webhook", json={"message": "hello"})
    assert reply.status_code == 308
    assert reply.headers["location"].startswith("https://")


@needs_nginx
def test_the_log_of_the_proxy_holds_no_path_and_no_address(proxy: Proxy) -> None:
    proxy.client.post(proxy.webhook + "?token=zanzibar", json={"message": "quagga"})
    proxy.client.get(proxy.url + "/zanzibar")
    lines = [json.loads(line) for line in proxy.access_log().splitlines()]
    assert lines
    assert not re.search("zanzibar|quagga|127.0.0.1", proxy.access_log())


@needs_nginx
def test_a_client_that_is_too_slow_is_cut_off_and_others_are_not_held_up(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)):
        reply = proxy.client.post(proxy.webhook, json={"message": "hello"})
    assert reply.status_code == 200


def test_nginx_is_found_where_it_is_installed() -> None:
    assert NGINX or not Path("/usr/sbin/nginx").exists()
