"""Phrases of signs, found in a message whose words were reduced to groups (``baclofen/lexicon.py``).

Contiguous phrases are looked up by their words; those with a gap are tried only where their rarest word
stands. Both cost the same however many phrases there are.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, get_args

from baclofen.text import Joined

BREAK = "|"
PERSON = "PERSON"
GAP = "..."
MOST_BETWEEN = 4  # words that a gap may hold
NEVER_BETWEEN = "NOT"  # a negation does not hide in a gap
View = Literal["plain", "personal", "exact"]
"""How a phrase sees a message: without the persons, with them, or with the small words too."""
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class Canonical:
    """A message as a phrase sees it: the words, and for each the index of its token."""

    words: tuple[str, ...]
    index: tuple[int, ...]

    def without_person(self) -> Canonical:
        kept = [i for i, word in enumerate(self.words) if word != PERSON]
        return Canonical(tuple(self.words[i] for i in kept), tuple(self.index[i] for i in kept))


class Gapped(NamedTuple):
    """A phrase with gaps.

    Attributes:
        key: name of its sign.
        pattern: finds it among the words of a message.
        view: how it sees a message.
        words: that have to be there.
        most: words that it may go over.
        parts: what stands before, between and after its gaps.
    """

    key: str
    pattern: re.Pattern[str]
    view: View
    words: frozenset[str]
    most: int
    parts: tuple[tuple[str, ...], ...]


class Sight:
    """Where the words of a message stand, for phrases with gaps."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self.places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            self.places.setdefault(word, []).append(place)

    @cached_property
    def _joined(self) -> Joined:
        return Joined(self._words)

    def matches(self, phrase: Gapped, word: str) -> Iterator[tuple[int, int]]:
        """Yield where a phrase begins and ends (exclusive), looking only about one of its words."""
        joined = self._joined
        for stretch in self._about(word, phrase.most - 1):
            for match in phrase.pattern.finditer(joined.text, *joined.span(*stretch)):
                start = joined.place(match.start())
                yield start, start + match.group().count(" ") + 1

    def _about(self, word: str, reach: int) -> Iterator[tuple[int, int]]:
        """Yield the first and last words of the stretches within reach of a word; none meets another."""
        end = len(self._words) - 1
        first = last = -1
        for place in self.places[word]:
            if first >= 0 and place - reach > last:
                yield first, last
                first = -1
            first = max(0, place - reach) if first < 0 else first
            last = min(end, place + reach)
        yield first, last


class Phrases:
    """All phrases of a lexicon.

    Args:
        rarity: how common a canonical word is in ordinary text; the rarest word of a phrase wakes it.
        fillers: words that wake nothing.
        too_broad: words that mean nothing alone.
    """

    def __init__(
        self, rarity: Callable[[str], float], fillers: frozenset[str], too_broad: frozenset[str]
    ) -> None:
        self._rarity = lru_cache(maxsize=None)(rarity)
        self._fillers = fillers
        self._too_broad = too_broad
        self._whole: dict[View, dict[tuple[str, ...], dict[str, None]]] = {v: {} for v in get_args(View)}
        """Words of a phrase without gaps -> the signs that it shows."""
        self._lengths: dict[View, dict[str, set[int]]] = {v: {} for v in get_args(View)}
        """First word of such phrases -> how many words they have."""
        self._gaps: dict[str, dict[Gapped, None]] = {}
        """Rarest word of phrases with gaps -> the phrases."""
        self.triggers: dict[str, dict[str, set[str]]] = {}
        """Rarest word of a phrase -> the next rarest -> the third; one that has no more repeats its last."""
        self.exact: set[str] = set()
        """Rarest words of the phrases that look at the small words too."""

    def add(self, key: str, parts: Sequence[Canonical], view: View) -> None:
        """Add a phrase of a sign; one that says too little is left out.

        Args:
            key: name of the sign.
            parts: what stands before, between and after its gaps.
            view: how it sees a message; in ``plain`` one of a single word needs the person it is said of.
        """
        words = [part.words if view != "plain" else part.without_person().words for part in parts]
        if not all(words) or any(BREAK in part for part in words):
            return
        if self._fillers.issuperset(itertools.chain(*words)):
            return
        if len(words) > 1:
            between = rf"(?: (?!\||{NEVER_BETWEEN} )\S+){{0,{MOST_BETWEEN}}} "
            joined = between.join(re.escape(" ".join(part)) for part in words)
            pattern = re.compile(rf"(?<!\S){joined}(?!\S)")
            said = frozenset(itertools.chain(*words))
            most = sum(map(len, words)) + MOST_BETWEEN * (len(words) - 1)
            gapped = Gapped(key, pattern, view, said, most, tuple(words))
            self._gaps.setdefault(self._wake(words, view), {})[gapped] = None
            return
        whole = words[0]
        if len(whole) == 1 and len(parts[0].words) > 1:
            whole, view = parts[0].words, "personal"
        if len(whole) == 1 and whole[0] in self._too_broad:
            return
        self._wake([whole], view)
        self._whole[view].setdefault(whole, {})[key] = None
        self._lengths[view].setdefault(whole[0], set()).add(len(whole))

    def _wake(self, words: Sequence[Sequence[str]], view: View) -> str:
        """Note what has to stand in a message for a phrase of these words; return its rarest word."""
        said = {word for part in words for word in part if word not in self._fillers}
        rare = sorted(said, key=lambda word: (self._rarity(word), word))
        first, second, third = rare[0], rare[min(1, len(rare) - 1)], rare[min(2, len(rare) - 1)]
        self.triggers.setdefault(first, {}).setdefault(second, set()).add(third)
        if view == "exact":
            self.exact.add(first)
        return first

    def all(self) -> Iterator[tuple[str, View, tuple[tuple[str, ...], ...]]]:
        """Yield (key, view, parts) of every phrase; one without gaps has a single part."""
        for view, phrases in self._whole.items():
            for words, keys in phrases.items():
                for key in keys:
                    yield key, view, (words,)
        for group in self._gaps.values():
            for phrase in group:
                yield phrase.key, phrase.view, phrase.parts

    def waking(self) -> frozenset[str]:
        """Return the words that tell whether a phrase can stand in a message; the others need no look-up."""
        seconds = {word for partners in self.triggers.values() for word in partners}
        thirds = {w for partners in self.triggers.values() for words in partners.values() for w in words}
        return frozenset(self.triggers) | seconds | thirds

    def may_stand_in(self, words: Set[str]) -> bool:
        """Whether a phrase can stand in a message of these canonical words: of most messages it cannot."""
        triggers = self.triggers
        for word in words & triggers.keys():
            partners = triggers[word]
            for second in words & partners.keys():
                if not partners[second].isdisjoint(words):
                    return True
        return False

    def find(self, seen: Mapping[View, Canonical]) -> Iterator[tuple[str, int, int, Canonical]]:
        """Yield (key, start, end, view) of every phrase; start and end (exclusive) count the view's words.

        Args:
            seen: a message as phrases see it.
        """
        if not self.may_stand_in(set(seen["personal"].words)):
            return
        for view, canonical in seen.items():
            whole, lengths, words = self._whole[view], self._lengths[view], canonical.words
            for start, word in enumerate(words):
                for length in lengths.get(word, ()):
                    end = start + length
                    for key in whole.get(words[start:end], ()) if end <= len(words) else ():
                        yield key, start, end, canonical
        sights = {view: Sight(canonical.words) for view, canonical in seen.items()}
        for word in sights["plain"].places:
            for phrase in self._gaps.get(word, ()):
                sight = sights.get(phrase.view)
                if sight is None or not phrase.words <= sight.places.keys():
                    continue
                for start, end in sight.matches(phrase, word):
                    yield phrase.key, start, end, seen[phrase.view]


def expand(phrase: str, same: Callable[[str], str] = str) -> Iterator[list[str]]:
    """Yield the phrases that ``(a|b|)`` choices stand for, each cut at its gaps.

    Args:
        phrase: as written in the data.
        same: what an alternative comes to; of those that come to the same the first is taken.
    """
    parts = _CHOICE.split(phrase)
    choices = [
        list({same(a): a for a in reversed(part.split("|"))}.values()) if i % 2 else [part]
        for i, part in enumerate(parts)
    ]
    for combination in itertools.product(*choices):
        yield "".join(combination).split(GAP)
