"""Starts Chromium for the tests of the page, and finds the parts of the page."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Playwright

from tests.page.standin import StandIn

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str | None:
    """Return the path of an installed Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=executable(), args=FLAGS)


@dataclass
class Watched:
    """What a browser did that no page of ours may do."""

    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def elsewhere(self, own: str) -> list[str]:
        """Return the requests that left the server of the page."""
        return [url for url in self.requests if not url.startswith((f"{own}/", "data:"))]

    def violations(self) -> list[str]:
        return [text for text in self.console if "Content Security Policy" in text or "Uncaught" in text]


def watch(context: BrowserContext) -> Watched:
    """Note everything that the pages of a context ask for and complain about."""
    seen = Watched()
    context.on("request", lambda request: seen.requests.append(request.url))
    context.on("console", lambda message: seen.console.append(message.text))
    context.on("weberror", lambda error: seen.console.append(f"Uncaught {error.error}"))

    def note_dialog(dialog: Dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    context.on("dialog", note_dialog)
    return seen


ENTRIES = "JSON.parse(sessionStorage.getItem('baclofen-chat') || '{}').conversation?.entries ?? []"
"""What the widget keeps of the conversation."""


def ask(page: Page, text: str) -> None:
    """Send a message and wait for the end of the reply."""
    page.fill("#message", text)
    sent = len(remembered(page).get("conversation", {}).get("entries", []))
    page.press("#message", "Enter")
    until(page, f"({ENTRIES}).length > {sent}")  # it has been taken
    page.wait_for_selector("#typing", state="hidden")


def site(context: BrowserContext, standin: StandIn, **attributes: str) -> Page:
    """Open a plain page with a widget that has these attributes."""
    page = context.new_page()
    query = "&".join(f"{name}={value}" for name, value in attributes.items())
    page.goto(f"{standin.url}/holder.html?{query}")
    widget(page).locator("#launcher, #overdose").first.wait_for()
    return page


def widget(page: Page) -> Locator:
    return page.locator("baclofen-chat")


def remembered(page: Page) -> dict[str, Any]:
    """Return what the widget keeps in the tab."""
    kept: dict[str, Any] = page.evaluate("JSON.parse(sessionStorage.getItem('baclofen-chat') || '{}')")
    return kept


def card(page: Page) -> Locator:
    return page.locator("#card")


def log(page: Page) -> Locator:
    return page.get_by_role("log")


def until(page: Page, expression: str, seconds: float = 10.0) -> None:
    """Wait until an expression is true in the page; Playwright's own needs an eval, which is forbidden."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"still false: {expression}"
        page.wait_for_timeout(50)
