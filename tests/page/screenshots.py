"""Takes the pictures of ``docs/screenshots`` with the real bot: ``python -m tests.page.screenshots``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tests.page.browser import ask, card, launch
from tests.page.conftest import running_bot

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


class State(NamedTuple):
    """What is on a picture: a page of the bot, and what is done on it first."""

    path: str
    do: Callable[[Page], object]


def _asked(question: str) -> State:
    return State("/", lambda page: ask(page, question))


def _sources(page: Page) -> None:
    ask(page, "What are the signs of an overdose?")
    page.locator(".sources summary").first.click()


def _offline(page: Page) -> None:
    page.evaluate("async () => { await (await import('/widget-signs.js')).ready; }")
    page.context.set_offline(True)
    page.fill("#message", "he took 20 baclofen and he is not breathing")
    page.press("#message", "Enter")
    card(page).wait_for()


def _demo(page: Page) -> None:
    page.locator("#launcher").click()


STATES = {
    "start": State("/", lambda page: None),
    "fact": State("/", _sources),
    "emergency": _asked("he took 20 baclofen and wont wake up"),
    "urgent": _asked("I took a double dose by mistake. What if I miss the next dose?"),
    "crisis": _asked("i want to end it all"),
    "offline": State("/", _offline),
    "demo": State("/demo", _demo),
}


def take(address: str, folder: Path) -> None:
    """Write every state in every size and colour scheme."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for size in SIZES:
            for scheme in SCHEMES:
                for name, state in STATES.items():
                    _picture(browser, address, state, size, scheme, folder / f"{name}-{size}-{scheme}.png")
        browser.close()


def _picture(
    browser: Browser, address: str, state: State, size: str, scheme: Literal["light", "dark"], path: Path
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        has_touch=size == "phone",
        is_mobile=size == "phone",
        reduced_motion="reduce",
        locale="en-US",
        timezone_id="America/New_York",
    )
    page = context.new_page()
    page.goto(f"{address}{state.path}")
    page.locator("baclofen-chat:defined").wait_for()
    state.do(page)
    page.wait_for_timeout(400)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as kept, running_bot(Path(kept) / "log") as bot:
        take(bot, FOLDER)
