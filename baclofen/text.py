"""From what a person typed to plain lower-case tokens that still know where they stood.

Everything here keeps offsets into the original text, because a reply quotes the user's own words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

# Letters of other alphabets that look like Latin ones (Unicode TR39 confusables, the common part).
HOMOGLYPHS = str.maketrans(
    "аеорсухіјѕһԁԛԝкмтнвгпαβεικνορτυχωϲѵɡıℓ",
    "aeopcyxijshdqwkmthbrnabeiknoptuxwcvgil",
)
QUOTES = "’‘`´ʼ′＇‛"
DASHES = "‐‑‒–—―−"
END_MARKS = frozenset(".!?;\n…")
CLAUSE_MARKS = END_MARKS | frozenset(':()"')

EMOJI_WORDS = {
    "💊": "pill",
    "🍼": "baby",
    "👶": "baby",
    "🚑": "ambulance",
    "🆘": "help",
    "🤮": "vomiting",
    "🤢": "nausea",
    "🍺": "beer",
    "🍷": "wine",
    "🍻": "beers",
    "🥃": "whisky",
    "🍸": "cocktail",
    "🐶": "dog",
    "🐕": "dog",
    "🐱": "cat",
    "🐈": "cat",
    "🧒": "child",
    "👧": "girl",
    "👦": "boy",
    "👅": "swallowed",
    "😴": "sleeping",
    "🥶": "freezing cold",
    "🫁": "breathing",
    "💔": "heartbroken",
}
LONGEST_RUN = 40
"""Letters of words run together, or spaced out, that are read."""
LONGEST_PART = 16
"""Letters of a word that is looked for in what was run together."""
LEET = str.maketrans("013457@$!", "oieastasi")
_OD = re.compile(r"\b(o)[.']?(d)(['’]d|ed)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,80}>")
_TOKEN = re.compile(r"\d+[.,]\d+[^\W_]*|[^\W_]+(?:['*@$][^\W_]+)*|[.,!?;:()\"\n…]|%|°")
_SHORT_UNIT = re.compile(
    r"\d+(?:[.,]\d+)?(?:mg|ml|mcg|g|kg|lb|x|h|hr|hrs|st|nd|rd|th|yo|yr|yrs|am|pm|m|s|f|c|k|min|mins|bpm)?\Z"
)


class Token(NamedTuple):
    """A word or a mark.

    Attributes:
        text: lower case, without accents, apostrophes and tricks.
        start, end: where it stood in the original text, in characters.
    """

    text: str
    start: int
    end: int


class Joined:
    """Words with blanks between them, that know where each begins.

    Attributes:
        text: the words as one text.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.text = " ".join(words)
        self._starts = list(accumulate((len(word) + 1 for word in words), initial=0))

    def place(self, at: int) -> int:
        """Return which word stands at a character."""
        return bisect_right(self._starts, at) - 1

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the characters of some words begin and end."""
        return self._starts[first], self._starts[last + 1] - 1


def fold(text: str) -> tuple[str, list[int] | None]:
    """Return the text in plain lower-case letters, and for each of its characters the index it came from.

    The index list is None where nothing moved. Accents, zero-width and combining characters are dropped,
    look-alike letters and full-width forms become Latin, markup becomes blanks, known emoji become words.
    """
    text = _TAG.sub(lambda tag: " " * len(tag.group()), text)
    text = _OD.sub(lambda od: "oded".ljust(len(od.group())), text)
    if text.isascii():
        return text.lower(), None
    out: list[str] = []
    where: list[int] = []
    for index, char in enumerate(text):
        for piece in _fold_char(char):
            out.append(piece)
            where.append(index)
    return "".join(out), where


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if char in QUOTES:
        return "'"
    if char in DASHES:
        return "-"
    if char in EMOJI_WORDS:
        return f" {EMOJI_WORDS[char]} "
    kept = []
    for piece in unicodedata.normalize("NFKD", char):
        category = unicodedata.category(piece)
        if category in ("Mn", "Me", "Cf"):
            continue
        if category in ("Cs", "Co", "Cn", "Cc", "So", "Sk") and piece != "\n":
            kept.append(" ")
        else:
            kept.append(piece.lower().translate(HOMOGLYPHS))
    return "".join(kept)


def tokenise(text: str) -> list[Token]:
    """Split into words and marks; apostrophes vanish, so ``can't`` and ``cant`` are one."""
    folded, where = fold(text)
    if where is None:
        return tokens_of(folded)
    return [Token(t.text, where[t.start], where[t.end - 1] + 1) for t in tokens_of(folded)]


def tokens_of(folded: str) -> list[Token]:
    """Split folded text into words and marks; the tokens know where they stand in it."""
    return [Token(m.group().replace("'", ""), m.start(), m.end()) for m in _TOKEN.finditer(folded)]


def words_of(folded: str) -> list[str]:
    """Return the words and marks of folded text that holds no apostrophes."""
    words: list[str] = _TOKEN.findall(folded)
    return words


def undisguise(
    tokens: list[Token],
    known: frozenset[str],
    real: frozenset[str] = frozenset(),
    contracts: bool = True,
) -> list[Token]:
    """Read through digits for letters, stretched words, spaced-out letters and run-together words.

    Args:
        tokens: as typed.
        known: words that a reading may produce; nothing else is touched.
        real: words that are never several run together: "imagining" is not "im a gin ...".
        contracts: a final s may be a verb, as in "her chest's going".

    Returns:
        The tokens under the likeliest reading; the same list where there was no disguise.
    """
    tokens = _join_spaced_letters(tokens, known)
    result: list[Token] = []
    for token in tokens:
        word = token.text
        if word in known or not word:
            result.append(token)
            continue
        plain = _squeeze(_leet(word), known)
        if contracts and plain not in known and plain.endswith("s") and plain[:-1] in known:
            plain = plain[:-1]
        if plain in known:
            result.append(Token(plain, token.start, token.end))
            continue
        runs = 7 <= len(plain) <= LONGEST_RUN and plain.isalpha() and plain not in real
        parts = segment(plain, known) if runs else None
        if parts is None:
            result.append(token)
        else:
            result.extend(Token(part, token.start, token.end) for part in parts)
    return result


def _leet(word: str) -> str:
    if word.isalpha() or not any(c.isalpha() for c in word) or _SHORT_UNIT.match(word):
        return word
    return word.translate(LEET).replace("*", "")


def _squeeze(word: str, known: frozenset[str]) -> str:
    """Shorten letters that stand three times or more; a doubled one stays if that makes a known word."""
    if not re.search(r"(.)\1\1", word):
        return word
    double = re.sub(r"(.)\1{2,}", r"\1\1", word)
    return double if double in known else re.sub(r"(.)\1{2,}", r"\1", word)


def _join_spaced_letters(tokens: list[Token], known: frozenset[str]) -> list[Token]:
    result: list[Token] = []
    run: list[Token] = []

    def flush() -> None:
        if 4 <= len(run) <= LONGEST_RUN:
            word = "".join(t.text for t in run)
            parts = [word] if word in known else segment(word, known)
            if parts:
                result.extend(Token(part, run[0].start, run[-1].end) for part in parts)
                run.clear()
                return
        result.extend(run)
        run.clear()

    for token in tokens:
        if len(token.text) == 1 and token.text.isalpha():
            run.append(token)
        else:
            flush()
            result.append(token)
    flush()
    return result


@lru_cache(maxsize=20_000)
def segment(word: str, known: frozenset[str]) -> tuple[str, ...] | None:
    """Split a run-together word into known ones, as few as possible; None when it does not go up."""
    size = len(word)
    if not any(word[start:] in known for start in range(max(0, size - LONGEST_PART), size)):
        return None  # no last part: so it is with nearly all that is no words
    best: list[tuple[str, ...] | None] = [None] * (size + 1)
    best[0] = ()
    for end in range(1, size + 1):
        for start in range(max(0, end - LONGEST_PART), end):
            before = best[start]
            part = word[start:end]
            if before is None or part not in known or (len(part) == 1 and part not in "ia"):
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or ()):
                best[end] = (*before, part)
    found = best[-1]
    if found is None or len(found) > 1 + len(word) // 3:
        return None
    return found
