"""``python -m benchmarks.page_speed``: what a slow phone feels, written to ``page_speed.md``."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from baclofen.paths import ROOT
from benchmarks import processes

RESULTS = Path(__file__).with_suffix(".md")
THROTTLED = 4
ROUNDS = 7
PHONE = {"width": 390, "height": 844}

WATCH = """
window.seen = {events: [], long: [], shift: 0, largest: 0};
const watch = (type, take, more = {}) =>
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({type, buffered: true, ...more});
watch('event', (e) => seen.events.push([e.name, e.duration]), {durationThreshold: 16});
watch('longtask', (e) => seen.long.push([e.startTime, e.duration]));
watch('layout-shift', (e) => { if (!e.hadRecentInput) seen.shift += e.value; });
watch('largest-contentful-paint', (e) => { seen.largest = e.startTime; });
"""
CARD = """async () => {
  const inside = document.querySelector("baclofen-chat").shadowRoot;
  const begin = performance.now();
  inside.querySelector("#send").click();
  while (!inside.querySelector("#card a.call")) await new Promise(requestAnimationFrame);
  return performance.now() - begin;
}"""
HEAD = f"""# What a slow phone feels

`python -m benchmarks.page_speed`: the real bot on 127.0.0.1, Chromium at 390 × 844 with its processor slowed
{THROTTLED} times, {ROUNDS} visits, each in a fresh profile. Milliseconds; a tap counts from the finger to
the next picture (Event Timing: steps of 8, and 0 for what takes less than 16).
"""
GOALS = {
    "first paint": "",
    "largest paint": "2500",
    "blocked in all (what tasks take beyond 50 ms)": "",
    "longest task after the page stands": "",
    "layout shift": "0.1",
    "first tap (an example question)": "200",
    "first tap (the button that opens a floating chat)": "200",
    "slowest key while the list of signs is read": "200",
    "card after sending, offline": "100",
}


def visit(browser: Browser, bot: str) -> dict[str, float]:
    """Return milliseconds of one visit (layout shift is a score)."""
    context = browser.new_context(viewport=PHONE, locale="en-US", timezone_id="America/New_York")
    context.add_init_script(WATCH)
    page = _open(context.new_page(), f"{bot}/demo")
    page.locator("#launcher").click()
    page.locator("#message").wait_for()
    opening = _slowest(page, "click")
    page.close()
    page = _open(context.new_page(), f"{bot}/")
    page.locator("#message").focus()
    standing = page.evaluate("performance.now()")
    for letter in "is he breathing":
        page.keyboard.press("Space" if letter == " " else letter)
        page.wait_for_timeout(80)
    key = _slowest(page, "keydown")
    page.fill("#message", "")
    page.locator(".examples button, #starters button").first.click()
    page.wait_for_timeout(500)
    tap = _slowest(page, "click")
    seen = page.evaluate("seen")  # what comes later is not moved by a finger, and would count as a shift
    page.evaluate("async () => { await (await import('/widget-signs.js')).ready; }")
    context.set_offline(True)
    page.fill("#message", "he is not breathing")
    card = page.evaluate(CARD)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    context.close()
    values = (
        paint,
        seen["largest"],
        sum(max(0, took - 50) for begin, took in seen["long"] if begin < standing),
        max([took for begin, took in seen["long"] if begin > standing], default=0),
        seen["shift"],
        tap,
        opening,
        key,
        card,
    )
    return dict(zip(GOALS, values, strict=True))


def _open(page: Page, address: str) -> Page:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLED})
    page.goto(address)
    page.locator("#launcher, #overdose").first.wait_for()
    return page


def _slowest(page: Page, name: str) -> float:
    """Return how long the slowest event of a name took from the finger to the next picture."""
    page.wait_for_timeout(300)
    slowest: float = page.evaluate(
        "(name) => Math.max(0, ...seen.events.filter(([n]) => n === name).map(([, d]) => d))", name
    )
    return slowest


def table(visits: list[dict[str, float]]) -> str:
    """Return the results as Markdown."""
    lines = ["| | median | best | goal |", "|---|---|---|---|"]
    for name, goal in GOALS.items():
        each = [visit[name] for visit in visits]
        digits = 3 if name == "layout shift" else 0
        lines.append(f"| {name} | {statistics.median(each):.{digits}f} | {min(each):.{digits}f} | {goal} |")
    return "\n".join(lines)


def main() -> None:
    """Start the bot, measure, write."""
    port = processes.free_port()
    bot = f"http://127.0.0.1:{port}"
    environment = {"PORT": str(port), "HOST": "127.0.0.1", "DATABASE": "", "REST_TOKEN": ""}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = processes.start(
            [sys.executable, "-m", "assistant", "serve"], ROOT, Path(folder) / "log", environment
        )
        try:
            _wait(f"{bot}/health/ready")
            _wait(f"{bot}/widget-signs.js")
            from tests.page.browser import launch

            browser = launch(playwright)
            visits = [visit(browser, bot) for _ in range(ROUNDS)]
            browser.close()
        finally:
            processes.stop(server)
    text = table(visits)
    load = f"Load of the two cores while measuring: {os.getloadavg()[0]:.1f}."
    RESULTS.write_text(f"{HEAD}\n{text}\n\n{load}\n", "utf-8")
    print(text)


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=30):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{address} did not answer")


if __name__ == "__main__":
    main()
