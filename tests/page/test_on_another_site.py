"""The widget on a page of another site, by the snippet of ``/demo``, with the real bot behind it."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.page.browser import ask, card, log, until, watch
from tests.page.conftest import running_bot

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Sites(NamedTuple):
    """A bot and two sites that hold its widget; only the first is named in the bot's settings."""

    bot: str
    named: str
    unnamed: str


class _Site(SimpleHTTPRequestHandler):
    """Serves a folder with the strictest content policy that the widget's documentation calls enough."""

    bot = ""

    def end_headers(self) -> None:
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {self.bot}; connect-src {self.bot}; base-uri 'none'; "
            "img-src data:; require-trusted-types-for 'script'; trusted-types lit-html",
        )
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def sites(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("site")
    handler = type("Site", (_Site,), {})
    servers = [
        ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
        for _ in range(2)
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    named, unnamed = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    with running_bot(folder / "log", WIDGET_ORIGINS=named) as bot:
        handler.bot = bot  # type: ignore[attr-defined]
        (folder / "index.html").write_text(_page_with(_snippet(browser, bot)), "utf-8")
        yield Sites(bot, named, unnamed)
    for server in servers:
        server.shutdown()
        server.server_close()


def _snippet(browser: Browser, bot: str) -> str:
    """Return the two lines that ``/demo`` shows for copying, with the bot's address in the place of BOT."""
    page = browser.new_page()
    page.goto(f"{bot}/demo")
    text = page.locator("#snippet").inner_text()
    page.close()
    return text.replace("https://BOT", bot)


def _page_with(snippet: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>A site</title>'
        f'<link rel="icon" href="data:,"><h1>A site</h1>{snippet}</html>'
    )


def _open(browser: Browser, address: str) -> Page:
    context = browser.new_context(locale="en-US", timezone_id="America/Chicago")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(address)
    page.locator("#launcher").click()
    return page


def test_a_site_that_is_named_gets_the_widget_its_answers_and_its_cards(
    browser: Browser, sites: Sites
) -> None:
    context = browser.new_context(locale="en-US", timezone_id="America/Chicago")
    seen = watch(context)
    page = context.new_page()
    page.goto(sites.named)
    assert page.evaluate("document.querySelector('script').integrity").startswith("sha384-")
    page.locator("#launcher").click()
    ask(page, "What are the signs of an overdose?")
    expect(log(page).locator(".sources summary").first).to_be_visible()
    expect(log(page).get_by_role("link", name="fact book")).to_have_count(0)  # folded away
    ask(page, "he wont wake up")
    expect(card(page).get_by_role("link", name="Call 911")).to_be_visible()
    expect(page.locator("#trouble")).to_be_hidden()
    assert [url for url in seen.requests if not url.startswith((sites.bot, sites.named, "data:"))] == []
    assert seen.violations() == []
    assert context.cookies() == []
    context.close()


def test_a_site_that_is_named_can_delete_and_speak_another_language(browser: Browser, sites: Sites) -> None:
    page = _open(browser, sites.named)
    page.get_by_role("button", name="Options").click()
    page.select_option("#language", "es")
    expect(page.get_by_role("button", name="Creo que es una sobredosis")).to_be_visible()
    page.select_option("#language", "en")
    ask(page, "hello")
    page.get_by_role("button", name="Delete this conversation").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("status")).to_have_text("The conversation is deleted.")
    page.context.close()


def test_a_site_that_is_not_named_gets_no_answers_but_the_number_and_its_own_card(
    browser: Browser, sites: Sites
) -> None:
    page = _open(browser, sites.unnamed)
    until(page, f"performance.getEntriesByName('{sites.bot}/widget-signs.js').length")
    page.fill("#message", "hello there")
    page.press("#message", "Enter")
    expect(page.locator("#trouble")).to_contain_text("cannot be reached")
    expect(page.locator("#trouble").get_by_role("link", name="Call 911")).to_be_visible()
    assert page.locator(".bubble.bot").count() == 0
    page.fill("#message", "he is not breathing")
    page.press("#message", "Enter")
    expect(card(page)).to_have_class(re.compile("emergency"))
    expect(card(page)).to_contain_text("This device raised the alarm by itself")
    page.context.close()


def test_a_changed_script_is_not_run(browser: Browser, sites: Sites) -> None:
    context = browser.new_context()
    page = context.new_page()

    def changed(route: Any) -> None:
        found = route.fetch()
        route.fulfill(response=found, body=found.body() + b"\nwindow.changed = true;")

    page.route(re.compile(r"/widget-[0-9a-f]{16}\.js$"), changed)
    page.goto(sites.named)
    page.wait_for_timeout(500)
    assert page.evaluate("customElements.get('baclofen-chat') === undefined && !window.changed")
    context.close()
