"""The sign list of the browser finds what the rules find, in every language, quickly, without a network."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from playwright.sync_api import Browser, Page, Route

from baclofen import browser_signs, first_message, phone_lines, replies, rules, wording
from baclofen.browser_guard import pack, words
from baclofen.countries import Place
from baclofen.countries import load as countries
from baclofen.dataset import load_jsonl, load_yaml
from baclofen.lexicon import load_all
from baclofen.paths import DATA
from baclofen.signs import RANK, highest
from baclofen.triage import Triage

pytestmark = pytest.mark.browser

FOLDER = Path(__file__).resolve().parents[2] / "assistant" / "widget" / "signs"
EXCEPTIONS = Path(__file__).with_name("browser_signs_exceptions.yml")
ADDRESS = "http://signs.test/"
LARGEST = 230_000
"""Bytes, packed: what a page has to load beside the widget."""
THROTTLED = 4
"""How many times slower than this machine a phone is."""
LOAD_LIMIT, MESSAGE_LIMIT = 300.0, 100.0
"""Milliseconds on such a phone: until the list can be asked, and for 95 of 100 answers."""
TRIES = 5
"""The best of these counts: other work on the machine only makes it slower."""
MESSAGES = 3_000
AGREEMENT = 0.995
"""Share of the labelled messages that have to get the very level of the rules."""


class Sentence(NamedTuple):
    """A sentence of the sign list's own data."""

    language: str
    text: str
    key: str
    level: str


def sentences(field: str) -> list[Sentence]:
    return [
        Sentence(lexicon.language, text, sign["key"], sign["level"])
        for lexicon in load_all()
        for sign in load_yaml(DATA / "signs" / f"{lexicon.language}.yml", "signs")["signs"]
        for text in sign[field]
    ]


@pytest.fixture(scope="module")
def script() -> str:
    return browser_signs.module(FOLDER)


@pytest.fixture(scope="module")
def page(browser: Browser, script: str) -> Iterator[Page]:
    """A page that can load the list and nothing else."""

    def answer(route: Route) -> None:
        if route.request.url.endswith("/widget-signs.js"):
            route.fulfill(body=script, content_type="text/javascript; charset=utf-8")
        elif route.request.url == ADDRESS:
            route.fulfill(body="<!doctype html><title>.</title>", content_type="text/html")
        else:
            route.abort()

    context = browser.new_context()
    context.route("**/*", answer)
    opened = context.new_page()
    opened.goto(ADDRESS)
    opened.evaluate("async () => { window.list = await import('/widget-signs.js'); await list.ready; }")
    yield opened
    context.close()


def ask(page: Page, asked: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return what the list says of some messages, in one call."""
    verdicts: list[dict[str, Any]] = page.evaluate(
        "(asked) => asked.map(([text, options]) => list.level(text, options))", [list(row) for row in asked]
    )
    return verdicts


def by_language(page: Page, rows: list[Sentence]) -> list[dict[str, Any]]:
    return ask(page, [(row.text, {"language": row.language, "only": True}) for row in rows])


def shows(verdict: dict[str, Any], row: Sentence) -> bool:
    return any(sign["key"] == row.key and sign["level"] == row.level for sign in verdict["signs"])


def excepted(field: str) -> set[tuple[str, str]]:
    """Return the sentences that cannot be met, by language; each has its reason in the file."""
    rows = yaml.safe_load(EXCEPTIONS.read_text("utf-8"))[field]
    assert all(row["reason"] for row in rows)
    return {(row["language"], row["text"]) for row in rows}


def test_a_sentence_that_must_show_a_sign_shows_it(page: Page) -> None:
    rows = sentences("must_match")
    missed = {
        (row.language, row.text)
        for row, verdict in zip(rows, by_language(page, rows), strict=True)
        if not shows(verdict, row) or RANK[verdict["level"]] < RANK[row.level]  # type: ignore[index]
    }
    assert missed == excepted("must_match")
    assert not missed & {(row.language, row.text) for row in rows if row.level == "emergency"}


def test_a_sentence_that_must_not_show_a_sign_does_not(page: Page) -> None:
    rows = sentences("must_not_match")
    shown = {
        (row.language, row.text)
        for row, verdict in zip(rows, by_language(page, rows), strict=True)
        if shows(verdict, row)
    }
    assert shown == excepted("must_not_match")


def test_a_report_and_its_calm_twin_are_told_apart(page: Page) -> None:
    pairs = yaml.safe_load((DATA.parent / "tests" / "triage" / "pairs.yml").read_text("utf-8"))
    rows = [(text, level) for pair in pairs for text, level in (pair[:2], pair[2:])]
    verdicts = ask(page, [(text, {"only": True}) for text, _ in rows])
    wrong = {
        ("en", text)
        for (text, level), verdict in zip(rows, verdicts, strict=True)
        if verdict["level"] != level
    }
    assert wrong == excepted("pairs")


def test_it_draws_the_level_that_the_rules_draw(page: Page) -> None:
    rows = [row for path in sorted((DATA / "messages").glob("*.jsonl")) for row in load_jsonl(path)]
    rows = rows[:: len(rows) // MESSAGES + 1]
    verdicts = ask(page, [(row["text"], {"language": row["lang"]}) for row in rows])
    ours = [verdict["level"] for verdict in verdicts]
    theirs = [highest(f.sign.level for f in rules.read(row["text"]).findings) for row in rows]
    assert not any(verdict["failed"] for verdict in verdicts)
    assert sum(a == b for a, b in zip(ours, theirs, strict=True)) >= AGREEMENT * len(rows)
    for label in ("emergency", "none"):
        here = [i for i, row in enumerate(rows) if row["level"] == label]
        counted = [sum(levels[i] == "emergency" for i in here) for levels in (ours, theirs)]
        print(f"of {len(here)} labelled {label}, emergency here {counted[0]}, by the rules {counted[1]}")
        assert abs(counted[0] - counted[1]) <= max(2, 0.01 * len(here))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("hewontwakeup", "emergency"),
        ("s h e  i s  n o t  b r e a t h i n g", "emergency"),
        ("HES NOT BREETHING", "emergency"),
        ("he is unconcious", "emergency"),
        ("she t00k 30 b4clofen", "emergency"),
        ("mein mann atmet nicht mehr", "emergency"),
        ("mon mari ne respire plus", "emergency"),
        ("no vomiting, no seizure, no fever", "none"),
        ("my phone is dead", "none"),
        ("<b>he</b> is not <i>breathing</i>", "emergency"),
        ("x" * 50_000 + " he is not breathing", "emergency"),
        ("", "none"),
        ("\ud83d\ude00\ud800 😀", "none"),
    ],
)
def test_tricks_slips_and_oddities(page: Page, text: str, level: str) -> None:
    verdict = page.evaluate("(text) => list.level(JSON.parse(text))", json.dumps(text))
    assert (verdict["level"], verdict["failed"]) == (level, False)


def test_it_quotes_the_words_as_typed(page: Page) -> None:
    (verdict,) = ask(page, [("Hé ISN’T   bréathing 😢", {})])
    assert [(sign["key"], sign["words"]) for sign in verdict["signs"]][0] == (
        "not_breathing",
        "ISN’T bréathing",
    )


def test_a_part_that_fails_makes_nothing_milder(page: Page) -> None:
    verdict = page.evaluate(
        """() => {
          const sound = String.prototype.trimStart;
          String.prototype.trimStart = () => { throw new Error("broken"); };
          try {
            return list.level("what if he is not breathing");
          } finally {
            String.prototype.trimStart = sound;
          }
        }"""
    )
    assert (verdict["level"], verdict["failed"]) == ("emergency", True)


def test_it_offers_the_calls_that_the_bot_offers(page: Page) -> None:
    for code, country in countries().items():
        for language in wording.languages():
            said = wording.load(language)
            for level, about in (
                ("emergency", ["self_harm"]),
                ("emergency", ["animal"]),
                ("crisis", []),
                ("urgent", []),
            ):
                place = Place(country, False)
                calls = page.evaluate(
                    "([verdict, options]) => list.calls(verdict, options)",
                    [{"level": level, "about": about}, {"country": code, "language": language}],
                )
                assert calls == phone_lines.call_list(level, frozenset(about), place, said)  # type: ignore[arg-type]


def test_its_first_words_are_those_of_the_bot(page: Page) -> None:
    for code in (*countries(), None):
        place = Place(countries()[code], False) if code else None
        for language in wording.languages():
            for level, about in (("emergency", []), ("emergency", ["child"]), ("crisis", [])):
                told = page.evaluate(
                    "([verdict, options]) => list.firstWords(verdict, options)",
                    [{"level": level, "about": about}, {"country": code, "language": language}],
                )
                triage = Triage(level, about=frozenset(about))  # type: ignore[arg-type]
                expected = first_message.text(triage, place, wording.load(language))
                assert " ".join(told).startswith(expected)


ABOUT: dict[str, list[list[str]]] = {
    "emergency": [
        *([matter] for matter in (*replies.CARE_FOR, "animal", "despair")),
        [],
        ["breathing", "unconscious"],
        ["vomiting", "child", "seizure", "self_harm", "animal"],
    ],
    "crisis": [["self_harm"], []],
    "urgent": [*([matter] for matter in (*replies.ADVICE_FOR, "animal", "despair")), [], ["kidney", "pump"]],
    "awareness": [[]],
    "none": [[]],
}


def served(triage: Triage, place: Place, language: str) -> list[str]:
    """Return the lines that the server says after its first words."""
    if triage.level in ("emergency", "crisis"):
        return (replies.escalation(triage, place, language)[1].text or "").split("\n")
    if triage.level == "urgent":
        return (replies.advice(triage, place, language).text or "").split("\n")
    return []


def test_its_steps_are_those_of_the_bot_fitted_to_the_signs(page: Page) -> None:
    for code in (*countries(), None):
        place = Place(countries()[code] if code else None, False)
        for language in wording.languages():
            asked = [(level, about) for level, abouts in ABOUT.items() for about in abouts]
            told = page.evaluate(
                "([rows, options]) => rows.map(([level, about]) => list.care({level, about}, options))",
                [[list(row) for row in asked], {"country": code, "language": language}],
            )
            for (level, about), lines in zip(asked, told, strict=True):
                triage = Triage(level, about=frozenset(about))  # type: ignore[arg-type]
                assert lines == served(triage, place, language), (code, language, level, about)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("he is not breathing", "push hard and fast on the chest"),
        ("she cant be woken", "roll them on one side"),
        ("he is having a seizure", "Put nothing in the mouth"),
        ("my toddler swallowed my baclofen", "the child"),
        ("his baclofen pump failed and he is not breathing", "Show the crew the pump card"),
    ],
)
def test_a_message_read_without_a_server_gets_the_steps_of_its_signs(
    page: Page, text: str, step: str
) -> None:
    lines = page.evaluate("(text) => list.care(list.level(text), {country: 'US'})", text)
    assert any(step in line for line in lines), lines


@pytest.mark.parametrize(
    ("hints", "country"),
    [
        ({"country": "gb"}, "GB"),
        ({"country": "Germany"}, "DE"),
        ({"timeZone": "Europe/Paris", "locale": "en-US"}, "FR"),
        ({"locale": "de-AT"}, "AT"),
        ({"locale": "de"}, None),
        ({}, None),
    ],
)
def test_a_country_is_told_by_its_hints(page: Page, hints: dict[str, str], country: str | None) -> None:
    assert page.evaluate("(hints) => list.countryOf(hints)", hints) == country


def test_it_is_small_enough_for_a_phone(script: str) -> None:
    assert len(gzip.compress(script.encode())) <= LARGEST


def test_it_is_ready_and_answers_in_time_on_a_phone(browser: Browser, script: str) -> None:
    texts = [row.text for row in sentences("must_match") if row.language == "en"]
    tries = [measured(browser, script, texts) for _ in range(TRIES)]
    best = {name: min(each[name] for each in tries) for name in tries[0]}
    print({name: round(value, 1) for name, value in best.items()})
    assert best["loaded"] < LOAD_LIMIT
    assert best["first"] < MESSAGE_LIMIT
    assert best["most"] < MESSAGE_LIMIT


def measured(browser: Browser, script: str, texts: list[str]) -> dict[str, float]:
    """Return milliseconds on a phone: to load, the longest wait while reading ahead, and for messages."""
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(**_answer(route, script)))
    page = context.new_page()
    page.goto(ADDRESS)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLED})
    loaded, wait = page.evaluate(
        """async () => {
          const text = await (await fetch('/widget-signs.js')).text();
          const kept = URL.createObjectURL(new Blob([text], {type: 'text/javascript'}));
          const start = performance.now();
          window.list = await import(kept);
          const loaded = performance.now() - start;
          let [before, wait] = [performance.now(), 0];
          const timer = setInterval(() => {
            wait = Math.max(wait, performance.now() - before);
            before = performance.now();
          });
          await list.ready;
          clearInterval(timer);
          return [loaded, wait];
        }"""
    )
    times = page.evaluate(
        """(texts) => texts.map((text) => {
          const start = performance.now();
          list.level(text);
          return performance.now() - start;
        })""",
        texts,
    )
    context.close()
    most = sorted(times)[len(times) * 95 // 100]
    return {
        "loaded": loaded,
        "wait": wait,
        "first": times[0],
        "median": sorted(times)[len(times) // 2],
        "most": most,
    }


def _answer(route: Route, script: str) -> dict[str, Any]:
    if route.request.url.endswith(".js"):
        return {"body": script, "content_type": "text/javascript; charset=utf-8"}
    return {"body": "<!doctype html><title>.</title>", "content_type": "text/html"}


@pytest.mark.slow
def test_the_words_that_stay_as_they_are_are_up_to_date() -> None:
    assert (FOLDER / "guard.txt").read_text("ascii").strip() == pack(words()), "see baclofen/browser_guard.py"
