"""What a later message of a conversation says to it: an answer, a number, a correction, a handover.

The words stand under ``patterns`` of ``data/signs``; a message may be in any of the languages there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from baclofen import lexicon
from baclofen.amounts import MANY, MANY_MG
from baclofen.lexicon import Lexicon

SHORT = 20
"""Words; a longer message corrects and answers nothing."""

LONGEST = 4000
"""Characters; what a later message says to the conversation stands at its beginning."""

MOST = 500
"""A greater number is no number of tablets, but 911 or a year."""

BRIEF = 3
"""Words of a yes that leave no room for anything else."""

_DENIED = "#"
_TIMES = re.compile(r"\bx(?=\d)|(?<=\d)(?:x|ish)\b")
_MILLIGRAMS = re.compile(r"\b(\d+) ?(?:mgs?|milligrams?)\b")


@dataclass(frozen=True)
class Amount:
    """A number that a message gives for what was taken.

    Attributes:
        many: so many that it is an emergency.
        corrects: it is said instead of another number.
    """

    many: bool
    corrects: bool


@dataclass(frozen=True)
class LaterTurn:
    """A message, plain: lower case, without accents and apostrophes."""

    plain: str

    @classmethod
    def of(cls, text: str) -> LaterTurn:
        """Read a message as typed."""
        return cls(lexicon.plain_text(text[:LONGEST])[0])

    @cached_property
    def bare(self) -> str:
        """The words alone, one blank between them."""
        return " ".join(re.findall(r"\w+", self.plain))

    @property
    def is_short(self) -> bool:
        return len(self.plain.split()) <= SHORT

    def says(self, name: str) -> bool:
        """Whether a pattern of this name is in the message."""
        return any(p.search(self.plain) for each in lexicon.load_all() if (p := each.patterns.get(name)))

    def is_only(self, *names: str) -> bool:
        """Whether the message is made of nothing but such patterns, in one language."""
        return self.is_short and any(self._is_only(each, names) for each in lexicon.load_all())

    def _is_only(self, language: Lexicon, names: tuple[str, ...]) -> bool:
        left = self.bare
        for name in names:
            if name in language.patterns:
                left = language.patterns[name].sub(" ", left)
        return left != self.bare and not left.strip()

    @property
    def agrees(self) -> bool:
        """It answers yes, when, or how many, and says nothing else."""
        plainly = self.is_only("yes", "it_is_so", "when", "some_of_it", "lots_of_it")
        return plainly or self.amount is not None

    @property
    def says_unwell(self) -> bool:
        """It answers that somebody is unwell."""
        return self.agrees or (self._begins_with_yes and not self.says("fine"))

    @property
    def says_taken(self) -> bool:
        """It answers that something was taken; "yes, I am safe" does not."""
        in_brief = len(self.bare.split()) <= BRIEF and not self.says("fine")
        return self.agrees or (self._begins_with_yes and (in_brief or self._swallows))

    @property
    def _begins_with_yes(self) -> bool:
        return any(p.match(self.bare) for each in lexicon.load_all() if (p := each.patterns.get("yes")))

    @property
    def _swallows(self) -> bool:
        words = frozenset(self.bare.split())
        return any(
            words & (each.words["swallowed"] - each.words["giving"])
            for each in lexicon.load_all()
            if not _denies(words, each)
        )

    @property
    def is_about_nobody(self) -> bool:
        """It answers that nobody is unwell."""
        return self.is_only("no", "fine")

    @property
    def says_nothing_taken(self) -> bool:
        """It answers that nothing was taken; "I'm fine" says nothing of the kind."""
        return self.is_about_nobody and not self.is_only("fine")

    @property
    def hands_over(self) -> bool:
        hoped = "?" in self.plain or self.says("not_yet")
        return self.says("taken_over") and not hoped

    def takes_back(self, name: str) -> bool:
        """Whether the message is a correction of this kind, short and beyond doubt."""
        certain = self.is_short and "?" not in self.plain
        return certain and any(self._takes_back(name, each) for each in lexicon.load_all())

    def _takes_back(self, name: str, language: Lexicon) -> bool:
        patterns = language.patterns
        doubt = patterns.get("doubtful", patterns["not_yet"])
        return (
            name in patterns
            and patterns[name].search(self.plain) is not None
            and doubt.search(self.plain) is None
        )

    @property
    def is_doubtful(self) -> bool:
        return "?" in self.plain or self.says("doubtful")

    @property
    def circumstances(self) -> frozenset[str]:
        """What somebody has or is on, said as a fact: pump, opioid, kidney."""
        found: set[str] = set()
        words = frozenset(self.bare.split())
        for each in lexicon.load_all():
            named = {name for name in ("pump", "opioid", "kidney") if words & each.words[name]}
            if named and not self._asks_or_denies(words, each):
                found |= named
        return frozenset(found)

    def _asks_or_denies(self, words: frozenset[str], language: Lexicon) -> bool:
        asks = "?" in self.plain or language.frames["question"].search(self.plain)
        return bool(asks) or _denies(words, language)

    @property
    def is_a_child_after_all(self) -> bool:
        """Whether it says in short that a child is concerned, who takes none of it by prescription."""
        words = frozenset(self.bare.split())
        animal = any(words & each.words["animal"] for each in lexicon.load_all())
        return self.is_short and self.says("child_after_all") and not animal and not self.is_usual

    @property
    def is_usual(self) -> bool:
        """Whether it speaks of what was prescribed."""
        words = frozenset(self.bare.split())
        return any(words & each.words["usual"] for each in lexicon.load_all())

    @cached_property
    def amount(self) -> Amount | None:
        """The number taken, where the message says a number and nothing else."""
        languages = lexicon.load_all() if self.is_short else ()
        return next((a for each in languages if (a := self._amount(each))), None)

    @property
    def corrects_number(self) -> bool:
        """Whether it says a smaller number instead of a great one."""
        number = self.amount
        return number is not None and number.corrects and not number.many and not self.is_doubtful

    def _amount(self, language: Lexicon) -> Amount | None:
        patterns = language.patterns
        if "around_amount" not in patterns:
            return None
        left = _TIMES.sub(" ", self.bare)
        left = _MILLIGRAMS.sub(lambda mg: f" {MANY if int(mg[1]) >= MANY_MG else 1} ", left)
        for name, mark in (("not_amount", f" {_DENIED} "), ("single", " 1 "), ("around_amount", " ")):
            left = patterns[name].sub(mark, left) if name in patterns else left
        said: list[int] = []
        denied: list[int] = []
        into = said
        for word in left.split():
            if word == _DENIED:
                into = denied
                continue
            number = language.counts.get(word) or (int(word) if word.isdecimal() else MOST + 1)
            if number > MOST:
                return None
            into.append(number)
            into = said
        if not any(said):
            return None
        return Amount(max(said) >= MANY, bool(denied) or self.says("amount_corrected"))


def _denies(words: frozenset[str], language: Lexicon) -> bool:
    return any(language.group(word) == lexicon.NOT for word in words)
