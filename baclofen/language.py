"""The language that a message is written in, by the small words that give it away (``data/languages.yml``).

Messages here are short, hasty and without accents. On the labelled ones the words tell more than the usual
detectors of whole texts do (langid, CLD, fastText), above all that English is English; they need no library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from baclofen.dataset import load_yaml
from baclofen.paths import DATA
from baclofen.text import fold

LONGEST = 1500
"""Characters that are read; they tell the language of the rest."""

ENOUGH = 0.5
"""What the words must weigh; one that no other language has weighs 1, one that two share a half each."""

AHEAD, TIMES = 0.3, 1.1
"""By how much the best language must lead the next: as a difference and as a ratio."""

_WORD = re.compile(r"(?<!\w)(?:[^\W\d_]{2,}'?|[^\W\d_]')(?!\d)")


def detect(text: str) -> str | None:
    """Return ``en``, ``es``, ``fr``, ``de``, ``pt`` or ``it``; None where a message does not tell.

    Numbers, names and words that several languages share tell nothing.

    Raises:
        DataError: the words cannot be read.
    """
    languages, words, letters = _known()
    text = text[:LONGEST].lower()
    weights = dict.fromkeys(languages, 0.0)
    for word in set(_WORD.findall(fold(text)[0])):
        sharing = words.get(word, ())
        for language in sharing:
            weights[language] += 1 / len(sharing)
    if not text.isascii():
        for letter in letters.keys() & set(text):
            weights[letters[letter]] += 1
    best, next_best = sorted(weights, key=weights.__getitem__, reverse=True)[:2]
    enough = max(ENOUGH, weights[next_best] + AHEAD, weights[next_best] * TIMES)
    return best if weights[best] >= enough else None


@lru_cache(maxsize=1)
def _known() -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]], Mapping[str, str]]:
    """Return the languages, the languages of each word, and the language of each telling letter."""
    data = load_yaml(DATA / "languages.yml", "languages")
    words: dict[str, tuple[str, ...]] = {}
    for language, row in data.items():
        for word in {fold(word)[0] for word in row["words"]}:
            words[word] = (*words.get(word, ()), language)
    letters = {letter: language for language, row in data.items() for letter in row["letters"]}
    return tuple(data), words, letters
