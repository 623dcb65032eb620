"""axe-core in every state of the widget: no violation of WCAG 2.2 AA, nor of its best practices."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.page.browser import ask, card, site
from tests.page.standin import StandIn

pytestmark = pytest.mark.browser

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is missing (dev extra)")


OPTIONS = {"rules": {"target-size": {"enabled": True}}}
"""A rule of WCAG 2.2 that axe leaves off unless asked."""


def assert_nothing_found(page: Page) -> None:
    found = axe.Axe().run(page, options=OPTIONS).response["violations"]
    assert [(rule["id"], [node["html"][:90] for node in rule["nodes"]]) for rule in found] == []


def _options(page: Page, _: StandIn) -> None:
    page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name="Delete this conversation").click()


def _deleted(page: Page, standin: StandIn) -> None:
    ask(page, "hello")
    _options(page, standin)
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("status")).to_have_text("The conversation is deleted.")


def _closing(page: Page, _: StandIn) -> None:
    ask(page, "he wont wake up")
    card(page).get_by_role("button", name="Close").click()


def _closed_card(page: Page, standin: StandIn) -> None:
    _closing(page, standin)
    page.get_by_role("button", name="Close it").click()


def _sources(page: Page, _: StandIn) -> None:
    ask(page, "what are the signs?")
    page.get_by_text("2 sources").click()


def _say(page: Page, text: str) -> None:
    page.fill("#message", text)
    page.press("#message", "Enter")


def _offline(page: Page, _: StandIn) -> None:
    page.context.set_offline(True)
    _say(page, "hello")
    expect(page.locator("#trouble")).to_contain_text("offline")


def _offline_emergency(page: Page, _: StandIn) -> None:
    page.context.set_offline(True)
    page.locator("#overdose").click()
    expect(card(page)).to_contain_text("This device raised the alarm")


def _down(page: Page, standin: StandIn) -> None:
    standin.stop()
    _say(page, "hello")
    expect(page.locator("#trouble")).to_contain_text("cannot be reached")


def _refused(page: Page, standin: StandIn) -> None:
    standin.behaviour = "413"
    _say(page, "hello")
    expect(page.locator("#trouble")).to_contain_text("too long")


def _typing(page: Page, standin: StandIn) -> None:
    standin.behaviour = "hang"
    _say(page, "hello")
    expect(page.locator("#typing")).to_be_visible()


State = Callable[[Page, StandIn], object]
STATES: dict[str, State] = {
    "start": lambda page, _: None,
    "typing": _typing,
    "answer": lambda page, _: ask(page, "what are the signs?"),
    "sources": _sources,
    "choices": lambda page, _: ask(page, "menu"),
    "emergency": lambda page, _: ask(page, "he wont wake up"),
    "urgent": lambda page, _: ask(page, "took a double dose"),
    "crisis": lambda page, _: ask(page, "end it"),
    "closing": _closing,
    "closed card": _closed_card,
    "options": _options,
    "deleted": _deleted,
    "offline": _offline,
    "offline emergency": _offline_emergency,
    "down": _down,
    "refused": _refused,
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(context: BrowserContext, standin: StandIn, state: str, scheme: str) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(standin.url)
    page.wait_for_selector("#overdose")
    STATES[state](page, standin)
    assert_nothing_found(page)


SURROUNDINGS: dict[str, Callable[[Page], object]] = {
    "forced colours": lambda page: page.emulate_media(forced_colors="active"),
    "from right to left": lambda page: page.evaluate("document.documentElement.dir = 'rtl'"),
    "320 px": lambda page: page.set_viewport_size({"width": 320, "height": 640}),
    "200 % zoom": lambda page: page.set_viewport_size({"width": 640, "height": 512}),
    "400 % zoom": lambda page: page.set_viewport_size({"width": 320, "height": 256}),
    "a phone": lambda page: page.set_viewport_size({"width": 390, "height": 844}),
}


@pytest.mark.parametrize("state", ["start", "answer", "emergency", "urgent", "offline"])
@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_axe_finds_nothing_in_other_surroundings(
    page: Page, standin: StandIn, surroundings: str, state: str
) -> None:
    SURROUNDINGS[surroundings](page)
    STATES[state](page, standin)
    assert_nothing_found(page)


def test_axe_finds_nothing_in_a_floating_chat_closed_or_open(
    context: BrowserContext, standin: StandIn
) -> None:
    page = site(context, standin)
    assert_nothing_found(page)
    page.locator("#launcher").click()
    assert_nothing_found(page)
    ask(page, "he wont wake up")
    assert_nothing_found(page)
    page.keyboard.press("Escape")
    expect(page.locator("#launcher")).to_have_text("In an emergency call 911")
    assert_nothing_found(page)


def test_axe_finds_nothing_on_the_demo_page(page: Page, standin: StandIn) -> None:
    page.goto(f"{standin.url}/demo")
    for is_open in (False, True):
        if is_open:
            page.locator("#launcher").click()
        assert_nothing_found(page)
