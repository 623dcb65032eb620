"""Takes out of a message what may tell who wrote it: names, places, numbers, addresses, days.

Amounts and ages stay, for a reviewer needs them. No list of names is complete, so the rule for words is the
other way round: a word with a capital letter in the middle of a sentence goes unless it is ours, and so does
any word that is neither common English, nor in our data, nor a likely slip of one that is. Of other
languages little but the words of signs is left.
A person still has to look at what is left before it goes further.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import phonenumbers
import spacy
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from baclofen import countries, lexicon, medicines
from baclofen.spelling import common_words
from baclofen.text import fold

NAME, PLACE, NUMBER, EMAIL, LINK, DAY, WORD = (
    "[name]",
    "[place]",
    "[number]",
    "[email]",
    "[link]",
    "[day]",
    "[word]",
)

LONGEST = 2000
"""Characters of a message that are kept for review."""

_MONTH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"] + (
    [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
_EMAIL = re.compile(r"\S+@\S+\.\w+|(?<!\w)@\w{2,}")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DAY = re.compile(
    r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{'|'.join(_MONTH)})\b(?:,? \d{{4}}\b)?"
    rf"|\b(?:{'|'.join(m for m in _MONTH if m != 'may')})\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[ ./()-]{0,2}\d){4,}(?!\w)")
_CODE = re.compile(
    r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{2,4} ?\d[A-Z]{2}\b|\b[A-Z]{1,3}[ -]?\d{5,}\b", re.IGNORECASE
)
_STREET = [
    "street",
    "road",
    "avenue",
    "lane",
    "drive",
    "close",
    "way",
    "square",
    "court",
    "crescent",
    "boulevard",
    "straße",
    "strasse",
    "rue",
]
_TITLES = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "sir",
    "herr",
    "frau",
    "monsieur",
    "madame",
    "señor",
    "señora",
]
_BEFORE_NAME = ["called", "named"]
_RELATIONS = [
    "son",
    "daughter",
    "husband",
    "wife",
    "brother",
    "sister",
    "mother",
    "father",
    "mum",
    "mom",
    "dad",
    "nan",
    "gran",
    "friend",
    "partner",
    "boyfriend",
    "girlfriend",
    "cousin",
    "uncle",
    "aunt",
    "nephew",
    "niece",
    "neighbour",
    "neighbor",
    "flatmate",
    "roommate",
    "patient",
    "nurse",
    "doctor",
]


def redact(text: str, region: str | None = None) -> str:
    """Return a message without what may tell who wrote it.

    Args:
        text: as typed.
        region: ISO code of the country whose telephone numbers may stand in it without a prefix.
    """
    text = text[:LONGEST]
    for pattern, word in ((_EMAIL, EMAIL), (_LINK, LINK), (_DAY, DAY)):
        text = pattern.sub(word, text)
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, region))):
        text = text[: match.start] + NUMBER + text[match.end :]
    text = _CODE.sub(PLACE, _LONG_NUMBER.sub(NUMBER, text))
    return _words(text)


def _words(text: str) -> str:
    doc = _pipeline()[0](text)
    parts: list[str] = []
    end = 0
    for start, stop, word in _found(doc):
        if word == NAME and parts and parts[-1] == NAME and not text[end:start].strip():
            end = stop  # a first and a last name
            continue
        parts += [text[end:start], word]
        end = stop
    return "".join([*parts, text[end:]])


def _found(doc: Doc) -> Iterator[tuple[int, int, str]]:
    """Yield what is to go: from, to, and what stands in its place, in order."""
    spans = {span.start: span for span in filter_spans(_pipeline()[1](doc, as_spans=True))}
    skip = 0
    for token in doc:
        if token.i < skip:
            continue
        span = spans.get(token.i)
        if span is not None:
            skip = span.end
            # The words before the name stay: "my son", "dr".
            first = next((t for t in span if span.label_ == "place" or _may_be_name(t)), None)
            if first is not None:
                last = span[-1]
                yield first.idx, last.idx + len(last), PLACE if span.label_ == "place" else NAME
            continue
        word = _instead(token)
        if word:
            yield token.idx, token.idx + len(token), word


def _may_be_name(token: Any) -> bool:
    return token.is_alpha and token.lower_ not in {
        *_TITLES,
        *_BEFORE_NAME,
        *_RELATIONS,
        "name",
        "is",
        "my",
        "s",
    }


def _instead(token: Any) -> str:
    """Return what stands in the place of a word, nothing where it may stay."""
    if not any(c.isalpha() for c in token.text) or token.text.startswith("["):
        return ""
    if token.i and doc_bracket(token):
        return ""
    plain = fold(token.text)[0].strip("'’-")
    if plain in _places():
        return PLACE
    if plain in _ours() or medicines.load().mentioned(plain):
        return ""
    starts = token.i == 0 or token.nbor(-1).text in '.!?\n:"' or token.nbor(-1).is_space
    is_capital = token.text[:1].isupper() and not token.text.isupper() and plain not in ("i", "i'm", "i've")
    if is_capital and not starts:
        return NAME
    return "" if _is_word(plain) else WORD


def doc_bracket(token: Any) -> bool:
    """Say whether a token stands in a mark such as ``[day]``."""
    after = token.i + 1 < len(token.doc) and token.nbor(1).text == "]"
    return bool(token.nbor(-1).text == "[" and after)


def _is_word(plain: str) -> bool:
    """Say whether a word is common or ours, or might be a slip of one that matters."""
    parts = [part for part in re.split(r"[^a-zà-ÿ]+", plain) if len(part) > 2]
    speller = lexicon.load().speller
    return all(
        part in common_words()
        or part in _ours()
        or part in speller.vocabulary
        or speller.correct(part) != part
        for part in parts
    )


@lru_cache(maxsize=1)
def _ours() -> frozenset[str]:
    """Return the words of our own lists: signs, medicines, days of the week."""
    found = {
        *lexicon.load().speller.vocabulary,
        *["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    }
    for other in lexicon.load_all():
        found.update(other.known)
    return frozenset(found | {"baclofen", "lioresal", "ok", "a&e", "er", "gp", "nhs"})


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Return the names of countries and cities that our data knows."""
    names: set[str] = set()
    for country in countries.load().values():
        for name in (country.name, *country.also_called, *country.cities_after_in):
            if len(name) > 3:
                names.add(name.casefold())
    return frozenset(
        names - common_words() | {n for n in names if n in ("germany", "france", "india", "jordan")}
    )


@lru_cache(maxsize=1)
def _pipeline() -> tuple[Language, Matcher]:
    """Return spaCy's tokens of English, and its patterns for names and addresses."""
    pipeline = spacy.blank("en")
    matcher = Matcher(pipeline.vocab)
    any_name: dict[str, Any] = {"IS_ALPHA": True}
    named: dict[str, Any] = {"IS_TITLE": True}
    matcher.add(
        "name",
        [
            [{"LOWER": {"IN": _TITLES}}, {"TEXT": ".", "OP": "?"}, any_name],
            [{"LOWER": "name"}, {"LOWER": {"IN": ["is", "'s", "s", ":"]}}, any_name, {**named, "OP": "?"}],
            [{"LOWER": {"IN": _BEFORE_NAME}}, any_name, {**named, "OP": "?"}],
            [{"LOWER": {"IN": _RELATIONS}}, {"IS_TITLE": True, "OP": "+"}],
        ],
    )
    matcher.add(
        "place",
        [
            [{"IS_DIGIT": True}, {"IS_ALPHA": True, "OP": "+"}, {"LOWER": {"IN": _STREET}}],
            [{"LOWER": {"IN": ["flat", "apartment", "apt"]}}, {"IS_DIGIT": True}],
        ],
    )
    return pipeline, matcher
