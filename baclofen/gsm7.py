"""The letters that a plain text message carries, and how long a text is in them."""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38, the basic table: one place each."""

EXTENDED = frozenset("\f^{}\\[~]|€")
"""Its extension: two places each."""


def is_gsm7(text: str) -> bool:
    """Say whether a text message can carry the text at 160 characters instead of 70."""
    return all(char in BASIC or char in EXTENDED for char in text)


def gsm7_length(text: str) -> int:
    """Return how many places the text takes in a GSM-7 message; letters outside GSM-7 count as one."""
    return sum(2 if char in EXTENDED else 1 for char in text)


def fits_one_message(text: str) -> bool:
    """Say whether one text message carries the text: 160 places of GSM-7, else 70 characters."""
    return gsm7_length(text) <= 160 if is_gsm7(text) else len(text.encode("utf-16-le")) <= 140
