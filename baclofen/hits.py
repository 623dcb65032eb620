"""When the words of a sign count: what must be spoken of, who must be there, what must not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits of one sign that overlap keep the longest."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: h.start - h.end):
        first, last = hit.tokens
        if not any(k.sign.key == hit.sign.key and k.tokens[0] <= first and k.tokens[1] >= last for k in kept):
            kept.append(hit)
    return kept


def is_claim(hit: Hit, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether a hit says that it is so: of somebody ("he is limp"), or with a negation ("no pulse")."""
    if not CLAIMING.isdisjoint(hit.canonical.words[hit.start : hit.end]):
        return True
    first = hit.tokens[0]
    for token in reversed(tokens[max(0, first - NEAR) : first]):
        if lexicon.group(token.text) == PERSON:
            return True
        if token.text not in lexicon.fillers:
            return False
    return False


def counts(hit: Hit, tokens: Sequence[Token], message: Message, context: bool) -> bool:
    """Whether the sign's own conditions are met."""
    sign, words = hit.sign, message.lexicon.words
    said = {t.text for t in tokens}
    if sign.needs and not context:
        return False
    if sign.needs == "withdrawal" and not said & (words["pump"] | words["stopping"]):
        return False
    if sign.beside and not said & words[sign.beside]:
        return False
    if sign.unless is None and context:
        return True
    start, end = _sentence(hit, tokens)
    if sign.unless is not None:
        first = message.where[tokens[start].start]
        after = message.where[tokens[end].start] if end < len(tokens) else len(message.text)
        whole = message.text[first:after].lower()  # with its emoji
        if sign.unless.search(whole) and not message.lexicon.pattern("no_joke").search(whole):
            return False
    # A laptop, a boiler or a boss in a game rather than somebody.
    said = {t.text for t in tokens[start:end]}
    return context or not said & words["thing"] or bool(said & words["somebody"])


def is_meant(hit: Hit, hits: Iterable[Hit], message: Message, context: bool) -> bool:
    """Whether a phrase is no figure of speech: the medicine, another sign or a cry bears a weak one out."""
    if not hit.weak or context or len(message.plain.split()) <= BARE:
        return True
    first, last = hit.tokens
    if any(not other.weak and (other.tokens[1] < first or other.tokens[0] > last) for other in hits):
        return True
    return message.lexicon.pattern("borne_out").search(message.plain) is not None


def is_about_nobody(hit: Hit, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether a sign of one word ("collapsed") stands in a sentence that names nobody and says more."""
    if hit.end - hit.start > 1:
        return False
    start, end = _sentence(hit, tokens)
    if hit.tokens[0] == start or end - start <= 4:
        return False
    return not any(lexicon.group(t.text) == PERSON for t in tokens[start:end])


def _sentence(hit: Hit, tokens: Sequence[Token]) -> tuple[int, int]:
    """Return the first token of a hit's sentence and the one after its last."""
    first, last = hit.tokens
    start = max((i + 1 for i in range(first) if tokens[i].text in END_MARKS), default=0)
    end = next((i + 1 for i in range(last + 1, len(tokens)) if tokens[i].text in END_MARKS), len(tokens))
    return start, end
