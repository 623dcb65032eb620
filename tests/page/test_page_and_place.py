"""What the chat page tells the bot, what it keeps, and whose numbers it shows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from baclofen import countries
from tests.page.browser import ask, log
from tests.page.standin import StandIn

pytestmark = pytest.mark.browser


def test_the_bot_is_told_the_place_and_the_id_that_it_gave_the_tab(page: Page, standin: StandIn) -> None:
    ask(page, "hello")
    page.select_option("#country", "GB")
    ask(page, "hello")
    first, second = standin.asked
    assert first["metadata"] == {"time_zone": "America/New_York", "locale": "en-US", "language": "en"}
    assert second["metadata"]["country"] == "GB"
    assert re.fullmatch(r"[0-9a-f]{32}\.\d+\.[0-9a-f]{64}", first["sender"])
    assert first["sender"] == second["sender"]
    assert first["message_id"] != second["message_id"]


def test_all_that_is_kept_is_kept_in_the_tab_alone(
    page: Page, context: BrowserContext, standin: StandIn
) -> None:
    page.select_option("#country", "NZ")
    ask(page, "hello")
    page.reload()
    expect(page.locator("#country")).to_have_value("NZ")
    expect(page.locator("#bar")).to_contain_text("In an emergency call 111")
    assert page.evaluate("Object.keys(sessionStorage)") == ["baclofen-chat"]
    assert page.evaluate("localStorage.length") == 0
    other = context.new_page()
    other.goto(standin.url)
    expect(other.locator("#country")).to_have_value("US")
    expect(log(other)).to_be_empty()


def test_the_widget_names_the_same_numbers_as_the_country_files(page: Page) -> None:
    for code, country in countries.load().items():
        lines = [line for line in country.emergency if line.first_words and line.checked]
        page.select_option("#country", code)
        shown = page.locator("#bar-text").get_by_role("link").all_text_contents()
        assert shown == [line.number for line in lines or country.emergency[:1]], code


def test_two_numbers_are_named_until_the_country_is_known(browser: Browser, standin: StandIn) -> None:
    page = browser.new_page(timezone_id="Africa/Cairo", locale="en-US")
    page.goto(standin.url)
    expect(page.locator("#bar-text")).to_have_text(
        re.compile(r"In an emergency call 911\s+\(elsewhere 112\)")
    )
    page.select_option("#country", "DE")
    expect(page.locator("#bar-text")).to_have_text(re.compile(r"In an emergency call 112\s*$"))
    page.select_option("#country", "other")
    expect(page.locator("#bar-text")).to_contain_text("112 or your local emergency number")
    page.close()


def test_the_time_zone_tells_the_country_until_the_user_does(browser: Browser, standin: StandIn) -> None:
    page = browser.new_page(timezone_id="Europe/London", locale="en-US")
    page.goto(standin.url)
    expect(page.locator("#bar-text")).to_contain_text("999 or 112")
    expect(page.locator("#country")).to_have_value("GB")
    page.select_option("#country", "FR")
    expect(page.locator("#bar-text")).to_contain_text("15 or 112")
    page.close()
