"""The sign lexicon of one language, read from ``data/signs/<language>.yml`` and made ready for matching."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from baclofen.dataset import load_yaml
from baclofen.paths import DATA
from baclofen.phrases import BREAK, GAP, Canonical, Phrases, expand
from baclofen.signs import Level
from baclofen.spelling import Speller, frequency
from baclofen.text import CLAUSE_MARKS, Token, fold, tokenise, undisguise
from baclofen.vitals import Vitals

DEFAULT = "en"
COMMA = ","
NOT = "NOT"
UNSURE = "UNSURE"
"""Stands for a negator that denies nothing, as in "no idea" or "not just"."""
MATTERS, NUMBER_OF_BODY, NUMBER = " matters", " number of body", " number"
"""What a word can be beside its group: a medicine or pump, what bodies are measured by, a number."""

logger = logging.getLogger(__name__)


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
        too_broad = frozenset(data["too_broad"])
        self._phrases = Phrases(self._commonness)
        for row in data["signs"]:
            for phrase in row["phrases"]:
                vocabulary.update(t.text for t in tokenise(phrase.replace(GAP, " ")) if t.text.isalpha())
                for parts in expand(phrase):
                    self._phrases.add(
                        row["key"], [self.canonical(tokenise(part)) for part in parts], too_broad
                    )
        self.speller = Speller(vocabulary, data["spelling"]["never"], data["spelling"]["slips"])
        self.known = frozenset(vocabulary | self._fillers)
        self._seen_as = lru_cache(maxsize=100_000)(self._may_be)

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        members: dict[str, list[str]] = {}
        for word, name in self._same.items():
            members.setdefault(name, []).append(word)
        return members

    def _commonness(self, canonical: str) -> float:
        return sum(frequency(word) for word in self._members.get(canonical, [canonical]))

    def concerns(self, words: Iterable[str]) -> bool:
        """Whether a message of these words can hold a sign at all; of most messages it cannot."""
        seen = frozenset[str]().union(*map(self._seen_as, words))
        return (
            MATTERS in seen or NUMBER_OF_BODY in seen and NUMBER in seen or self._phrases.may_stand_in(seen)
        )

    def _may_be(self, word: str) -> frozenset[str]:
        """Return what a word may be taken for: its group, typed or repaired, and what makes it matter."""
        typed = [Token(word, 0, len(word))]
        clear = undisguise(typed, self.known)
        spelt = {t.text for tokens in (typed, clear, self.speller.repair(clear)) for t in tokens}
        seen = {self.group(text) for text in spelt if text not in self._fillers}
        if "BACLOFEN" in seen or spelt & (self.words["medicine"] | self.words["pump"]):
            seen.add(MATTERS)
        if spelt & self.vitals.words:
            seen.add(NUMBER_OF_BODY)
        if word[0].isdigit() or spelt & self.counts.keys():
            seen.add(NUMBER)
        if NOT in seen:
            seen.add(UNSURE)
        return frozenset(seen)

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
        """Yield every phrase of every sign in a canonical message."""
        for key, start, end, view in self._phrases.find(canonical):
            yield Hit(self.signs[key], start, end, view)


def _union(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})(?!\w)" for pattern in patterns))


def plain_text(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text without apostrophes, and for each of its characters the index it came from."""
    folded, origin = fold(text)
    where = range(len(folded)) if origin is None else origin
    if "'" not in folded:
        return folded, where
    kept = [i for i, character in enumerate(folded) if character != "'"]
    return "".join(folded[i] for i in kept), [where[i] for i in kept]


@lru_cache(maxsize=8)
def load(language: str = DEFAULT) -> Lexicon:
    """Read and compile the lexicon of a language once.

    Raises:
        baclofen.dataset.DataError: the file is missing or wrong.
    """
    return Lexicon(load_yaml(DATA / "signs" / f"{language}.yml", "signs"))


@lru_cache(maxsize=1)
def load_all() -> tuple[Lexicon, ...]:
    """Read the lexicons of all languages, English first.

    Raises:
        baclofen.dataset.DataError: the English file is missing or wrong; another one that is, is left out.
    """
    lexicons = [load()]
    for path in sorted((DATA / "signs").glob("*.yml")):
        if path.stem != DEFAULT:
            try:
                lexicons.append(load(path.stem))
            except ValueError:
                logger.exception("Signs of one language are left out")
    return tuple(lexicons)
