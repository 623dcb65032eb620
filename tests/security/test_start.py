"""What may not be started, what is only warned of, and that Rasa's HTTP API is nowhere."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sanic import Sanic

from assistant.security import start
from tests import serving
from tests.serving import ROOT, Server, texts

API = (
    ("GET", "/status"), ("GET", "/version"), ("GET", "/domain"), ("GET", "/conversations/x/tracker"),
    ("POST", "/conversations/x/tracker/events"), ("PUT", "/conversations/x/tracker/events"),
    ("GET", "/conversations/x/story"), ("POST", "/conversations/x/execute"),
    ("POST", "/conversations/x/trigger_intent"), ("POST", "/conversations/x/predict"),
    ("POST", "/conversations/x/messages"), ("POST", "/model/train"), ("POST", "/model/test/stories"),
    ("POST", "/model/test/intents"), ("POST", "/model/predict"), ("POST", "/model/parse"), ("PUT", "/model"),
    ("DELETE", "/model"),
)  # fmt: skip
"""The routes of ``rasa.server``; a test compares the list with what Rasa has."""


@pytest.fixture
def rasa_app() -> Iterator[Callable[..., Sanic]]:
    from rasa.server import create_app

    def make(**changes: Any) -> Sanic:
        Sanic._app_registry.pop("rasa_server", None)
        return create_app(**changes)

    yield make
    Sanic._app_registry.pop("rasa_server", None)


def test_the_list_of_rasas_routes_is_complete(rasa_app: Callable[..., Sanic]) -> None:
    routes = start._routes(rasa_app())
    known = {re.sub(r"^/|/x(?=/)", "", path) for _, path in API}
    theirs = {re.sub(r"/<[^>]*>", "", route.path) for route in routes}
    assert theirs - {""} == known


@pytest.mark.parametrize(("method", "path"), API)
def test_rasas_http_api_is_not_there(bot: Server, method: str, path: str) -> None:
    assert bot.client.request(method, bot.url + path, json={}).status_code == 404
    below = bot.client.request(method, f"{bot.url}/webhooks{path}", json={})
    assert below.status_code == 404
    assert "911" in below.json()["text"]


def test_rasas_http_api_without_a_token_ends_the_start(rasa_app: Callable[..., Sanic]) -> None:
    with pytest.raises(SystemExit, match="--auth-token"):
        start.need_closed_api(rasa_app())
    with pytest.raises(SystemExit, match="--auth-token"):
        start.need_closed_api(rasa_app(auth_token=""))


def test_with_a_token_or_a_secret_it_may_start(rasa_app: Callable[..., Sanic]) -> None:
    start.need_closed_api(rasa_app(auth_token="open sesame"))
    start.need_closed_api(rasa_app(jwt_secret="open sesame"))
    start.need_closed_api(Sanic("no_api_at_all"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "bot.example"])
def test_an_open_port_without_a_token_is_warned_of(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REST_TOKEN", raising=False)
    assert "REST_TOKEN" in str(start.warning(host))
    monkeypatch.setenv("REST_TOKEN", "open sesame")
    assert start.warning(host) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_a_port_of_this_machine_alone_is_not_warned_of(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REST_TOKEN", raising=False)
    assert start.warning(host) is None


def test_a_short_secret_gives_one_line_and_exit_code_1() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "serve"],
        cwd=ROOT,
        env=serving.environment(SESSION_SECRET="short", PORT=str(serving.free_port())),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "SESSION_SECRET" in done.stderr
    assert 'short"' not in done.stderr


def rasa_run(*arguments: str) -> tuple[subprocess.Popen[str], int]:
    port = serving.free_port()
    command = [sys.executable, "-m", "rasa", "run", "-p", str(port), "-i", "127.0.0.1", *arguments]
    environ = {**serving.environment(DATABASE="", RASA_TELEMETRY_ENABLED="false"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return process, port


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_rasa_run_with_the_api_open_ends_with_a_line_that_says_so() -> None:
    process, _ = rasa_run("--enable-api")
    try:
        said, _ = process.communicate(timeout=240)
    finally:
        process.kill()
    assert process.returncode != 0
    assert start.OPEN_API in said


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_rasa_run_is_as_shut_as_our_own_start() -> None:
    process, port = rasa_run("--model", str(serving.models()))
    url = f"http://127.0.0.1:{port}"

    def is_up() -> bool:
        try:
            return httpx.get(f"{url}/webhooks/rest/", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    try:
        serving.wait_until(lambda: is_up() or process.poll() is not None, 240)
        for method, path in API:
            assert httpx.request(method, url + path, timeout=60).status_code in (404, 405)
        missing = httpx.get(f"{url}/webhooks/nothing", timeout=60)
        assert missing.status_code == 404
        assert "911" in missing.json()["text"]
        assert missing.headers["x-content-type-options"] == "nosniff"
        reply = httpx.post(
            f"{url}/webhooks/chat/webhook",
            json={"message": "he is not breathing"},
            headers={"Origin": "https://elsewhere.example"},
            timeout=60,
        )
        assert "911" in texts(reply.json())[0]
        assert "access-control-allow-origin" not in reply.headers
        assert reply.headers["cache-control"] == "no-store"
    finally:
        process.kill()
        process.wait(10)
