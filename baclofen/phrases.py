"""Phrases of signs, found in a message whose words were reduced to groups (``baclofen/lexicon.py``).

spaCy's PhraseMatcher finds the contiguous ones; those with a gap are tried only where their rarest word
stands. Both cost the same however many phrases there are.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

BREAK = "|"
PERSON = "PERSON"
GAP = "..."
MOST_BETWEEN = 4  # words that a gap may hold
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class Canonical:
    """A message as the matcher sees it: the words, and for each the index of its token."""

    words: tuple[str, ...]
    index: tuple[int, ...]

    def without_person(self) -> Canonical:
        kept = [i for i, word in enumerate(self.words) if word != PERSON]
        return Canonical(tuple(self.words[i] for i in kept), tuple(self.index[i] for i in kept))


class Phrases:
    """All phrases of a lexicon.

    Args:
        rarity: how common a canonical word is in ordinary text; the rarest word of a phrase wakes it.
    """

    def __init__(self, rarity: Callable[[str], float]) -> None:
        self._nlp = spacy.blank("xx")
        self._plain = PhraseMatcher(self._nlp.vocab)
        self._personal = PhraseMatcher(self._nlp.vocab)
        self._gaps: dict[str, dict[tuple[str, re.Pattern[str]], None]] = {}
        self._rarity = rarity
        self._words: frozenset[str] = frozenset()
        self._triggers: dict[str, set[str] | None] = {}
        """Rarest word of a phrase -> the next rarest ones of such phrases; None where it stands alone."""

    def add(self, key: str, parts: Sequence[Canonical], too_broad: frozenset[str]) -> None:
        """Add a phrase of a sign; one that says too little is left out.

        Args:
            key: name of the sign.
            parts: what stands before, between and after its gaps.
            too_broad: words that mean nothing alone.
        """
        views = [part.without_person().words for part in parts]
        if not all(views) or any(BREAK in view for view in views):
            return
        rare = sorted({word for view in views for word in view}, key=self._rarity)
        trigger = rare[0]
        if len(views) > 1:
            between = rf"(?: (?!\|)\S+){{0,{MOST_BETWEEN}}} "
            joined = between.join(re.escape(" ".join(view)) for view in views)
            self._gaps.setdefault(trigger, {})[key, re.compile(rf"(?<!\S){joined}(?!\S)")] = None
        elif len(views[0]) > 1:
            self._plain.add(key, [self._doc(views[0])])
        elif len(parts[0].words) > 1:
            self._personal.add(key, [self._doc(parts[0].words)])
            rare.append(PERSON)
        elif trigger not in too_broad:
            self._plain.add(key, [self._doc(views[0])])
        else:
            return
        partners = self._triggers.setdefault(trigger, set())
        if len(rare) == 1:
            self._triggers[trigger] = None
        elif partners is not None:
            partners.add(rare[1])
        self._words = frozenset()

    def may_stand_in(self, words: frozenset[str]) -> bool:
        """Whether a phrase can stand in a message of these canonical words: of most messages it cannot."""
        triggers = self._triggers
        for word in words & triggers.keys():
            partners = triggers[word]
            if partners is None or not partners.isdisjoint(words):
                return True
        return False

    def _doc(self, words: Sequence[str]) -> Doc:
        return Doc(self._nlp.vocab, words=list(words))

    def _view(self, words: Sequence[str]) -> Doc:
        """Return a document that teaches spaCy's vocabulary, which never forgets, no word of a user."""
        if not self._words:
            self._words = frozenset(lexeme.text for lexeme in self._nlp.vocab)
        known = self._words
        return Doc(self._nlp.vocab, words=[word if word in known else "_" for word in words])

    def find(self, canonical: Canonical) -> Iterator[tuple[str, int, int, Canonical]]:
        """Yield (key, start, end, view) of every phrase; start and end (exclusive) count the view's words."""
        plain = canonical.without_person()
        if not self.may_stand_in(frozenset(canonical.words)):
            return
        for matcher, view in ((self._plain, plain), (self._personal, canonical)):
            for match_id, start, end in matcher(self._view(view.words)):
                yield self._nlp.vocab.strings[match_id], start, end, view
        joined = " ".join(plain.words)
        for word in dict.fromkeys(plain.words):
            for key, pattern in self._gaps.get(word, ()):
                for match in pattern.finditer(joined):
                    start = joined.count(" ", 0, match.start())
                    yield key, start, start + match.group().count(" ") + 1, plain


def expand(phrase: str) -> Iterator[list[str]]:
    """Yield the phrases that ``(a|b|)`` choices stand for, each cut at its gaps."""
    parts = _CHOICE.split(phrase)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    for combination in itertools.product(*choices):
        yield "".join(combination).split(GAP)
