"""The sign lexicon of one language, read from ``data/signs/<language>.yml`` and made ready for matching."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

from baclofen.dataset import load_yaml
from baclofen.paths import DATA
from baclofen.phrases import BREAK, GAP, PERSON, Canonical, Phrases, View, expand
from baclofen.signs import Level
from baclofen.spelling import Speller, common_words, frequency
from baclofen.text import CLAUSE_MARKS, Joined, Token, fold, tokenise, undisguise
from baclofen.vitals import Vitals

DEFAULT = "en"
COMMA = ","
NOT = "NOT"
UNSURE = "UNSURE"
"""Stands for a negator that denies nothing, as in "no idea" or "not just"."""
MATTERS, HOLDS, SWALLOWED = " matters", " holds", " swallowed"
"""What a word can be beside its group: a medicine or pump, what holds a medicine, a way of taking one."""
NUMBER_OF_BODY, NUMBER = " number of body", " number"
"""The same: what bodies are measured by, a number."""

WEAK = "?"
MAY_LACK = (
    *("and", "anew", "answering", "padding", "at", "confirmed_after", "drug"),
    *("newborn", "not_counting", "of", "pack", "unit"),
)
"""Groups of words that a language may do without."""
_BLANKS = " \t\r\f\v"
_LOOSE = re.compile(r"'|[ \t\r\f\v]{2}|[\t\r\f\v]")
_TIGHT = re.compile(r"[^' \t\r\f\v]+|[ \t\r\f\v](?![ \t\r\f\v])")
_NEVER = re.compile("(?!)")
_NAME = re.compile(r"\b[A-Z]{3,}\b")

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
    """A phrase of a sign found in a canonical message, words start to end (exclusive).

    Attributes:
        weak: the phrase is mostly a figure of speech and counts only where something bears it out.
    """

    sign: SignEntry
    start: int
    end: int
    canonical: Canonical
    weak: bool = False

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
        self.fillers = frozenset(data["fillers"])
        self._not_a_denial = _union(data["not_a_denial"])
        self._same = {word: name for name, words in data["same"].items() for word in words}
        self._pairs = {
            tuple(word.split("_")): name for word, name in self._same.items() if word.count("_") == 1
        }
        self.words: dict[str, frozenset[str]] = {
            **dict.fromkeys(MAY_LACK, frozenset()),
            **{name: frozenset(words) for name, words in data["words"].items() if name != "count"},
        }
        self.counts: dict[str, int] = dict(data["words"]["count"])
        self.frames = {name: _union(patterns) for name, patterns in data["frames"].items()}
        self.patterns = {name: _union(patterns) for name, patterns in data["patterns"].items()}
        self.vitals = Vitals(data["vitals"], self.counts)
        self.harmless = _union(data["harmless"])
        self._spoken = {
            mark: ([_beginning(pattern) for pattern in said], _union(said))
            for mark, said in data.get("spoken_marks", {}).items()
        }
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
        vocabulary = set(self._same) | set(self.counts) | {word for pair in self._pairs for word in pair}
        for group in self.words.values():
            vocabulary |= group
        self._firsts = frozenset(word for pair in self._pairs for word in pair)
        self._phrases = Phrases(self._commonness, self.fillers, frozenset(data["too_broad"]))
        for row in data["signs"]:
            for kind in ("phrases", "weak", "exact"):
                for phrase in row.get(kind, ()):
                    vocabulary.update(self._add(row["key"], phrase, kind))
        self.speller = Speller(
            vocabulary if self.language == DEFAULT else (),
            data["spelling"]["never"],
            data["spelling"]["slips"],
        )
        self.known = frozenset(vocabulary | self.fillers)
        self._paired: dict[str, set[str]] = {}
        for pair, name in self._pairs.items():
            self._paired.setdefault(min(pair, key=frequency), set()).add(name)
        self._waking = self._phrases.waking()
        mixed = self.words["alcohol"] | self.words["opioid"] | self.words["sedative"]
        medicine = frozenset(word for word, name in self._same.items() if name == "BACLOFEN")
        self._matters = {
            MATTERS: self.words["medicine"] | self.words["pump"] | medicine,
            HOLDS: self.words["pack"],
            SWALLOWED: self.words["swallowed"] | mixed,
            NUMBER_OF_BODY: self.vitals.words,
            NUMBER: frozenset(self.counts),
        }

    def _add(self, key: str, phrase: str, kind: str) -> Iterator[str]:
        """Add a phrase of a sign to what is looked for; yield its words."""
        exact = kind == "exact"
        for parts in expand(phrase, partial(self._same_alternative, exact)):
            view: View = "exact" if exact else "personal" if any(PERSON in p for p in parts) else "plain"
            seen = [self.canonical(tokenise(self._named(part)), exact=exact) for part in parts]
            self._phrases.add(key + (WEAK if kind == "weak" else ""), seen, view)
        words = tokenise(self._named(phrase).replace(GAP, " "))
        yield from (token.text for token in words if token.text.isalpha())

    def phrases(self) -> Iterator[tuple[str, bool, View, tuple[tuple[str, ...], ...]]]:
        """Yield (sign, weak, view, parts) of every phrase in canonical words, each cut at its gaps."""
        for key, view, parts in self._phrases.all():
            yield key.removesuffix(WEAK), key.endswith(WEAK), view, parts

    def _same_alternative(self, exact: bool, alternative: str) -> str:
        """Return what an alternative of a phrase comes to: words of one group are one, small ones nothing."""
        words = alternative.lower().replace("'", "").split()
        groups = [self.group(word) for word in words]
        if alternative.isupper() or NOT in groups or not self._firsts.isdisjoint(words):
            return alternative
        return " ".join(self.group(word) for word in words if exact or word not in self.fillers)

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        members: dict[str, list[str]] = {}
        for word, name in self._same.items():
            members.setdefault(name, []).append(word)
        return members

    def _named(self, part: str) -> str:
        """Put one of its words for a group that is named in a phrase, as in ``PERSON won't WAKE``."""
        return _NAME.sub(lambda name: self._members.get(name.group(), [name.group()])[0], part)

    def _commonness(self, canonical: str) -> float:
        return sum(frequency(word) for word in self._members.get(canonical, [canonical]))

    @cached_property
    def wakers(self) -> frozenset[str]:
        """What a message must hold one of to hold a sign."""
        return frozenset(self._phrases.triggers) | {MATTERS, HOLDS, NUMBER_OF_BODY}

    def wakes(self, seen: Set[str], alone: bool = True) -> bool:
        """Whether a message whose words may be these can hold a sign; most messages cannot.

        Args:
            seen: what ``may_be`` said of its words.
            alone: a medicine may be all that is said of the matter.
        """
        return (
            (MATTERS in seen and (alone or SWALLOWED in seen))
            or (HOLDS in seen and SWALLOWED in seen)
            or (NUMBER_OF_BODY in seen and NUMBER in seen)
            or self._phrases.may_stand_in(seen)
        )

    def may_be(self, word: str) -> frozenset[str]:
        """Return what a word may be taken for: its group, typed or repaired, and what makes it matter."""
        if word in common_words() or word.isdecimal():
            spelt = {word, word.removesuffix("s")}
        else:
            spelt = self._spelt(word)
        seen = {self.group(text) for text in spelt if text not in self.fillers}
        seen.update(*(self._paired.get(text, ()) for text in spelt))
        if NOT in seen:
            seen.add(UNSURE)
        seen &= self._waking
        for name, words in self._matters.items():
            if spelt & words:
                seen.add(name)
        if any(text.startswith(self.vitals.beginnings) for text in spelt):
            seen.add(NUMBER_OF_BODY)
        if re.fullmatch(r"\d{2,3}(?:f|c|bpm)", word):
            seen |= {NUMBER_OF_BODY, NUMBER}
        if word[0].isdigit():
            seen.add(NUMBER)
        return frozenset(seen)

    def _spelt(self, word: str) -> set[str]:
        """Return a word as typed, without disguise and repaired."""
        typed = [Token(word, 0, len(word))]
        clear = undisguise(typed, self.known, common_words())
        mended = [self.speller.repair(clear, choice) for choice in (0, 1)]
        return {token.text for tokens in (typed, clear, *mended) for token in tokens}

    def pattern(self, name: str) -> re.Pattern[str]:
        """Return a pattern that a language may do without; nothing is found by it then."""
        return self.patterns.get(name, _NEVER)

    def punctuated(self, plain: str) -> str:
        """Return a plain text with its spoken marks ("full stop") as marks, nothing moved."""
        for mark, (beginnings, said) in self._spoken.items():
            if any(beginning in plain for beginning in beginnings):
                plain = said.sub(partial(_as_mark, mark), plain)
        return plain

    def canonical(self, tokens: Sequence[Token], exact: bool = False) -> Canonical:
        """Drop fillers unless every word counts, name the groups, mark clause ends."""
        words: list[str] = []
        index: list[int] = []
        before = ""
        joined = Joined([token.text for token in tokens])
        idle = {joined.place(match.start()) for match in self._not_a_denial.finditer(joined.text)}
        for i, token in enumerate(tokens):
            text = token.text
            pair = self._pairs.get((before, text))
            before = text
            if pair is not None:
                word = pair
                if index and index[-1] == i - 1:
                    words.pop()
                    index.pop()
            elif text in CLAUSE_MARKS:
                word = BREAK
            elif text == COMMA or (not exact and text in self.fillers):
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

    def find(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Yield every phrase of every sign in a reading of a message."""
        personal = self.canonical(tokens)
        seen: dict[View, Canonical] = {"plain": personal.without_person(), "personal": personal}
        if not self._phrases.exact.isdisjoint(personal.words):
            seen["exact"] = self.canonical(tokens, exact=True)
        for key, start, end, view in self._phrases.find(seen):
            yield Hit(self.signs[key.removesuffix(WEAK)], start, end, view, key.endswith(WEAK))


def _union(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})(?!\w)" for pattern in patterns))


def _beginning(pattern: str) -> str:
    """Return the first word that a simple pattern finds, what it looks around for left out."""
    words: list[str] = re.findall(r"[^\W\d_]+", re.sub(r"\(\?<?[!=][^()]*\)", "", pattern))
    return words[0]


def _as_mark(mark: str, words: re.Match[str]) -> str:
    return mark.ljust(len(words.group()))


def plain_text(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text with single blanks and no apostrophes, and where its characters stood."""
    folded, origin = fold(text)
    where = range(len(folded)) if origin is None else origin
    if _LOOSE.search(folded) is None:
        return folded, where
    kept = [i for piece in _TIGHT.finditer(folded) for i in range(*piece.span())]
    return "".join(" " if folded[i] in _BLANKS else folded[i] for i in kept), [where[i] for i in kept]


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
