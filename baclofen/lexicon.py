"""The sign lexicon of one language, read from ``data/signs/<language>.yml`` and made ready for matching."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from baclofen.dataset import load_yaml
from baclofen.paths import DATA
from baclofen.signs import Level
from baclofen.spelling import Speller
from baclofen.text import CLAUSE_MARKS, Token, fold, tokenise
from baclofen.vitals import Vitals

BREAK = "|"
COMMA = ","
PERSON = "PERSON"
NOT = "NOT"
UNSURE = "UNSURE"
"""Stands for a negator that denies nothing, as in "no idea" or "not just"."""
GAP = "..."
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class SignEntry:
    """One sign of the lexicon.

    Attributes:
        key, name, family, level: as in the file.
        about: what the emergency words have to fit, or "".
        needs: "" or the context without which it does not count: baclofen, withdrawal.
        beside: "" or the word group of which a word must stand in the message.
        unless: what in the message makes it something else, or None.
    """

    key: str
    name: str
    family: str
    level: Level
    about: str
    needs: str
    beside: str = ""
    unless: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Canonical:
    """A message as the matcher sees it: the words, and for each the index of its token."""

    words: tuple[str, ...]
    index: tuple[int, ...]

    def without_person(self) -> Canonical:
        kept = [i for i, word in enumerate(self.words) if word != PERSON]
        return Canonical(tuple(self.words[i] for i in kept), tuple(self.index[i] for i in kept))


@dataclass(frozen=True)
class Hit:
    """A phrase of a sign found in a canonical message, words start to end (exclusive)."""

    sign: SignEntry
    start: int
    end: int
    canonical: Canonical

    @property
    def tokens(self) -> tuple[int, int]:
        """Index of the first and of the last token of the hit."""
        return self.canonical.index[self.start], self.canonical.index[self.end - 1]


class Lexicon:
    """Signs, word groups and frames of one language.

    Args:
        data: the content of the file, checked against ``data/schemas/signs.json``.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.language: str = data["language"]
        self._fillers = frozenset(data["fillers"])
        self._not_a_denial = _union(data["not_a_denial"])
        self._same = {word: name for name, words in data["same"].items() for word in words}
        self.words: dict[str, frozenset[str]] = {
            name: frozenset(words) for name, words in data["words"].items() if name != "count"
        }
        self.counts: dict[str, int] = dict(data["words"]["count"])
        self.frames = {name: _union(patterns) for name, patterns in data["frames"].items()}
        self.patterns = {name: _union(patterns) for name, patterns in data["patterns"].items()}
        self.vitals = Vitals(data["vitals"], self.counts)
        self.harmless = _union(data["harmless"])
        self.signs = {
            row["key"]: SignEntry(
                row["key"],
                row["name"],
                row["family"],
                row["level"],
                row.get("about", ""),
                row.get("needs", ""),
                row.get("with", ""),
                re.compile("|".join(rf"(?<!\w)(?:{p})(?!\w)" for p in row["unless"]))
                if "unless" in row
                else None,
            )
            for row in data["signs"]
        }
        vocabulary = set(self._same) | set(self.counts)
        for words in self.words.values():
            vocabulary |= words
        self._nlp = spacy.blank("xx")
        self._too_broad = frozenset(data["too_broad"])
        self._plain = PhraseMatcher(self._nlp.vocab)
        self._personal = PhraseMatcher(self._nlp.vocab)
        gaps: dict[str, list[str]] = {}
        for row in data["signs"]:
            for phrase in row["phrases"]:
                vocabulary.update(t.text for t in tokenise(phrase.replace(GAP, " ")) if t.text.isalpha())
                for variant in _expand(phrase):
                    self._add(row["key"], variant, gaps)
        self._phrase_words = frozenset(lexeme.text for lexeme in self._nlp.vocab)
        self._gaps = {key: re.compile("|".join(sorted(set(parts)))) for key, parts in gaps.items()}
        self.speller = Speller(vocabulary, data["spelling"]["never"], data["spelling"]["slips"])
        self.known = frozenset(vocabulary | self._fillers)

    def _add(self, key: str, variant: str, gaps: dict[str, list[str]]) -> None:
        if GAP in variant:
            parts = [self.canonical(tokenise(part)).without_person().words for part in variant.split(GAP)]
            if all(parts):
                joined = r"(?: (?!\|)\S+){0,4} ".join(re.escape(" ".join(part)) for part in parts)
                gaps.setdefault(key, []).append(rf"(?<!\S){joined}(?!\S)")
            return
        canonical = self.canonical(tokenise(variant))
        plain = canonical.without_person()
        if not plain.words or BREAK in plain.words:
            return
        personal = len(plain.words) == 1 and len(canonical.words) > 1
        if len(plain.words) == 1 and not personal and plain.words[0] in self._too_broad:
            return
        if personal:
            self._personal.add(key, [self._doc(canonical.words)])
        else:
            self._plain.add(key, [self._doc(plain.words)])

    def _doc(self, words: Sequence[str]) -> Doc:
        return Doc(self._nlp.vocab, words=list(words))

    def _view(self, words: Sequence[str]) -> Doc:
        """Return a document that teaches spaCy's vocabulary, which never forgets, no word of a user."""
        known = self._phrase_words
        return Doc(self._nlp.vocab, words=[word if word in known else "_" for word in words])

    def canonical(self, tokens: Sequence[Token]) -> Canonical:
        """Drop fillers, name the groups, mark clause ends."""
        words, index = [], []
        joined = " ".join(token.text for token in tokens)
        idle = {joined.count(" ", 0, match.start()) for match in self._not_a_denial.finditer(joined)}
        for i, token in enumerate(tokens):
            text = token.text
            if text in CLAUSE_MARKS:
                word = BREAK
            elif text in self._fillers or text == COMMA:
                continue
            else:
                word = self._same.get(text, text)
                if word == NOT and i in idle:
                    word = UNSURE
            words.append(word)
            index.append(i)
        return Canonical(tuple(words), tuple(index))

    def group(self, word: str) -> str:
        """Return the name of a word's group, or the word itself."""
        name: str = self._same.get(word, word)
        return name

    def find(self, canonical: Canonical) -> Iterator[Hit]:
        """Yield every phrase of every sign in a canonical message, longest ones of a sign only."""
        plain = canonical.without_person()
        for matcher, view in ((self._plain, plain), (self._personal, canonical)):
            if not view.words:
                continue
            for match_id, start, end in matcher(self._view(view.words)):
                yield Hit(self.signs[self._nlp.vocab.strings[match_id]], start, end, view)
        joined = " ".join(plain.words)
        for key, pattern in self._gaps.items():
            for match in pattern.finditer(joined):
                start = joined.count(" ", 0, match.start())
                end = start + match.group().count(" ") + 1
                yield Hit(self.signs[key], start, end, plain)


def _union(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})(?!\w)" for pattern in patterns))


def _expand(phrase: str) -> Iterator[str]:
    """Yield the phrases that ``(a|b|)`` choices stand for."""
    parts = _CHOICE.split(phrase)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    for combination in itertools.product(*choices):
        yield "".join(combination)


def plain_text(text: str) -> tuple[str, list[int]]:
    """Return the folded text without apostrophes, and for each of its characters the index it came from."""
    folded, where = fold(text)
    if where is None:
        where = list(range(len(folded)))
    kept = [i for i, character in enumerate(folded) if character != "'"]
    return "".join(folded[i] for i in kept), [where[i] for i in kept]


@lru_cache(maxsize=4)
def load(language: str = "en") -> Lexicon:
    """Read and compile the lexicon of a language once.

    Raises:
        baclofen.dataset.DataError: the file is missing or wrong.
    """
    return Lexicon(load_yaml(DATA / "signs" / f"{language}.yml", "signs"))
