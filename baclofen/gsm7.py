"""The letters that a plain text message carries, and how long a text is in them.

A text message holds 160 places of GSM-7 or 70 of UCS-2. A longer text goes in segments of 153 or 67, because
each then carries a header (3GPP TS 23.038 and 23.040).
"""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38, the basic table: one place each."""

EXTENDED = frozenset("\f^{}\\[~]|€")
"""Its extension: two places each."""

PLAIN = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-",
        "\u2026": "...", "\u2022": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2192": "->",
        "\u00ab": '"', "\u00bb": '"', "\u201e": '"', "\u201a": "'", "\t": " ",
    }
)  # fmt: skip
"""Punctuation that GSM-7 lacks, and what says the same in it."""


def is_gsm7(text: str) -> bool:
    """Say whether a text message can carry the text at 160 characters instead of 70."""
    return all(char in BASIC or char in EXTENDED for char in text)


def gsm7_length(text: str) -> int:
    """Return how many places the text takes in a GSM-7 message; letters outside GSM-7 count as one."""
    return sum(2 if char in EXTENDED else 1 for char in text)


def fits_one_message(text: str) -> bool:
    """Say whether one text message carries the text: 160 places of GSM-7, else 70 characters."""
    return segments(text) <= 1


def segments(text: str) -> int:
    """Return how many segments a network bills for the text; an empty one takes one.

    A letter of two places is never cut in two, so a segment may end one place early.
    """
    if is_gsm7(text):
        widths, whole, part = [2 if char in EXTENDED else 1 for char in text], 160, 153
    else:
        widths, whole, part = [len(char.encode("utf-16-le")) // 2 for char in text], 70, 67
    if sum(widths) <= whole:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > part:
            count, used = count + 1, 0
        used += width
    return count


def plain(text: str) -> str:
    """Return the text with punctuation that a text message can carry; letters stay as they are."""
    return text.translate(PLAIN)
