"""One look at the words of a message: which languages may find a sign in it, and whom it is about.

Nearly every message holds no sign. A word is looked up once for all languages together and the answer is
kept, so that a further language costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from baclofen import amounts
from baclofen.lexicon import DEFAULT, MATTERS, Lexicon, load_all
from baclofen.spelling import common_words
from baclofen.text import LONGEST_RUN, segment

SPACED = 4
"""Single letters in a row from which on a message may hold a word with its letters spaced out."""
ABOUT = " about"
"""What a word can be beside what the lexicon says: whom or what a message is about."""

Hint = tuple[int, str]
"""A language, by its place, and what a word means to it."""


class Glance(NamedTuple):
    """What one look at a message tells.

    Attributes:
        awake: the languages that may find a sign.
        about: who or what the message is about, by language.
        context: baclofen, a swallowed medicine or the pump is spoken of.
    """

    awake: tuple[Lexicon, ...]
    about: dict[str, frozenset[str]]
    context: bool


class Eye:
    """Looks at messages.

    Args:
        lexicons: of the languages, the default one first if it is among them.
    """

    def __init__(self, lexicons: Sequence[Lexicon]) -> None:
        self._lexicons = lexicons
        self._hints = lru_cache(maxsize=100_000)(self._look_up)
        self._hot = frozenset(
            (place, name) for place, lexicon in enumerate(lexicons) for name in (*lexicon.wakers, ABOUT)
        )

    def _look_up(self, word: str) -> frozenset[Hint]:
        """Return what a word means to each language.

        One that is English too ("kind", "chat") tells other languages nothing of children, cats or doses.
        """
        hints: set[Hint] = set()
        for place, lexicon in enumerate(self._lexicons):
            names = lexicon.may_be(word)
            foreign = lexicon.language != DEFAULT and word in common_words()
            hints.update((place, name) for name in names if not foreign or name[0] != " ")
            if not foreign and any(word in lexicon.words[group] for group in amounts.ABOUT_WORDS):
                hints.add((place, ABOUT))
        return frozenset(hints)

    def look(self, words: Sequence[str], context: bool) -> Glance:
        """Look at the words of a message.

        Args:
            words: plain ones, as typed.
            context: the conversation has already named baclofen or a swallowed medicine.
        """
        seen = frozenset[Hint]().union(*map(self._hints, words))
        hot = seen & self._hot
        spaced = _spaced(words)
        if not (hot or spaced or context):
            return NOTHING
        awake, about = [], {}
        for place, lexicon in enumerate(self._lexicons):
            default = lexicon.language == DEFAULT
            names = {name for at, name in seen if at == place}
            is_open = (context and default) or _hides_words(spaced, lexicon.known)
            if is_open or lexicon.wakes(names, alone=default):
                awake.append(lexicon)
            elif not default:
                continue
            context = context or MATTERS in names
            about[lexicon.language] = about_whom(words, lexicon) if ABOUT in names else frozenset()
        return Glance(tuple(awake), about, context)


def _spaced(words: Sequence[str]) -> frozenset[str]:
    """Return the rows of single letters that may be a word."""
    if list(map(len, words)).count(1) < SPACED:
        return frozenset()
    rows = "".join(word if len(word) == 1 and word.isalpha() else " " for word in words).split()
    return frozenset(row for row in rows if SPACED <= len(row) <= LONGEST_RUN)


def _hides_words(rows: Iterable[str], known: frozenset[str]) -> bool:
    """Whether a row of letters is a word of a language, or several."""
    return any(row in known or segment(row, known) is not None for row in rows)


NOTHING = Glance((), {}, False)


def about_whom(words: Sequence[str], lexicon: Lexicon) -> frozenset[str]:
    """Say who or what a message is about, from its words alone: child, animal, pump, opioid, kidney.

    Kidneys that are said to be well are not spoken of.
    """
    said = set(words)
    found = {name for name in ("pump", "opioid", "kidney") if said & lexicon.words[name]}
    if "kidney" in found and lexicon.pattern("kidneys_work").search(" ".join(words)):
        found.remove("kidney")
    if amounts.about_an_animal(said, lexicon):
        found.add("animal")
    elif said & lexicon.words["child"]:
        found.add("child")
    return frozenset(found)


@lru_cache(maxsize=8)
def eye(lexicon: Lexicon | None) -> Eye:
    """Return the eye of one language; None for that of all."""
    return Eye(load_all() if lexicon is None else (lexicon,))
