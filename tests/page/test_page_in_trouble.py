"""The chat page while the bot is slow, broken, out of reach or refuses."""

from __future__ import annotations

import subprocess
import sys

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.page import canned
from tests.page.browser import card, log
from tests.page.conftest import ROOT
from tests.page.standin import StandIn

pytestmark = pytest.mark.browser


def say(page: Page, text: str) -> None:
    page.fill("#message", text)
    page.press("#message", "Enter")


def expect_trouble(page: Page, words: str) -> None:
    trouble = page.locator("#trouble")
    expect(trouble).to_contain_text(words)
    expect(trouble.get_by_role("link", name="Call 911")).to_have_attribute("href", "tel:911")
    expect(trouble.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("#typing")).to_be_hidden()


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("nonsense", "could not be read"),
        ("empty", "could not be read"),
        ("413", "too long"),
        ("500", canned.EMERGENCY_SENTENCE),
        ("proxy", "could not take this message"),
    ],
)
def test_a_reply_that_is_none_says_whom_to_call_and_keeps_the_message(
    page: Page, standin: StandIn, behaviour: str, words: str
) -> None:
    standin.behaviour = behaviour
    say(page, "hello there")
    if behaviour == "413":
        expect(page.locator("#trouble")).to_contain_text("Please shorten it")
        expect(page.locator("#message")).to_have_value("hello there")
        expect(page.locator("#trouble").get_by_role("link", name="Call 911")).to_be_visible()
        return
    expect_trouble(page, words)
    expect(log(page).locator(".unanswered")).to_contain_text("hello there")
    expect(log(page)).to_contain_text("Not answered yet")


def test_trying_again_sends_the_message_again_and_clears_the_trouble(page: Page, standin: StandIn) -> None:
    standin.behaviour = "500"
    say(page, "hello there")
    expect_trouble(page, canned.EMERGENCY_SENTENCE)
    standin.behaviour = "stream"
    page.get_by_role("button", name="Try again").click()
    expect(log(page)).to_contain_text("Hello. Ask me anything")
    expect(page.locator("#trouble")).to_be_hidden()
    assert [body["message"] for body in standin.asked] == ["hello there", "hello there"]
    assert len({body["message_id"] for body in standin.asked}) == 1
    assert page.locator(".bubble.user").count() == 1
    expect(page.locator(".unanswered")).to_have_count(0)


def test_being_offline_is_said_with_the_number_and_the_message_goes_out_later(
    page: Page, context: BrowserContext, standin: StandIn
) -> None:
    page.select_option("#country", "GB")
    context.set_offline(True)
    say(page, "he wont wake up")
    expect(page.locator("#trouble")).to_contain_text("You are offline")
    expect(page.locator("#trouble").get_by_role("link", name="Call 999")).to_have_attribute("href", "tel:999")
    expect(page.locator("#typing")).to_be_hidden()
    context.set_offline(False)
    expect(card(page)).to_contain_text("Call 911 now")
    expect(page.locator("#trouble")).to_be_hidden()
    assert [body["message"] for body in standin.asked] == ["he wont wake up"]


def test_a_dead_server_is_said_with_the_number(page: Page, standin: StandIn) -> None:
    standin.stop()
    say(page, "hello there")
    expect_trouble(page, "cannot be reached")
    expect(log(page).locator(".unanswered")).to_contain_text("hello there")


def test_a_server_that_comes_back_gets_the_message_without_a_hand(page: Page, standin: StandIn) -> None:
    standin.behaviour = "proxy"
    say(page, "hello there")
    expect_trouble(page, "could not take this message")
    standin.behaviour = "stream"
    expect(log(page)).to_contain_text("Hello. Ask me anything")
    expect(page.locator("#trouble")).to_be_hidden()


def test_a_reply_that_breaks_off_is_asked_for_again_and_shown_once(page: Page, standin: StandIn) -> None:
    standin.behaviour = "cut"
    say(page, "what are the signs?")
    expect(log(page)).to_contain_text("Look for very weak")
    standin.behaviour = "stream"
    standin.release.set()
    expect(log(page)).to_contain_text("If this is happening now")
    assert page.get_by_text("Look for very weak").count() == 1
    assert len(standin.asked) == 2
    assert len(standin.answered) == 1
    expect(page.locator("#trouble")).to_be_hidden()


def test_a_reply_that_stays_broken_off_is_said_to_be_incomplete(page: Page, standin: StandIn) -> None:
    standin.behaviour = "cut"
    say(page, "what are the signs?")
    expect(log(page)).to_contain_text("Look for very weak")
    standin.release.set()
    expect_trouble(page, "may be incomplete")
    assert page.get_by_text("Look for very weak").count() == 1


def test_a_message_on_its_way_survives_a_reload(page: Page, standin: StandIn) -> None:
    standin.behaviour = "hang"
    say(page, "hello there")
    expect(page.locator("#typing")).to_be_visible()
    page.fill("#message", "and then")
    standin.behaviour = "stream"
    page.reload()
    expect(log(page)).to_contain_text("Hello. Ask me anything")
    expect(page.locator("#message")).to_have_value("and then")
    assert page.locator(".bubble.user").count() == 1
    assert len(standin.answered) == 1


@pytest.fixture
def slow_page(context: BrowserContext, standin: StandIn) -> Page:
    """The page with a clock that tests can turn, waiting for an answer that does not come."""
    page = context.new_page()
    page.clock.install()
    page.goto(standin.url)
    standin.behaviour = "hang"
    page.wait_for_selector("#overdose")
    say(page, "hello there")
    expect(page.locator("#typing")).to_be_visible()
    return page


def test_ten_seconds_without_an_answer_are_not_waited_in_silence(slow_page: Page) -> None:
    slow_page.clock.run_for(9_000)
    expect(slow_page.locator("#trouble")).to_be_hidden()
    slow_page.clock.run_for(1_500)
    expect_trouble(slow_page, "no answer yet")
    expect(log(slow_page)).to_contain_text("hello there")


def test_an_answer_that_comes_late_is_still_shown(slow_page: Page, standin: StandIn) -> None:
    slow_page.clock.run_for(11_000)
    expect_trouble(slow_page, "no answer yet")
    standin.release.set()
    expect(log(slow_page)).to_contain_text("Hello. Ask me anything")
    expect(slow_page.locator("#trouble")).to_be_hidden()


def test_trying_again_gives_the_slow_answer_up(slow_page: Page, standin: StandIn) -> None:
    slow_page.clock.run_for(11_000)
    standin.behaviour = "stream"
    slow_page.get_by_role("button", name="Try again").click()
    expect(log(slow_page)).to_contain_text("Hello. Ask me anything")
    standin.release.set()
    slow_page.clock.run_for(30_000)
    assert slow_page.get_by_text("Hello. Ask me anything").count() == 1
    expect(slow_page.locator("#trouble")).to_be_hidden()


def test_a_second_message_need_not_wait_for_the_first(slow_page: Page, standin: StandIn) -> None:
    standin.behaviour = "stream"
    say(slow_page, "he wont wake up")
    expect(card(slow_page)).to_contain_text("Call 911 now")


STAND_IN = """
import sys
from tests.page.standin import serving
with serving(int(sys.argv[1])) as bot:
    bot.behaviour = sys.argv[2]
    print(bot.url, flush=True)
    sys.stdin.read()
"""


def started(port: str, behaviour: str) -> tuple[subprocess.Popen[str], str]:
    """Start a stand-in as a process of its own, which can be killed; return it and its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", STAND_IN, port, behaviour],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def test_a_server_that_is_killed_in_the_middle_of_an_answer_loses_nothing(browser: Browser) -> None:
    process, url = started("0", "pause")
    page = browser.new_page(locale="en-US", timezone_id="America/New_York")
    try:
        page.goto(url)
        page.wait_for_selector("#overdose")
        say(page, "he wont wake up")
        expect(card(page)).to_contain_text("Call 911 now")
        process.kill()
        process.wait()
        page.fill("#message", "not sent yet")
        expect(page.locator("#trouble")).to_contain_text("may be incomplete", timeout=10_000)
        expect(card(page).get_by_role("link", name="Call 911")).to_be_visible()
        expect(page.locator("#typing")).to_be_hidden()
        process, again = started(url.rpartition(":")[2], "stream")
        assert again == url
        expect(card(page)).to_contain_text("While you wait", timeout=20_000)
        expect(page.locator("#trouble")).to_be_hidden()
        assert page.locator(".bubble.user").count() == 1
        assert page.locator("#card .first p").count() == 1
        expect(page.locator("#message")).to_have_value("not sent yet")
    finally:
        page.close()
        process.kill()
        process.wait()
