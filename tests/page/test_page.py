"""The chat page in a real browser, with a stand-in for the bot that can also be slow, broken or dead."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from baclofen import countries
from tests.page import standin as canned
from tests.page.standin import StandIn, serving

pytestmark = pytest.mark.browser


def ask(page: Page, text: str) -> None:
    page.fill("#message", text)
    page.press("#message", "Enter")
    page.wait_for_selector("#typing", state="hidden")


def card(page: Page) -> Locator:
    return page.locator("#card")


def log(page: Page) -> Locator:
    return page.get_by_role("log")


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
            })).observe(document.body, {childList: true, subtree: true, characterData: true});
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
    assert standin.asked[0]["message"] == "I think this is an overdose"


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
    page.get_by_role("button", name="What are the signs of an overdose?").click()
    expect(log(page)).to_contain_text("Look for very weak")
    assert standin.asked[0]["message"] == "What are the signs of an overdose?"


def test_a_quick_reply_shows_its_title_and_sends_its_payload(page: Page, standin: StandIn) -> None:
    ask(page, "menu")
    page.get_by_role("button", name="What is baclofen?").click()
    expect(log(page)).to_contain_text("You wrote: What is baclofen?")
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
    expect(page.get_by_role("link", name="Skip to the message box")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_be_focused()
    page.keyboard.type("he wont wake up")
    page.keyboard.press("Enter")
    expect(card(page)).to_contain_text("While you wait")
    expect(page.locator("#message")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('#card a[href=\"tel:911\"].call')"):
            break
    expect(card(page).get_by_role("link", name="Call 911")).to_be_focused()


def test_the_focus_can_be_seen_on_every_control(page: Page) -> None:
    ask(page, "what are the signs?")
    page.locator("body").evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        name, style = page.evaluate(
            "[document.activeElement.outerHTML.slice(0, 60), getComputedStyle(document.activeElement).outlineStyle]"
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


# What the bot is told, what is kept


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


# Trouble


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
    page.fill("#message", "hello there")
    page.press("#message", "Enter")
    expect_trouble(page, words)
    expect(page.locator("#message")).to_have_value("hello there")


def test_trying_again_sends_the_message_again_and_clears_the_trouble(page: Page, standin: StandIn) -> None:
    standin.behaviour = "500"
    page.fill("#message", "hello there")
    page.press("#message", "Enter")
    expect_trouble(page, canned.EMERGENCY_SENTENCE)
    standin.behaviour = "stream"
    page.get_by_role("button", name="Try again").click()
    expect(log(page)).to_contain_text("Hello. Ask me anything")
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.locator("#message")).to_have_value("")
    assert [body["message"] for body in standin.asked] == ["hello there", "hello there"]
    assert page.locator(".bubble.user").count() == 1


def test_being_offline_is_said_with_the_number(page: Page, context: BrowserContext) -> None:
    page.select_option("#country", "GB")
    context.set_offline(True)
    page.fill("#message", "he wont wake up")
    page.press("#message", "Enter")
    expect(page.locator("#trouble")).to_contain_text("You are offline")
    expect(page.locator("#trouble").get_by_role("link", name="Call 999")).to_have_attribute("href", "tel:999")
    expect(page.locator("#message")).to_have_value("he wont wake up")
    context.set_offline(False)
    page.locator("#message").press("Enter")
    expect(card(page)).to_contain_text("Call 911 now")


def test_a_dead_server_is_said_with_the_number(context: BrowserContext, standin: StandIn) -> None:
    page = context.new_page()
    with serving(int(standin.url.rsplit(":", 1)[1]) + 1) as doomed:
        page.route(f"{standin.url}/webhooks/**", lambda route: route.continue_(url=doomed.url))
        page.goto(standin.url)
    page.fill("#message", "hello there")
    page.press("#message", "Enter")
    expect_trouble(page, "cannot be reached")
    expect(page.locator("#message")).to_have_value("hello there")


def test_a_reply_that_breaks_off_is_shown_and_said_to_be_incomplete(page: Page, standin: StandIn) -> None:
    standin.behaviour = "cut"
    page.fill("#message", "what are the signs?")
    page.press("#message", "Enter")
    expect_trouble(page, "may be incomplete")
    expect(log(page)).to_contain_text("Look for very weak")


@pytest.fixture
def slow_page(context: BrowserContext, standin: StandIn) -> Page:
    """The page with a clock that tests can turn, waiting for an answer that does not come."""
    page = context.new_page()
    page.clock.install()
    page.goto(standin.url)
    standin.behaviour = "hang"
    page.fill("#message", "hello there")
    page.press("#message", "Enter")
    expect(page.locator("#typing")).to_be_visible()
    return page


def test_ten_seconds_without_an_answer_are_not_waited_in_silence(slow_page: Page) -> None:
    slow_page.clock.run_for(9_000)
    expect(slow_page.locator("#trouble")).to_be_hidden()
    slow_page.clock.run_for(1_500)
    expect_trouble(slow_page, "no answer yet")
    expect(slow_page.locator("#message")).to_have_value("hello there")


def test_an_answer_that_comes_late_is_still_shown(slow_page: Page, standin: StandIn) -> None:
    slow_page.clock.run_for(11_000)
    expect_trouble(slow_page, "no answer yet")
    standin.release.set()
    expect(log(slow_page)).to_contain_text("Hello. Ask me anything")
    expect(slow_page.locator("#trouble")).to_be_hidden()
    expect(slow_page.locator("#message")).to_have_value("")


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
    slow_page.fill("#message", "he wont wake up")
    slow_page.press("#message", "Enter")
    expect(card(slow_page)).to_contain_text("Call 911 now")


# Sight, size, structure


@pytest.mark.parametrize("size", [(320, 640), (320, 225), (390, 844), (844, 390), (1280, 900)])
def test_nothing_scrolls_sideways(context: BrowserContext, standin: StandIn, size: tuple[int, int]) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(standin.url)
    ask(page, "w" * 300)
    ask(page, "what are the signs?")
    ask(page, "he wont wake up")
    for part in (
        "document.documentElement",
        "document.querySelector('#scroll')",
        "document.querySelector('#card')",
    ):
        assert page.evaluate(f"{part}.scrollWidth <= {part}.clientWidth"), part
    call = card(page).get_by_role("link", name="Call 911").bounding_box()
    assert call is not None
    assert call["y"] + call["height"] <= size[1] + (0 if size[1] > 600 else 400)


@pytest.mark.parametrize("question", [None, "what are the signs?", "he wont wake up", "i want to end it"])
def test_every_control_has_a_name_and_room_for_a_thumb(page: Page, question: str | None) -> None:
    if question:
        ask(page, question)
    controls = page.locator(
        "button:visible, select:visible, textarea:visible, a.call:visible, .bar a:visible"
    )
    assert controls.count() > 4
    for control in controls.all():
        name = control.evaluate("node => (node.labels?.[0]?.textContent || node.textContent).trim()")
        box = control.bounding_box()
        assert name
        assert box is not None
        assert box["height"] >= 44, name
        assert box["width"] >= 44, name


CONTRAST = """(selector) => {
    const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
    const bright = ([r, g, b]) => [r, g, b]
        .map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    return [...document.querySelectorAll(selector)].filter((node) => node.offsetParent).map((node) => {
        let behind = node;
        while (behind && (rgb(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0) behind = behind.parentElement;
        const pair = [getComputedStyle(node).color, getComputedStyle(behind || document.body).backgroundColor]
            .map(rgb).map(bright).sort((a, b) => b - a);
        return [node.outerHTML.slice(0, 80), (pair[0] + 0.05) / (pair[1] + 0.05)];
    });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "question", ["what are the signs?", "he wont wake up", "took a double dose", "end it", "500"]
)
def test_all_text_stands_out_enough(
    context: BrowserContext, standin: StandIn, scheme: str, question: str
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(standin.url)
    standin.behaviour = "500" if question == "500" else "stream"
    ask(page, question)
    page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    pairs = page.evaluate(
        CONTRAST, "p, li, a, h1, h2, button, select, textarea, summary, strong, small, label"
    )
    assert len(pairs) > 15
    assert [pair for pair in pairs if pair[1] < 4.5] == []


def test_the_page_has_a_title_a_language_and_one_main_part(page: Page) -> None:
    expect(page).to_have_title(re.compile("Baclofen"))
    assert page.get_attribute("html", "lang") == "en"
    assert page.get_attribute("meta[name=referrer]", "content") == "no-referrer"
    assert page.get_by_role("main").count() == 1
    assert page.get_by_role("heading", level=1).count() == 1
    expect(page.locator(".note")).to_contain_text("not a doctor, and no clinician has reviewed it yet")


def test_without_scripts_the_numbers_are_still_there(context: BrowserContext, standin: StandIn) -> None:
    assert context.browser is not None
    plain = context.browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(standin.url)
    for number in ("911", "999", "112", "000", "111"):
        expect(page.locator(f".no-script a[href='tel:{number}']").first).to_be_visible()
    expect(page.locator("#message")).to_be_hidden()
    plain.close()


def test_nothing_moves_when_that_is_asked_for(context: BrowserContext, standin: StandIn) -> None:
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(standin.url)
    standin.behaviour = "hang"
    page.fill("#message", "hello")
    page.press("#message", "Enter")
    expect(page.locator("#typing")).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0


def test_something_moves_otherwise(page: Page, standin: StandIn) -> None:
    standin.behaviour = "hang"
    page.fill("#message", "hello")
    page.press("#message", "Enter")
    expect(page.locator("#typing")).to_be_visible()
    assert page.evaluate("document.getAnimations().length") > 0


def test_a_print_has_the_words_and_not_the_controls(page: Page) -> None:
    ask(page, "he wont wake up")
    page.emulate_media(media="print")
    expect(card(page)).to_contain_text("Call 911 now")
    expect(page.locator("#composer")).to_be_hidden()
    expect(card(page).get_by_role("button")).to_be_hidden()
