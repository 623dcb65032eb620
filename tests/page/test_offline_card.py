"""The card that the device raises by itself: at once, without a network, with the steps of its signs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assistant.sign_list import READER
from baclofen import browser_signs, replies
from baclofen.countries import Place, load
from baclofen.triage import Triage
from tests.page import canned
from tests.page.browser import ask, card, log, site, until
from tests.page.standin import StandIn

pytestmark = pytest.mark.browser

SIGNS = """export const level = (text) => /wake|sleepy/.test(text)
    ? {level: 'emergency', signs: [{words: 'wont wake'}]} : {level: 'none', signs: []};"""


def test_the_button_brings_the_card_without_any_network(context: BrowserContext, standin: StandIn) -> None:
    page = site(context, standin, open="")
    context.set_offline(True)
    took = page.evaluate(
        """async () => {
            const inside = document.querySelector("baclofen-chat").shadowRoot;
            const begin = performance.now();
            inside.querySelector("#overdose").click();
            while (!inside.querySelector("#card a.call")) await new Promise(requestAnimationFrame);
            return performance.now() - begin;
        }"""
    )
    expect(card(page).get_by_role("link", name="Call 911")).to_be_visible()
    expect(card(page)).to_contain_text("Tell the operator")
    expect(page.locator("#trouble")).to_contain_text("You are offline")
    assert took < 100


def test_the_list_of_signs_raises_the_card_while_offline(context: BrowserContext, standin: StandIn) -> None:
    standin.signs = SIGNS
    page = site(context, standin, open="")
    until(page, "performance.getEntriesByName(location.origin + '/widget-signs.js').length")
    context.set_offline(True)
    page.fill("#message", "he wont wake up")
    page.press("#message", "Enter")
    expect(card(page)).to_contain_text("Because you wrote: “wont wake”")
    expect(card(page)).to_contain_text("This device raised the alarm by itself")
    context.set_offline(False)
    expect(card(page).locator(".first")).to_have_text(canned.EMERGENCY)
    expect(card(page)).not_to_contain_text("This device raised")


def test_a_silent_server_is_not_waited_for_and_its_level_decides_in_the_end(
    context: BrowserContext, standin: StandIn
) -> None:
    standin.signs = SIGNS
    standin.behaviour = "hang"
    page = site(context, standin, open="")
    until(page, "performance.getEntriesByName(location.origin + '/widget-signs.js').length")
    page.fill("#message", "so sleepy, hello")
    page.press("#message", "Enter")
    expect(card(page)).to_have_class(re.compile("emergency"), timeout=2_000)
    standin.release.set()
    expect(log(page)).to_contain_text("Ask me anything")
    expect(card(page)).to_be_hidden()
    page.get_by_role("button", name="Show it again").click()
    expect(card(page)).to_be_visible()


# With the list of signs that the bot serves


@pytest.fixture
def knowing(context: BrowserContext, standin: StandIn) -> Page:
    """An open widget that has read the real list of signs."""
    standin.signs = browser_signs.module(READER)
    return with_the_list(context, standin)


def with_the_list(context: BrowserContext, standin: StandIn) -> Page:
    page = site(context, standin, open="", country="GB")
    page.evaluate("async () => { await (await import('/widget-signs.js')).ready; }")
    return page


def say(page: Page, text: str) -> None:
    page.fill("#message", text)
    page.press("#message", "Enter")


@pytest.mark.parametrize(
    ("text", "level", "about"),
    [
        ("he is not breathing", "emergency", {"breathing"}),
        ("she is having a seizure", "emergency", {"seizure"}),
        ("i cant wake him up", "emergency", {"unconscious"}),
        ("i want to kill myself", "crisis", {"self_harm"}),
    ],
)
def test_the_card_without_a_network_has_the_words_of_the_bot(
    knowing: Page, context: BrowserContext, text: str, level: str, about: set[str]
) -> None:
    triage = Triage(level, about=frozenset(about))  # type: ignore[arg-type]
    first, care = replies.escalation(triage, Place(load()["GB"], False))
    context.set_offline(True)
    say(knowing, text)
    expect(card(knowing)).to_have_class(re.compile(level))
    assert card(knowing).locator(".first").inner_text().startswith(str(first.text))
    shown = card(knowing).locator(".steps").inner_text()
    for line in str(care.text).split("\n"):
        assert line.removeprefix("- ") in shown
    expect(knowing.locator("#trouble")).to_contain_text("You are offline")


def test_urgent_advice_without_a_network_is_that_of_its_matter(
    knowing: Page, context: BrowserContext
) -> None:
    context.set_offline(True)
    say(knowing, "my baclofen pump alarm is beeping")
    expect(card(knowing)).to_have_class(re.compile("urgent"))
    expect(card(knowing)).to_contain_text("Call the pump clinic")


def test_what_the_card_lacks_is_added_when_things_get_worse_without_a_network(
    knowing: Page, context: BrowserContext
) -> None:
    ask(knowing, "he wont wake up")
    expect(card(knowing)).not_to_contain_text("defibrillator")
    context.set_offline(True)
    say(knowing, "now he is not breathing")
    expect(card(knowing)).to_contain_text("Send someone for a defibrillator")
    expect(card(knowing)).to_contain_text("“not breathing”")


def test_what_the_card_says_already_raises_no_second_alarm(knowing: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    say(knowing, "he is not breathing")
    expect(card(knowing)).to_contain_text("defibrillator")
    sent = "JSON.parse(sessionStorage.getItem('baclofen-chat')).conversation.card.of"
    before = knowing.evaluate(sent)
    say(knowing, "please, he is not breathing")
    expect(log(knowing)).to_contain_text("please, he is not breathing")
    knowing.wait_for_timeout(300)
    assert knowing.evaluate(sent) == before


def test_a_calm_question_raises_no_card_without_a_network(knowing: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    say(knowing, "what is the maximum dose of baclofen?")
    expect(knowing.locator("#trouble")).to_contain_text("You are offline")
    expect(card(knowing)).to_be_hidden()


TYPED = """async () => {
    const inside = document.querySelector("baclofen-chat").shadowRoot;
    const begin = performance.now();
    inside.querySelector("#send").click();
    while (!inside.querySelector("#card a.call")) await new Promise(requestAnimationFrame);
    return performance.now() - begin;
}"""


def test_the_card_of_a_typed_emergency_is_there_within_a_tenth_of_a_second(
    context: BrowserContext, standin: StandIn
) -> None:
    standin.signs = browser_signs.module(READER)
    took = []
    for _ in range(3):  # the machine may be busy with something else: the best try counts
        page = with_the_list(context, standin)
        context.set_offline(True)
        page.fill("#message", "he is not breathing")
        took.append(page.evaluate(TYPED))
        context.set_offline(False)
        page.close()
    print(f"card after {min(took):.0f} ms")
    assert min(took) < 100
