"""What the chat page tells the bot, what it keeps, and whose numbers it shows."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from baclofen import countries
from tests.page.browser import ask
from tests.page.standin import StandIn

pytestmark = pytest.mark.browser


def test_the_bot_is_told_the_place_and_a_random_id_for_the_tab(page: Page, standin: StandIn) -> None:
    ask(page, "hello")
    page.select_option("#country", "GB")
    ask(page, "hello")
    first, second = standin.asked
    assert first["metadata"] == {"time_zone": "Europe/London", "locale": "en-GB"}
    assert second["metadata"]["country"] == "GB"
    assert uuid.UUID(first["sender"]).version == 4
    assert first["sender"] == second["sender"]


def test_only_the_id_and_the_country_are_kept_and_only_in_the_tab(
    page: Page, context: BrowserContext, standin: StandIn
) -> None:
    page.select_option("#country", "NZ")
    ask(page, "hello")
    page.reload()
    expect(page.locator("#country")).to_have_value("NZ")
    expect(page.locator("#bar")).to_contain_text("In an emergency call 111")
    assert sorted(page.evaluate("Object.keys(sessionStorage)")) == ["country", "sender"]
    assert page.evaluate("localStorage.length") == 0
    other = context.new_page()
    other.goto(standin.url)
    expect(other.locator("#country")).to_have_value("")


def test_the_page_names_the_same_numbers_as_the_country_files(page: Page) -> None:
    known = countries.load()
    options = page.locator("#country option[data-call]")
    assert options.count() == 12
    for option in options.all():
        lines = [line for line in known[option.get_attribute("value") or ""].emergency if line.first_words]
        expected = " ".join(f"{line.number}:mobile" if line.only_mobile else line.number for line in lines)
        assert option.get_attribute("data-call") == expected


def test_the_bar_names_two_numbers_until_the_country_is_known(page: Page) -> None:
    expect(page.locator("#bar-text")).to_have_text("In an emergency call 911 (elsewhere 112)")
    page.select_option("#country", "DE")
    expect(page.locator("#bar-text")).to_have_text("In an emergency call 112 ")
    page.select_option("#country", "other")
    expect(page.locator("#bar-text")).to_have_text("In an emergency call 112 or your local emergency number ")
