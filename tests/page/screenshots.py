"""Takes the pictures of ``docs/screenshots``: ``python -m tests.page.screenshots [ADDRESS OF A BOT]``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.page.browser import launch
from tests.page.standin import serving

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
ASKED = {
    "start": None,
    "fact": "What are the signs of an overdose?",
    "emergency": "he took 20 baclofen and wont wake up",
    "urgent": "I took a double dose by mistake. What if I miss the next dose?",
    "crisis": "i want to end it all",
}


def take(address: str) -> None:
    """Write every state of the page in every size and colour scheme."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                for state, question in ASKED.items():
                    page = browser.new_page(
                        viewport={"width": width, "height": height},
                        color_scheme=scheme,
                        has_touch=size == "phone",
                        is_mobile=size == "phone",
                        reduced_motion="reduce",
                        locale="en-US",
                        timezone_id="America/New_York",
                    )
                    page.goto(address)
                    page.wait_for_selector("#overdose")
                    if question:
                        _ask(page, question)
                    page.screenshot(path=FOLDER / f"{state}-{size}-{scheme}.png")
                    page.close()
        browser.close()


def _ask(page: Page, question: str) -> None:
    page.fill("#message", question)
    page.press("#message", "Enter")
    page.wait_for_selector("#typing", state="hidden")
    page.wait_for_timeout(300)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        take(sys.argv[1])
    else:
        with serving() as bot:
            take(bot.url)
