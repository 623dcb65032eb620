"""Starting and stopping: one line when ready, a quiet end, a clear word when the port is taken."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from assistant import launcher
from assistant.launcher import newest_model
from tests import serving
from tests.serving import ROOT, Server, texts


@pytest.fixture(scope="module")
def guarded() -> Server:
    """A server that asks for a token and answers for the United Kingdom."""
    return serving.start(REST_TOKEN="open sesame", DEFAULT_COUNTRY="GB")


def test_a_ready_server_has_said_one_line(server: Server) -> None:
    first = server.output().splitlines()
    assert first == [f"Open http://127.0.0.1:{server.port}/  -  stop with Ctrl-C"]


def test_a_caller_without_the_token_is_refused_with_the_emergency_sentence(guarded: Server) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "open sesame"}):
        reply = guarded.post({"message": "he is not breathing"}, headers=headers)
        assert reply.status_code == 401
        assert "999" in reply.json()["text"]


def test_a_caller_with_the_token_is_answered_for_the_default_country(guarded: Server) -> None:
    reply = guarded.post({"message": "he is not breathing"}, headers={"Authorization": "Bearer open sesame"})
    assert reply.status_code == 200
    assert "999" in reply.json()[0]["text"]


def test_a_taken_port_gives_one_line_and_exit_code_1(server: Server) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "serve"],
        cwd=ROOT,
        env=serving.environment(PORT=str(server.port)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "PORT=" in done.stderr


@pytest.mark.parametrize("port", ["nonsense", "70000", "-1"])
def test_a_port_that_is_none_gives_one_line_and_exit_code_1(port: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "serve"],
        cwd=ROOT,
        env=serving.environment(PORT=port),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_ctrl_c_ends_it_within_three_seconds_without_a_traceback(tmp_path: Path) -> None:
    server = serving.start()
    with socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        code, seconds = server.stop(signal.SIGINT)
    assert code == 0
    assert seconds < 3
    assert len(server.output().splitlines()) == 1


def test_sigterm_ends_it_within_three_seconds_although_an_action_hangs() -> None:
    server = serving.start(ACTIONS_PACKAGE="tests.outages.bad_actions")
    asking = threading.Thread(target=lambda: _ask(server))
    asking.start()
    time.sleep(0.5)
    code, seconds = server.stop(signal.SIGTERM)
    asking.join(10)
    assert code == 0
    assert seconds < 3
    assert "Traceback" not in server.output()


def _ask(server: Server) -> None:
    with contextlib.suppress(httpx.HTTPError, AssertionError):
        server.say("What is baclofen?")


def test_the_page_has_a_strict_policy_and_its_files_come_from_one_folder(server: Server) -> None:
    page = httpx.get(server.url + "/")
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    for path in (
        "/static/nothing.js",
        "/static/../pages.py",
        "/static/..%2fpages.py",
        "/static/%2e%2e/pages.py",
    ):
        assert httpx.get(server.url + path).status_code == 404


def test_a_loaded_server_is_live_and_ready(server: Server) -> None:
    assert httpx.get(server.url + "/health/live").status_code == 200
    ready = httpx.get(server.url + "/health/ready")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ready", "faults": [], "degraded": []}


def test_nothing_of_a_conversation_stands_in_the_log(server: Server) -> None:
    server.say("he is not breathing, zanzibar", "sender-quagga")
    server.post(b'{"message": 7, "sender": "sender-quagga"}')
    assert "zanzibar" not in server.output()
    assert "quagga" not in server.output()


def test_the_newest_model_is_served(tmp_path: Path) -> None:
    assert newest_model(tmp_path) is None
    for age, name in ((200, "b.tar.gz"), (100, "a.tar.gz"), (300, "c.tar.gz")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age, time.time() - age))
    assert newest_model(tmp_path) == tmp_path / "a.tar.gz"


def test_conversations_outlive_a_restart(tmp_path: Path) -> None:
    database, sender = str(tmp_path / "conversations.db"), "someone"
    first = serving.start(DATABASE=database)
    first.say("he is not breathing", sender, country="GB")
    first.stop()
    second = serving.start(DATABASE=database)
    try:
        said = texts(second.say("what do I do while waiting", sender))
        assert "999" in said[0]
    finally:
        second.stop()


def test_what_is_there_at_the_start_is_passed_over_by_the_collector_and_what_comes_later_is_not() -> None:
    old: list[object] = []
    launcher.pass_over()
    try:
        later: list[object] = []
        looked_at = {id(each) for each in gc.get_objects()}
        assert id(old) not in looked_at
        assert id(later) in looked_at
    finally:
        gc.unfreeze()
