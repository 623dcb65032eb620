"""A browser, a page that reports what it must never do, and the two things it talks to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.page.browser import executable, launch, watch
from tests.page.standin import StandIn, serving

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 90.0
"""Seconds that the real bot may take to start."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, closed with the module: its loop would be in the way of asynchronous tests elsewhere."""
    if executable() is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with serving() as running:
        yield running


@pytest.fixture
def context(browser: Browser, standin: StandIn) -> Iterator[BrowserContext]:
    """A fresh browser profile; whatever a test does, no request may leave and no policy may be broken."""
    fresh = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-US", timezone_id="America/New_York"
    )
    fresh.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    seen = watch(fresh)
    yield fresh
    assert seen.elsewhere(standin.url) == []
    assert seen.violations() == []
    assert seen.dialogs == []
    assert fresh.cookies() == []
    fresh.close()


@pytest.fixture
def page(context: BrowserContext, standin: StandIn) -> Page:
    """The chat page, loaded."""
    opened = context.new_page()
    opened.goto(standin.url)
    opened.wait_for_selector("#overdose")
    return opened


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real bot, started on a free port with its conversations in memory."""
    with running_bot(tmp_path_factory.mktemp("bot") / "log") as address:
        yield address


@contextmanager
def running_bot(log: Path, **variables: str) -> Iterator[str]:
    """Run the real bot with some settings until the block ends; skips the test where it cannot run."""
    if not list((ROOT / "models").glob("*.tar.gz")):
        pytest.skip("no trained model in models/ (make train)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    own = {"PORT": str(port), "HOST": "127.0.0.1", "DATABASE": "", "REST_TOKEN": "", **variables}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve"],
            cwd=ROOT,
            env={**os.environ, **own},
            stdout=out,
            stderr=out,
        )
        try:
            if not _is_ready(address, process):
                pytest.fail(f"the bot did not get ready:\n{log.read_text(errors='replace')[-2000:]}")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _is_ready(address: str, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except OSError:
            pass
        time.sleep(0.3)
    return False
