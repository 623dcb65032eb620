"""Which common English words the sign list of the browser leaves alone, as a filter of bits.

Spelling repair and run-together words never touch a common word (``baclofen/spelling.py``). The whole list
of these is too long to send; kept are those that the reader would otherwise take for another. To make the
file anew after a change of the signs: ``python -m baclofen.browser_guard assistant/widget/signs/guard.txt``.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterable
from pathlib import Path

from baclofen.lexicon import Lexicon, load_all
from baclofen.spelling import common_words
from baclofen.text import Token, undisguise

BITS_A_WORD = 14
"""At 14 bits and nine hashes one word in 800 is wrongly held to be common, none wrongly not."""
HASHES = 9
_SEEDS = 2166136261, 84696351
_MASK = 0xFFFFFFFF


def words() -> set[str]:
    """Return the common words that a reader without their list would take for others; takes half a minute."""
    lexicons = load_all()
    return {word for word in common_words() if any(_is_taken(word, lexicon) for lexicon in lexicons)}


def _is_taken(word: str, lexicon: Lexicon) -> bool:
    """Whether a reader would repair it, or read it as several words run together."""
    if lexicon.speller.nearest(word) != (word,):
        return True
    if word in lexicon.known:
        return False
    typed = [Token(word, 0, len(word))]
    return undisguise(typed, lexicon.known) != undisguise(typed, lexicon.known, common_words())


def pack(guarded: Iterable[str]) -> str:
    """Return a filter of words, base64: what ``Guard`` of ``spelling.js`` reads."""
    guarded = set(guarded)
    bits = bytearray(len(guarded) * BITS_A_WORD // 8 + 1)
    for word in guarded:
        first, step = (_hash(word, seed) for seed in _SEEDS)
        for number in range(HASHES):
            bit = (first + number * (step | 1) & _MASK) % (len(bits) * 8)
            bits[bit >> 3] |= 1 << (bit & 7)
    return base64.b64encode(bits).decode()


def _hash(word: str, seed: int) -> int:
    value = seed
    for char in word:
        value = ((value ^ ord(char)) * 16777619) & _MASK
    return value ^ (value >> 15)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(pack(words()) + "\n", "ascii")
