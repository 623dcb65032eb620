"""A text with its disguises read through and all else left as typed, for models taught on plain text.

"sh3 st0pp3d br34th1ng" and letters with blanks between them are words again; a model that has only seen plain
words reads them as noise, and noise as anything.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from baclofen import lexicon
from baclofen.spelling import common_words
from baclofen.text import fold, tokens_of, undisguise


def clear(text: str) -> str:
    """Return the text in lower case and without accents, its disguised words replaced by what they stand for.

    Args:
        text: as typed; any length.
    """
    folded, _ = fold(text)
    typed = tokens_of(folded)
    meant = undisguise(typed, _known())
    if meant == typed:
        return folded
    pieces, place = [], 0
    for (start, end), tokens in groupby(meant, key=lambda token: (token.start, token.end)):
        words = " ".join(token.text for token in tokens)
        same = folded[start:end].replace("'", "") == words
        pieces += [folded[place:start], folded[start:end] if same else words]
        place = end
    return "".join([*pieces, folded[place:]])


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return lexicon.load().known | common_words()
