"""The chat page with the real bot behind it, from the first key to the last word."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.page.browser import ask, card, log, watch

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def real_page(browser: Browser, bot: str) -> Iterator[Page]:
    """The page as the bot serves it; no request may leave it and its policy may not be broken."""
    context = browser.new_context(locale="en-US", timezone_id="America/Chicago")
    context.set_default_timeout(15_000)
    seen = watch(context)
    page = context.new_page()
    page.goto(bot)
    page.wait_for_selector("#overdose")
    yield page
    assert seen.elsewhere(bot) == []
    assert seen.violations() == []
    assert context.cookies() == []
    context.close()


def test_an_emergency_is_answered_with_the_number_of_the_country(real_page: Page) -> None:
    real_page.select_option("#country", "GB")
    ask(real_page, "my husband took 20 baclofen and he wont wake up")
    expect(card(real_page)).to_have_class(re.compile("emergency"))
    expect(card(real_page).get_by_role("alert")).to_contain_text("999")
    expect(card(real_page).get_by_role("link", name="Call 999")).to_have_attribute("href", "tel:999")
    expect(card(real_page)).to_contain_text("Because you wrote")
    expect(card(real_page).get_by_role("listitem").first).to_be_visible()
    expect(real_page.locator("#bar")).to_contain_text("999")


def test_the_overdose_button_brings_help(real_page: Page) -> None:
    real_page.get_by_role("button", name="I think this is an overdose").click()
    expect(card(real_page).get_by_role("link", name="Call 911")).to_be_visible()


@pytest.mark.parametrize("number", range(3))
def test_every_starter_gets_an_answer_with_sources(real_page: Page, number: int) -> None:
    real_page.locator("#starters button").nth(number).click()
    expect(log(real_page).locator(".sources summary").first).to_be_visible()
    expect(card(real_page)).to_be_hidden()
    expect(real_page.locator("#trouble")).to_be_hidden()


def test_a_crisis_leads_with_the_crisis_line(real_page: Page) -> None:
    ask(real_page, "i want to kill myself")
    expect(card(real_page)).to_have_class(re.compile("crisis"))
    expect(card(real_page).locator("a.call").first).to_have_attribute("href", "tel:988")


def test_a_message_that_is_too_long_says_so_and_names_the_number(real_page: Page) -> None:
    real_page.fill("#message", "a " * 40_000)
    real_page.press("#message", "Enter")
    expect(real_page.locator("#trouble")).to_contain_text("too long")
    expect(real_page.locator("#trouble").get_by_role("link", name="Call 911")).to_be_visible()
