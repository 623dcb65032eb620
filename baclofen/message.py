"""A message made plain, that still knows what was typed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from baclofen.context import Sentence, sentences
from baclofen.lexicon import DEFAULT, Lexicon
from baclofen.spelling import common_words
from baclofen.text import Token, tokens_of, undisguise


@dataclass(frozen=True)
class Message:
    """A message made plain.

    Attributes:
        text: as typed.
        plain: lower case, without tricks and apostrophes.
        where: for each character of ``plain`` the index it came from.
        lexicon: by which it is read.
    """

    text: str
    plain: str
    where: Sequence[int]
    lexicon: Lexicon

    @cached_property
    def _sentences(self) -> Sequence[Sentence]:
        return sentences(self.plain)

    @cached_property
    def _starts(self) -> Sequence[int]:
        return [sentence.start for sentence in self._sentences]

    @cached_property
    def length(self) -> int:
        """How many words it has."""
        return len(self.plain.split())

    def says(self, name: str) -> bool:
        """Whether a frame or pattern of the lexicon is found anywhere in it."""
        if name not in self._said:
            pattern = self.lexicon.frames.get(name) or self.lexicon.pattern(name)
            self._said[name] = pattern.search(self.plain) is not None
        return self._said[name]

    @cached_property
    def _said(self) -> dict[str, bool]:
        return {}

    def without_figures(self) -> Message:
        """Return the message with its figures of speech blanked out; itself where it has none."""
        plain = self.lexicon.harmless.sub(lambda m: " " * len(m.group()), self.plain)
        return self if plain == self.plain else Message(self.text, plain, self.where, self.lexicon)

    def readings(self) -> Iterator[list[Token]]:
        """Yield the words as typed, without disguise, repaired in one way and another, where these differ."""
        typed = tokens_of(self.plain)
        yield typed
        clear = self._undisguised(typed)
        if clear != typed:
            yield clear
        speller = self.lexicon.speller
        repaired = speller.repair(clear)
        if repaired is not clear:
            yield repaired
            if speller.wavers(clear):
                yield speller.repair(clear, choice=1)

    def _undisguised(self, typed: list[Token]) -> list[Token]:
        english = self.lexicon.language == DEFAULT
        return undisguise(typed, self.lexicon.known, common_words(), contracts=english)

    @cached_property
    def mended(self) -> Message:
        """The message with its words repaired in place; itself where nothing was to be repaired."""
        typed = tokens_of(self.plain)
        repaired = self.lexicon.speller.repair(self._undisguised(typed))
        if repaired == typed:
            return self
        plain, where, place = "", list[int](), 0
        for token in repaired:
            if token.start < place:  # a second word out of one that was run together
                plain, where = f"{plain} {token.text}", [*where, *([where[-1]] * (len(token.text) + 1))]
                continue
            plain += self.plain[place : token.start] + token.text
            where += [*self.where[place : token.start], *([self.where[token.start]] * len(token.text))]
            place = token.end
        plain += self.plain[place:]
        where += self.where[place:]
        return Message(self.text, plain, where, self.lexicon)

    def sentence_at(self, place: int) -> Sentence:
        """Return the sentence at a place of ``plain``."""
        number = bisect_right(self._starts, place) - 1
        if number >= 0 and place < self._sentences[number].end:
            return self._sentences[number]
        return Sentence(self.plain, 0, len(self.plain))

    def typed(self, start: int, end: int) -> str:
        """Return what was typed between two places of ``plain``."""
        return " ".join(self.text[self.where[start] : self.where[end - 1] + 1].split())
