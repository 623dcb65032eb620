"""The chat page in a real browser, with a stand-in for the bot that can also be slow, broken or dead."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.page import canned
from tests.page.browser import ask, card, log
from tests.page.standin import StandIn

pytestmark = pytest.mark.browser


FOCUSED = "(document.activeElement.shadowRoot?.activeElement || document.activeElement)"

# Emergencies


def test_an_emergency_shows_the_number_the_reason_and_the_steps(page: Page) -> None:
    ask(page, "he took 20 and wont wake up")
    expect(card(page)).to_be_visible()
    expect(card(page)).to_have_class(re.compile("emergency"))
    call = card(page).get_by_role("link", name="Call 911")
    expect(call).to_have_attribute("href", "tel:911")
    expect(card(page)).to_contain_text("Because you wrote: “wont wake up”")
    expect(card(page).get_by_role("listitem").first).to_be_visible()
    expect(page.locator("#bar-text")).to_contain_text("911")


def test_the_first_words_are_announced_once_and_outside_the_conversation(
    page: Page, standin: StandIn
) -> None:
    standin.behaviour = "pause"
    page.evaluate(
        """() => {
            window.spoken = [];
            new MutationObserver((changes) => changes.forEach((change) => {
                const alert = change.target.closest && change.target.closest("[role=alert]");
                if (alert && alert.textContent) window.spoken.push(alert.textContent);
            })).observe(document.querySelector("baclofen-chat").shadowRoot,
                {childList: true, subtree: true, characterData: true});
        }"""
    )
    page.fill("#message", "he wont wake up")
    page.press("#message", "Enter")
    expect(card(page).get_by_role("alert")).to_have_text(canned.EMERGENCY)
    standin.release.set()
    expect(card(page)).to_contain_text("Tell the operator")
    assert page.evaluate("window.spoken") == [canned.EMERGENCY]
    assert page.locator("#log [role=alert]").count() == 0
    expect(log(page)).not_to_contain_text("Call 911 now")


def test_the_first_words_do_not_wait_for_the_rest_of_the_reply(page: Page, standin: StandIn) -> None:
    standin.behaviour = "pause"
    page.fill("#message", "he wont wake up")
    page.press("#message", "Enter")
    expect(card(page)).to_contain_text("Call 911 now")
    expect(card(page)).not_to_contain_text("While you wait")
    standin.release.set()
    expect(card(page)).to_contain_text("While you wait")


def test_a_question_beside_an_emergency_is_answered_in_the_conversation(page: Page) -> None:
    ask(page, "whats the max dose? hes not breathing")
    expect(card(page)).to_contain_text("Call 911 now")
    expect(card(page)).not_to_contain_text("80 mg")
    expect(log(page)).to_contain_text("80 mg")


def test_the_bar_follows_the_country_of_a_reply(page: Page) -> None:
    ask(page, "we are in london and he is not breathing")
    expect(page.locator("#bar").get_by_role("link", name="999")).to_have_attribute("href", "tel:999")
    expect(page.locator("#bar")).not_to_contain_text("911")


def test_the_button_reports_an_overdose_without_typing(page: Page, standin: StandIn) -> None:
    page.get_by_role("button", name="I think this is an overdose").click()
    expect(card(page).get_by_role("link", name="Call 911")).to_be_visible()
    expect(log(page)).to_contain_text("I think this is an overdose")
    assert "overdose" in standin.asked[0]["message"]


def test_an_urgent_message_gets_an_amber_card_and_its_answer(page: Page) -> None:
    ask(page, "i took my dose twice, double")
    expect(card(page)).to_have_class(re.compile("urgent"))
    expect(card(page).get_by_role("link", name="Call 1-800-222-1222")).to_have_attribute(
        "href", "tel:18002221222"
    )
    expect(card(page).get_by_role("listitem").filter(has_text="Take no more baclofen")).to_be_visible()
    expect(log(page)).to_contain_text("A missed dose")
    expect(card(page)).not_to_contain_text("A missed dose")


def test_a_crisis_gets_a_calm_card_and_its_quick_reply(page: Page, standin: StandIn) -> None:
    ask(page, "i want to end it")
    expect(card(page)).to_have_class(re.compile("crisis"))
    expect(card(page).get_by_role("link", name="Call 988")).to_have_attribute("href", "tel:988")
    page.get_by_role("button", name="Yes, I took something").click()
    expect(log(page)).to_contain_text("You said: I took something")
    expect(page.get_by_role("button", name="Yes, I took something")).to_be_hidden()
    assert standin.asked[-1]["message"] == "I took something"


def test_awareness_is_a_note_in_the_conversation_and_no_card(page: Page) -> None:
    ask(page, "what are the signs?")
    expect(log(page)).to_contain_text("If this is happening now")
    expect(log(page).get_by_role("link", name="Call 911")).to_have_attribute("href", "tel:911")
    expect(card(page)).to_be_hidden()


def test_a_milder_reply_does_not_take_the_place_of_an_emergency(page: Page) -> None:
    ask(page, "he wont wake up")
    ask(page, "i took a double dose")
    expect(card(page)).to_have_class(re.compile("emergency"))
    expect(log(page)).to_contain_text("Call for poison advice now")


def test_a_graver_reply_takes_the_place_of_a_milder_one(page: Page) -> None:
    ask(page, "i took a double dose")
    ask(page, "he wont wake up")
    expect(card(page)).to_have_class(re.compile("emergency"))
    expect(card(page)).not_to_contain_text("Take no more baclofen")


def test_the_card_stays_through_other_answers(page: Page) -> None:
    ask(page, "he wont wake up")
    ask(page, "hello")
    expect(log(page)).to_contain_text("Hello. Ask me anything")
    expect(card(page).get_by_role("link", name="Call 911")).to_be_visible()


def test_closing_asks_once_and_can_be_undone(page: Page) -> None:
    ask(page, "he wont wake up")
    card(page).get_by_role("button", name="Close").click()
    expect(card(page)).to_be_visible()
    expect(page.get_by_role("button", name="Keep it open")).to_be_focused()
    page.get_by_role("button", name="Close it").click()
    expect(card(page)).to_be_hidden()
    expect(page.locator("#message")).to_be_focused()
    page.get_by_role("button", name="Show it again").click()
    expect(card(page).get_by_role("link", name="Call 911")).to_be_visible()
    expect(card(page)).to_contain_text("While you wait")


def test_keeping_the_card_open_keeps_it(page: Page) -> None:
    ask(page, "he wont wake up")
    card(page).get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Keep it open").click()
    expect(card(page).get_by_role("link", name="Call 911")).to_be_visible()
    expect(card(page).get_by_role("button", name="Close")).to_be_focused()


# Answers


def test_an_answer_folds_its_sources_with_their_review(page: Page) -> None:
    ask(page, "what are the signs?")
    source = page.get_by_role("link", name="Baclofen tablets, US label")
    expect(source).to_be_hidden()
    page.get_by_text("2 sources").click()
    expect(source).to_have_attribute("href", "https://label.example/baclofen")
    expect(source).to_have_attribute("rel", "noopener noreferrer")
    expect(page.locator(".sources")).to_contain_text("Checked on 22 November 2026")
    expect(page.locator(".sources")).to_contain_text("not reviewed by a clinician")


@pytest.mark.parametrize("behaviour", ["array", "half"])
def test_a_plain_array_or_one_broken_line_is_still_an_answer(
    page: Page, standin: StandIn, behaviour: str
) -> None:
    standin.behaviour = behaviour
    ask(page, "what are the signs?")
    expect(log(page)).to_contain_text("Look for very weak")
    expect(page.locator("#trouble")).to_be_hidden()


def test_a_starter_asks_its_question(page: Page, standin: StandIn) -> None:
    page.get_by_role("button", name="What are the signs of a baclofen overdose?").click()
    expect(log(page)).to_contain_text("Look for very weak")
    expect(log(page)).to_contain_text("You wrote: What are the signs of a baclofen overdose?")
    assert standin.asked[0]["message"] == "/overdose_signs"


def test_an_example_on_the_page_is_asked_in_the_chat(page: Page, standin: StandIn) -> None:
    page.get_by_role("button", name="What are the signs of an overdose?").click()
    expect(log(page)).to_contain_text("Look for very weak")
    assert standin.asked[0]["message"] == "What are the signs of an overdose?"


def test_a_quick_reply_shows_its_title_and_sends_its_payload(page: Page, standin: StandIn) -> None:
    ask(page, "menu")
    page.locator("#choices").get_by_role("button", name="What is baclofen?").click()
    expect(log(page)).to_contain_text("You wrote: What is baclofen?")
    expect(log(page)).to_contain_text("You said: /what_is_baclofen")
    assert standin.asked[-1]["message"] == "/what_is_baclofen"


def test_what_is_typed_is_shown_as_text(page: Page) -> None:
    ask(page, "<img src=x onerror=alert(1)><b>hi</b>")
    expect(log(page)).to_contain_text("You said: <img src=x onerror=alert(1)><b>hi</b>")
    assert page.locator("#log img, #log b").count() == 0


def test_what_the_server_sends_is_shown_as_text_and_odd_links_are_dropped(page: Page) -> None:
    ask(page, "evil")
    expect(card(page)).to_contain_text("<img src=x onerror=alert(1)>")
    expect(card(page)).to_contain_text("“<script>alert(1)</script>”")
    assert card(page).get_by_role("link").count() == 0
    assert page.locator("#card img, #card script, #card b, #log u").count() == 0
    assert page.locator("[href^='javascript']").count() == 0


# Typing


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the chat")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(15):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED}.id") == "message":
            break
    expect(page.locator("#message")).to_be_focused()
    page.keyboard.type("he wont wake up")
    page.keyboard.press("Enter")
    expect(card(page)).to_contain_text("While you wait")
    expect(page.locator("#message")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(f"{FOCUSED}.matches('#card a[href=\"tel:911\"].call')"):
            break
    expect(card(page).get_by_role("link", name="Call 911")).to_be_focused()


def test_the_focus_can_be_seen_on_every_control(page: Page) -> None:
    ask(page, "what are the signs?")
    page.locator(".skip").focus()
    seen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        name, style = page.evaluate(
            "(({outerHTML}, {outlineStyle}) => [outerHTML.slice(0, 60), outlineStyle])"
            f"({FOCUSED}, getComputedStyle({FOCUSED}))"
        )
        if name.startswith("<body"):
            break
        seen.append(name)
        assert style != "none", name
    assert len(seen) > 10


def test_shift_enter_starts_a_line_and_sends_nothing(page: Page, standin: StandIn) -> None:
    page.fill("#message", "one")
    page.press("#message", "Shift+Enter")
    page.keyboard.type("two")
    assert page.input_value("#message") == "one\ntwo"
    assert standin.asked == []


def test_enter_that_ends_a_composition_sends_nothing(page: Page, standin: StandIn) -> None:
    page.fill("#message", "かれ")
    page.locator("#message").evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert page.input_value("#message") == "かれ"
    assert standin.asked == []


def test_an_empty_message_is_not_sent(page: Page, standin: StandIn) -> None:
    page.fill("#message", "  \n ")
    page.press("#message", "Enter")
    page.get_by_role("button", name="Send").click()
    assert standin.asked == []
