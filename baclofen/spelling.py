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
            if len(word) >= 4 and word.isalpha():
                self._symspell.create_dictionary_entry(word, 1)
        self.correct = lru_cache(maxsize=50_000)(self._correct)

    def _correct(self, word: str) -> str:
        if word in self._slips:
            return self._slips[word]
        if word in self._keep or word in common_words() or len(word) < 4 or not word.isalpha():
            return word
        distance = 1 if len(word) < 8 else 2
        near = self._symspell.lookup(word, Verbosity.CLOSEST, max_edit_distance=distance)
        terms = [hit.term for hit in near if hit.term[0] == word[0] or hit.distance == 1]
        # Of words equally near the one that ends alike ("overdosd": overdosed), then the commoner.
        return max(terms, key=lambda t: (t[-1] == word[-1], frequency(t), t), default=word)

    def repair(self, tokens: list[Token]) -> list[Token]:
        """Return the tokens with misspelt words repaired; the same list when there was nothing to repair."""
        fixed = [self.correct(token.text) for token in tokens]
        if all(word == token.text for word, token in zip(fixed, tokens, strict=True)):
            return tokens
        return [
            Token(part, token.start, token.end)
            for word, token in zip(fixed, tokens, strict=True)
            for part in word.split()
        ]
