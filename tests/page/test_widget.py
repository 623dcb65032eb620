"""The widget on other people's pages: opening, leaving, deleting, attributes, events, languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from baclofen import wording
from tests.page.browser import ask, card, log, remembered, site, until, widget
from tests.page.standin import StandIn

pytestmark = pytest.mark.browser


# Opening and closing


def test_a_floating_chat_opens_takes_the_focus_and_gives_it_back(
    context: BrowserContext, standin: StandIn
) -> None:
    page = site(context, standin)
    launcher = page.locator("#launcher")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    launcher.click()
    expect(page.get_by_role("dialog", name="Baclofen chat")).to_be_visible()
    expect(page.locator("#message")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_escape_takes_back_a_question_before_it_closes(context: BrowserContext, standin: StandIn) -> None:
    page = site(context, standin, open="")
    ask(page, "he wont wake up")
    card(page).get_by_role("button", name="Close").click()
    page.keyboard.press("Escape")
    expect(card(page).get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#launcher")).to_have_text("In an emergency call 911")


def test_a_reload_keeps_the_conversation_the_card_and_no_second_alarm(
    context: BrowserContext, standin: StandIn
) -> None:
    page = site(context, standin, open="")
    ask(page, "what are the signs?")
    ask(page, "he wont wake up")
    page.reload()
    expect(log(page)).to_contain_text("Look for very weak")
    expect(card(page)).to_contain_text("Call 911 now")
    expect(card(page)).to_contain_text("While you wait")
    assert card(page).get_by_role("alert").count() == 0
    assert len(standin.asked) == 2


# Leaving and deleting


def test_leaving_wipes_the_chat_and_leaves_nothing_to_go_back_to(
    context: BrowserContext, standin: StandIn
) -> None:
    page = site(context, standin, open="", exit="/weather.html")
    ask(page, "he wont wake up")
    sender = remembered(page)["sender"]
    page.get_by_role("button", name="Leave quickly").click()
    expect(page).to_have_title("Weather")
    assert page.evaluate("sessionStorage.length") == 0
    assert page.evaluate("history.length") <= 2
    page.wait_for_timeout(200)
    assert standin.deleted == [sender]


def test_three_presses_of_shift_leave_and_capitals_do_not(context: BrowserContext, standin: StandIn) -> None:
    page = site(context, standin, open="", exit="/weather.html")
    page.locator("#message").focus()
    for key in ("Shift+H", "Shift+E", "Shift+L", "Shift", "a", "Shift", "Shift"):
        page.keyboard.press(key)
    expect(page).to_have_title("A site")
    page.keyboard.press("Shift")
    expect(page).to_have_title("Weather")


def test_deleting_asks_and_then_deletes_here_and_on_the_server(
    context: BrowserContext, standin: StandIn
) -> None:
    page = site(context, standin, open="")
    ask(page, "what are the signs?")
    sender = remembered(page)["sender"]
    page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name="Delete this conversation").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("status")).to_have_text("The conversation is deleted.")
    expect(log(page)).to_be_empty()
    assert standin.deleted == [sender]
    ask(page, "hello")
    assert standin.asked[-1]["sender"] != sender


def test_a_server_that_does_not_delete_is_not_covered_up(context: BrowserContext, standin: StandIn) -> None:
    page = site(context, standin, open="")
    ask(page, "hello")
    standin.behaviour = "500"
    page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name="Delete this conversation").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("status")).to_contain_text("did not confirm")
    expect(log(page)).to_be_empty()


# For site owners


def test_events_tell_the_level_and_never_the_words(context: BrowserContext, standin: StandIn) -> None:
    page = site(context, standin, open="")
    ask(page, "he wont wake up")
    seen = page.evaluate("window.seen")
    assert ["message", {"from": "user"}] in seen
    assert ["escalation", {"level": "emergency", "country": "US", "by": "server"}] in seen
    assert "wake" not in str(seen)


def test_the_attributes_set_greeting_country_place_and_language(
    context: BrowserContext, standin: StandIn
) -> None:
    page = site(
        context, standin, open="", greeting="Guten Tag", country="at", language="de", position="inline"
    )
    expect(page.get_by_role("region", name="Chat zu Baclofen")).to_be_visible()
    expect(page.locator(".greeting")).to_have_text("Guten Tag")
    expect(page.locator("#bar")).to_contain_text("144")
    assert page.locator("#launcher").count() == 0


@pytest.mark.parametrize("language", ["en", "es", "fr", "de", "pt", "it"])
def test_the_widget_speaks_six_languages(context: BrowserContext, standin: StandIn, language: str) -> None:
    words = wording.load(language)["widget"]
    page = site(context, standin, open="", language=language)
    expect(page.get_by_role("button", name=words["overdose"])).to_be_visible()
    expect(page.get_by_role("button", name=words["exit"])).to_be_visible()
    assert page.locator("#chat").get_attribute("lang") == language
    ask(page, "hello")
    assert standin.asked[0]["metadata"]["language"] == language


def test_another_language_can_be_chosen_and_stays(context: BrowserContext, standin: StandIn) -> None:
    page = site(context, standin, open="")
    page.get_by_role("button", name="Options").click()
    page.select_option("#language", "es")
    expect(page.get_by_role("button", name="Creo que es una sobredosis")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Creo que es una sobredosis")).to_be_visible()


def test_the_demo_page_shows_a_snippet_with_the_hash(page: Page, standin: StandIn) -> None:
    page.goto(f"{standin.url}/demo")
    expect(page.locator("#snippet")).to_contain_text(re.compile(r"widget-[0-9a-f]{16}\.js"))
    expect(page.locator("#snippet")).to_contain_text(re.compile(r'integrity="sha384-[\w+/]{64}"'))
    page.locator("#launcher").click()
    expect(page.locator("#overdose")).to_be_visible()


# Numbers, steps, voices


def test_a_number_can_be_copied_with_a_tap(context: BrowserContext, standin: StandIn) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = site(context, standin, open="")
    ask(page, "he wont wake up")
    page.get_by_role("button", name="Copy 1-800-222-1222").click()
    expect(page.get_by_role("status")).to_have_text("Copied: 1-800-222-1222")
    assert page.evaluate("navigator.clipboard.readText()") == "1-800-222-1222"


def test_the_steps_can_be_saved_and_printed_alone(context: BrowserContext, standin: StandIn) -> None:
    page = site(context, standin, open="")
    ask(page, "he wont wake up")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as text").click()
    text = download.value.path().read_text("utf-8")
    assert text.startswith("Call 911 now")
    assert "1-800-222-1222" in text
    assert "Tell the operator" in text
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print").click()
    until(page, "window.printed")
    page.emulate_media(media="print")
    assert page.locator("h1").evaluate("h => getComputedStyle(h).visibility") == "hidden"
    assert card(page).evaluate("c => getComputedStyle(c).visibility") == "visible"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.adoptedStyleSheets.length") == 0


VOICES = """
    const voices = [{lang: 'en-US', localService: false, name: 'far'},
        {lang: 'en-GB', localService: true, name: 'near'}];
    window.spoken = [];
    Object.defineProperty(window, 'speechSynthesis', {value: {
        getVoices: () => voices, addEventListener() {}, cancel() {},
        speak: (words) => window.spoken.push([words.text, words.voice.name]),
    }});
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


def test_an_answer_is_read_aloud_with_a_voice_of_this_device(
    context: BrowserContext, standin: StandIn
) -> None:
    context.add_init_script(VOICES)
    page = site(context, standin, open="")
    ask(page, "hello")
    button = page.get_by_role("button", name="Read aloud")
    button.click()
    assert page.evaluate("window.spoken") == [["Hello. Ask me anything about baclofen.", "near"]]
    expect(button).to_have_attribute("aria-pressed", "true")


def test_without_a_voice_on_this_device_nothing_is_read_by_others(
    context: BrowserContext, standin: StandIn
) -> None:
    context.add_init_script(VOICES.replace("localService: true", "localService: false"))
    page = site(context, standin, open="")
    ask(page, "hello")
    expect(page.get_by_role("button", name="Read aloud")).to_have_count(0)


# Hostile surroundings


def test_a_hostile_page_changes_nothing_inside_and_nothing_outside_is_changed(
    context: BrowserContext, standin: StandIn
) -> None:
    page = context.new_page()
    page.goto(f"{standin.url}/hostile.html")
    inside = widget(page)
    inside.locator("#message").fill("he wont wake up")
    inside.locator("#message").press("Enter")
    call = inside.locator("#card").get_by_role("link", name="Call 911")
    expect(call).to_be_visible()
    box = call.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] > 100
    assert call.evaluate("a => getComputedStyle(a).fontStyle") == "normal"
    assert page.locator("input#message").input_value() == "its own box"
    assert page.evaluate("document.querySelector('main').children.length") == 4


def test_a_huge_reply_with_odd_characters_stays_in_its_place(page: Page, standin: StandIn) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, "huge")
    expect(log(page)).to_contain_text("END")
    assert page.locator("html").evaluate("node => node.scrollWidth <= node.clientWidth")
    expect(page.locator("#bar")).to_contain_text("In an emergency call 911")
    assert page.get_by_role("link", name="x").count() == 0
    ask(page, "hello")
    expect(log(page)).to_contain_text("Hello. Ask me anything")


OUTSIDE = """[document.title, location.href, document.querySelectorAll('*').length, history.length,
    getComputedStyle(document.body).direction, Object.keys(Object.prototype).length, frames.length]"""


def test_a_hostile_emergency_still_shows_the_number_and_changes_nothing_outside(
    context: BrowserContext, standin: StandIn
) -> None:
    page = site(context, standin, open="")
    page.set_viewport_size({"width": 390, "height": 844})
    before = page.evaluate(OUTSIDE)
    ask(page, "hostile")
    calls = card(page).locator("a.call")
    expect(calls).to_have_count(1)
    expect(calls).to_have_attribute("href", "tel:911")
    assert page.evaluate(OUTSIDE) == before
    inside = widget(page).locator(
        "script, iframe, img, svg[onload], [onclick], [href^='javascript'], [href^='data']"
    )
    assert inside.count() == 0
    assert page.locator("html").evaluate("node => node.scrollWidth <= node.clientWidth")
    # What runs the wrong way stays in its paragraph: the bar and the buttons read as ever.
    expect(page.locator("#bar-text")).to_contain_text("In an emergency call")
    assert page.locator("#bar-text").evaluate("node => getComputedStyle(node).direction") == "ltr"
    page.locator("#message").scroll_into_view_if_needed()
    ask(page, "hello")
    expect(log(page)).to_contain_text("Hello. Ask me anything")
