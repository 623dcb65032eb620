"""Spelling repair towards the words that matter, guarded by a list of common English words.

SymSpell (symspellpy) finds the nearest word of the lexicon; a token among the commonest words of its
bundled frequency list is never touched, which removes practically all false hits.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

from baclofen.text import Token

SHORTEST = 4  # letters of a word that is corrected towards; the typed one may have lost one
COMMON_WORDS = 82_000  # nearly the whole list: "giggling" must not become "gurgling"
DICTIONARY = "frequency_dictionary_en_82_765.txt"


@lru_cache(maxsize=1)
def _frequencies() -> dict[str, int]:
    lines = files("symspellpy").joinpath(DICTIONARY).read_text("utf-8-sig").splitlines()
    return {word: int(count) for word, count in (line.split(" ", 1) for line in lines)}


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the commonest English words, from symspellpy's frequency list."""
    return frozenset(list(_frequencies())[:COMMON_WORDS])


def frequency(word: str) -> int:
    """Return how often a word stands in the text that symspellpy's list was counted in; 0 when never."""
    return _frequencies().get(word, 0)


class Speller:
    """Corrects single words towards a vocabulary.

    Args:
        vocabulary: words to correct towards.
        never: words that are real and must stay, beside the common ones.
        slips: wrong form -> right form, for slips that are words themselves or lie too far.
    """

    def __init__(self, vocabulary: Iterable[str], never: Iterable[str], slips: dict[str, str]) -> None:
        self.vocabulary = frozenset(vocabulary)
        self._keep = frozenset(never) | self.vocabulary
        self._slips = slips
        self._symspell = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word in self.vocabulary:
            if len(word) >= SHORTEST and word.isalpha():
                self._symspell.create_dictionary_entry(word, 1)
        self.candidates = lru_cache(maxsize=50_000)(self._candidates)

    def _candidates(self, word: str) -> tuple[str, ...]:
        """Return what a word may be meant for, the likeliest first; the word itself where it stays."""
        if word in self._slips:
            return (self._slips[word],)
        return (word,) if word in common_words() else self.nearest(word)

    def nearest(self, word: str) -> tuple[str, ...]:
        """Return the words of the vocabulary that are nearest to one, were it no common word."""
        if not self.vocabulary or word in self._keep or len(word) < SHORTEST - 1 or not word.isalpha():
            return (word,)
        distance = 1 if len(word) < 8 else 2
        near = self._symspell.lookup(word, Verbosity.CLOSEST, max_edit_distance=distance)
        terms = [hit.term for hit in near if hit.term[0] == word[0] or hit.distance == 1]
        # Of words equally near the one that ends alike ("overdosd": overdosed), then the commoner.
        terms.sort(key=lambda t: (t[-1] == word[-1], frequency(t), t), reverse=True)
        return tuple(terms) or (word,)

    def correct(self, word: str) -> str:
        """Return what a word is meant for, or the word itself."""
        return self.candidates(word)[0]

    def repair(self, tokens: list[Token], choice: int = 0) -> list[Token]:
        """Return the tokens with misspelt words repaired; the same list when there was nothing to repair.

        Args:
            tokens: as typed.
            choice: 0 takes the likeliest word, 1 the next one where two are equally near.
        """
        fixed = [self._choose(token.text, choice) for token in tokens]
        if all(word == token.text for word, token in zip(fixed, tokens, strict=True)):
            return tokens
        return [
            Token(part, token.start, token.end)
            for word, token in zip(fixed, tokens, strict=True)
            for part in word.split()
        ]

    def _choose(self, word: str, choice: int) -> str:
        found = self.candidates(word)
        return found[min(choice, len(found) - 1)]

    def wavers(self, tokens: list[Token]) -> bool:
        """Whether a misspelt word may be meant for either of two."""
        return any(len(self.candidates(token.text)) > 1 for token in tokens)
