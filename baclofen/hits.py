"""When the words of a sign count: what must be spoken of, who must be there, what must not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from baclofen import amounts
from baclofen.lexicon import NOT, UNSURE, Hit, Lexicon
from baclofen.message import Message
from baclofen.phrases import PERSON
from baclofen.text import END_MARKS, Token

CLAIMING = frozenset([PERSON, NOT, UNSURE, "NOTHING", "BARELY"])
"""Groups of words that make a phrase a claim: that it is so, with this person."""
BARE = 3
"""Words of a message that says nothing but the sign: "she passed out"."""
NEAR = 3
"""Tokens between a sign and the one it is said of, small words only."""
EMOJI_AFTER = 8
"""Characters after a sentence that may be its emoji."""
WINDOW = 80
"""Tokens of its sentence that are looked at on either side of a sign."""


@dataclass(frozen=True)
class Scene:
    """One reading of a message with everything that was found in it.

    Attributes:
        message: that is read.
        tokens: the reading.
        hits: the longest phrases of each sign.
        context: the medicine plays a part in the message.
    """

    message: Message
    tokens: Sequence[Token]
    hits: Sequence[Hit]
    context: bool

    @property
    def lexicon(self) -> Lexicon:
        return self.message.lexicon

    @cached_property
    def said(self) -> frozenset[str]:
        """The words of the reading."""
        return frozenset(token.text for token in self.tokens)

    @cached_property
    def holders(self) -> dict[int, list[Hit]]:
        """Which hits a token is part of."""
        holders: dict[int, list[Hit]] = {}
        for hit in self.hits:
            first, last = hit.tokens
            for place in range(first, last + 1):
                holders.setdefault(place, []).append(hit)
        return holders

    @cached_property
    def extent(self) -> tuple[int, int]:
        """Return where the first strong hit ends and where the last one begins."""
        strong = [hit.tokens for hit in self.hits if not hit.weak]
        return (
            min((last for _, last in strong), default=len(self.tokens)),
            max((first for first, _ in strong), default=-1),
        )

    def sentence(self, hit: Hit) -> tuple[int, int]:
        """Return the first token of a hit's sentence and the one after its last, as far as is looked at."""
        tokens = self.tokens
        first, last = hit.tokens
        start = first
        while start > max(0, first - WINDOW) and tokens[start - 1].text not in END_MARKS:
            start -= 1
        end = last + 1
        while end < min(len(tokens), last + WINDOW) and tokens[end - 1].text not in END_MARKS:
            end += 1
        return start, end

    def counts(self, hit: Hit) -> bool:
        """Whether the sign's own conditions are met."""
        sign, words = hit.sign, self.lexicon.words
        if sign.needs and not self.context:
            return False
        if sign.needs == "withdrawal" and not self.said & (words["pump"] | words["stopping"]):
            return False
        if sign.beside and not self.said & words[sign.beside]:
            return False
        if sign.unless is not None and self._is_joke(sign.unless, *self.sentence(hit)):
            return False
        # A laptop, a boiler or a boss in a game rather than somebody.
        return self.context or not amounts.is_of("thing", self.tokens, self.core(hit), self.lexicon)

    def _is_joke(self, unless: re.Pattern[str], start: int, end: int) -> bool:
        """Whether what a sentence says, its emoji included, makes a sign something else."""
        message, tokens = self.message, self.tokens[start:end]
        first, last = message.where[tokens[0].start], message.where[tokens[-1].end - 1]
        emoji = "".join(c for c in message.text[first : last + EMOJI_AFTER] if not c.isascii())
        said = " ".join(token.text for token in tokens) + f" {emoji}"
        return unless.search(said) is not None and not self.lexicon.pattern("no_joke").search(said)

    def is_meant(self, hit: Hit) -> bool:
        """Whether a phrase is no figure of speech: medicine, another sign or a cry bears a weak one out."""
        if not hit.weak or self.context or self.message.length <= BARE:
            return True
        first, last = hit.tokens
        ends, begins = self.extent
        return ends < first or begins > last or self.message.says("borne_out")

    def is_claim(self, hit: Hit) -> bool:
        """Whether a hit says that it is so: of somebody ("he is limp"), or denying ("no pulse")."""
        if not CLAIMING.isdisjoint(hit.canonical.words[hit.start : hit.end]):
            return True
        first, last = hit.tokens
        answer = [token.text for token in self.tokens[last + 1 : last + 3]]
        if len(answer) == 2 and answer[0] in "?:" and answer[1] in self.lexicon.words["confirmed_after"]:
            return True
        for token in reversed(self.tokens[max(0, first - NEAR) : first]):
            if self.lexicon.group(token.text) == PERSON:
                return True
            if token.text not in self.lexicon.fillers:
                return False
        return False

    def core(self, hit: Hit) -> int:
        """Return the token where the sign itself begins, whom it is said of and small words left out."""
        first, last = hit.tokens
        for place in range(first, last):
            text = self.tokens[place].text
            if text not in self.lexicon.fillers and self.lexicon.group(text) != PERSON:
                return place
        return last

    def is_about_nobody(self, hit: Hit) -> bool:
        """Whether a sign of one word ("collapsed") stands in a sentence that names nobody and says more."""
        if hit.end - hit.start > 1:
            return False
        start, end = self.sentence(hit)
        if hit.tokens[0] == start or end - start <= 4:
            return False
        return not any(self.lexicon.group(t.text) == PERSON for t in self.tokens[start:end])


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits of one sign that lie in one another keep the longest."""
    kept: list[Hit] = []
    reach: dict[str, int] = {}
    for hit in sorted(hits, key=lambda h: (h.tokens[0], -h.tokens[1], h.start - h.end)):
        last = hit.tokens[1]
        if last > reach.get(hit.sign.key, -1):
            reach[hit.sign.key] = last
            kept.append(hit)
    return kept
