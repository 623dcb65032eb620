"""axe-core in every state of the widget: no violation of WCAG 2.2 AA, nor of its best practices."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.page.browser import ask, card
from tests.page.standin import StandIn

pytestmark = pytest.mark.browser

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is missing (dev extra)")


def _options(page: Page) -> None:
    page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name="Delete this conversation").click()


def _closing(page: Page) -> None:
    ask(page, "he wont wake up")
    card(page).get_by_role("button", name="Close").click()


def _trouble(page: Page) -> None:
    page.context.set_offline(True)
    page.fill("#message", "hello")
    page.press("#message", "Enter")
    expect(page.locator("#trouble")).to_contain_text("offline")


STATES: dict[str, Callable[[Page], object]] = {
    "start": lambda page: None,
    "answer": lambda page: ask(page, "what are the signs?"),
    "choices": lambda page: ask(page, "menu"),
    "emergency": lambda page: ask(page, "he wont wake up"),
    "urgent": lambda page: ask(page, "took a double dose"),
    "crisis": lambda page: ask(page, "end it"),
    "closing": _closing,
    "options": _options,
    "trouble": _trouble,
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(context: BrowserContext, standin: StandIn, state: str, scheme: str) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(standin.url)
    page.wait_for_selector("#overdose")
    STATES[state](page)
    found = axe.Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"][:90] for node in rule["nodes"]]) for rule in found] == []


def test_axe_finds_nothing_on_the_demo_page(page: Page, standin: StandIn) -> None:
    page.goto(f"{standin.url}/demo")
    for is_open in (False, True):
        if is_open:
            page.locator("#launcher").click()
        found = axe.Axe().run(page).response["violations"]
        assert [(rule["id"], [node["html"][:90] for node in rule["nodes"]]) for rule in found] == []
