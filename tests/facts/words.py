"""The texts of an answer, for tests."""

from __future__ import annotations

from collections.abc import Iterator

from baclofen.facts import Fact, Words


def texts(fact: Fact) -> Iterator[str]:
    """Yield every text of the answer, those for single countries too."""
    for words in (Words(fact.short, fact.full), *fact.countries.values()):
        yield from (text for text in (words.short, words.full) if text)


def everything(fact: Fact) -> str:
    """Return all of them in one piece, in small letters."""
    return " ".join(texts(fact)).lower()
