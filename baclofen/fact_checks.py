"""Rules that every curated answer keeps: sources, review dates, doses, phone numbers, vomiting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import textstat

from baclofen import dataset
from baclofen.dataset import Problem, problem_at

CLAIMS = tuple(f"S{number}" for number in range(1, 46))
"""The claims of the source article; each is answered, and corrected where primary sources say otherwise."""

DOSE_FACTS = frozenset(
    ("tablet_strengths", "starting_dose", "maximum_dose", "strength_mix_up", "france_alcohol")
)
"""Only these may name an amount, as a label states it."""

HARDEST = 8
"""The highest US school grade of an answer (Flesch-Kincaid, textstat)."""

_NUMBER = r"(?:\d+(?:[.,]\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)"
_UNIT = r"(?:mg|mcg|µg|micrograms?|milligrams?|g|grams?|ml|tablets?|pills?|capsules?|(?:tea|table)?spoon\w*)"
AMOUNT = re.compile(rf"\b{_NUMBER}\s*-?\s*{_UNIT}\b", re.I)
YEAR = re.compile(r"\b(?:19|20)\d\ds?\b")
PHONE = re.compile(r"\+\d|\d[\d\s().-]*\d{2}")
"""Three digits or more, grouped or not, once years and amounts are out."""

MAKE_VOMIT = re.compile(
    r"\b(?:mak\w+|force|forcing|get\w*|induc\w+|caus\w+|try\w*|bring\w*)\b[^.?!]*"
    r"\b(?:vomit\w*|throw\w* up|(?:be|being) sick)\b"
    r"|\b(?:make|making)\s+\w+\s+sick\b|\bipecac\b|\bmustard\b|\bsalt water\b|\bfingers?\b[^.?!]*\bthroat\b",
    re.I,
)
FORBIDS = re.compile(r"\b(?:never|no|not|don't|avoid|out of)\b", re.I)
STRAIGHT = (
    *("Yes", "No", "Both", "Neither", "Only if", "Often", "Most", "Many ", "Some", "Perhaps"),
    *("It ", "They ", "Hardly ever", "Ask ", "As far as we know"),
)
"""How a yes-or-no question is answered: straight away, or with how often or on what it depends."""
YES_NO = re.compile(r"^(?:is|are|was|were|does|do|did|can|could|should|will|would|has|have)\b", re.I)


@dataset.check_for("facts/*.yml")
def check_facts(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """Yield every broken rule of the fact files."""
    seen: dict[str, Path] = {}
    sources = _source_ids(root)
    for path, topic in files.items():
        if topic["topic"] != path.stem:
            yield problem_at(path, ("topic",), f"the topic must be the name of the file, '{path.stem}'")
        for number, fact in enumerate(topic["facts"]):
            if fact["id"] in seen:
                where = seen[fact["id"]].name
                yield problem_at(
                    path, ("facts", number, "id"), f"'{fact['id']}' stands twice, also in {where}"
                )
            seen[fact["id"]] = path
            for key, message in _faults(fact, sources):
                yield problem_at(path, ("facts", number, key), f"{fact['id']}: {message}")
    answered = {
        claim for topic in files.values() for fact in topic["facts"] for claim in fact.get("covers", ())
    }
    missing = [claim for claim in CLAIMS if claim not in answered]
    if files and missing:
        yield Problem("data/facts", 0, f"no fact covers {', '.join(missing)} of the source article; add one")


@dataset.check_for("sources.yml")
def check_sources(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """Yield every source that stands twice."""
    for path, contents in files.items():
        seen: set[str] = set()
        for number, source in enumerate(contents["sources"]):
            if source["id"] in seen:
                yield problem_at(path, ("sources", number, "id"), f"'{source['id']}' stands twice; keep one")
            seen.add(source["id"])


def texts(fact: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every text of an answer that a user may read, with the key that it stands under."""
    for key in ("short", "full"):
        if key in fact:
            yield key, fact[key]
    for words in fact.get("countries", {}).values():
        for text in words.values():
            yield "countries", text


def _faults(fact: Mapping[str, Any], sources: frozenset[str]) -> Iterator[tuple[str, str]]:
    unknown = sorted({cited["id"] for cited in fact["sources"]} - sources)
    if unknown:
        yield "sources", f"unknown source {', '.join(unknown)}; add it to sources.yml or correct the id"
    if fact.get("checked", True) and {cited["id"] for cited in fact["sources"]} == {"OWN"}:
        yield "sources", "rests on general knowledge alone; say checked: false"
    if fact["review_by"] <= fact["reviewed_on"]:
        yield "review_by", "must be later than reviewed_on"
    elif fact["review_by"] < date.today().isoformat():
        yield "review_by", f"was due for review by {fact['review_by']}; check it and set both days anew"
    words = " ".join(filter(None, (fact["short"], fact.get("full"))))
    grade = textstat.flesch_kincaid_grade(words)
    if grade > HARDEST:
        yield (
            "short",
            f"reading grade {grade:.1f}; shorter words and sentences bring it to {HARDEST} or below",
        )
    for key, text in texts(fact):
        for message in _text_faults(fact, text):
            yield key, message
    if YES_NO.match(fact["question"]):
        for key, text in texts({"short": fact["short"], "countries": _shorts(fact)}):
            if not text.startswith(STRAIGHT):
                words = ", ".join(word.strip() for word in STRAIGHT)
                yield key, f"a yes-or-no question; start the short answer with one of: {words}"


def _text_faults(fact: Mapping[str, Any], text: str) -> Iterator[str]:
    if fact.get("refuses") and re.search(r"\d", text):
        yield "a refusal names no number; take the figure out"
    amount = AMOUNT.search(text)
    if amount and fact["id"] not in DOSE_FACTS:
        yield f"names an amount ('{amount.group()}'); only label facts may: {', '.join(sorted(DOSE_FACTS))}"
    phone = PHONE.search(AMOUNT.sub("", YEAR.sub("", text)))
    if phone:
        yield f"holds a number like a phone number ('{phone.group()}'); the reply builder adds those"
    for sentence in re.split(r"(?<=[.?!])\s+", text):
        if MAKE_VOMIT.search(sentence) and not FORBIDS.search(sentence):
            yield f"seems to advise making someone vomit ('{sentence}'); never do"


def _shorts(fact: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    overrides: Iterable[tuple[str, Mapping[str, str]]] = fact.get("countries", {}).items()
    return {code: {"short": words["short"]} for code, words in overrides if "short" in words}


def _source_ids(root: Path) -> frozenset[str]:
    try:
        return frozenset(
            entry["id"] for entry in dataset.load_yaml(root / "sources.yml", "sources")["sources"]
        )
    except dataset.DataError:
        return frozenset()
