"""Names of people as each channel has them, and what a vendor's call looks like on all of them."""

from __future__ import annotations

from tests.channels.vendors import number

CHANNELS = ("sms", "whatsapp", "telegram", "slack", "messenger")

DIALLING = {"US": "+1415", "GB": "+4477", "AU": "+614", "DE": "+4915"}
"""The beginning of a mobile number."""


def somebody(channel: str, country: str = "GB") -> str:
    """Return a new person, as the channel names people."""
    fresh = number()
    if channel in ("sms", "whatsapp"):
        phone = _phone(country, fresh)
        return phone if channel == "sms" else f"whatsapp:{phone}"
    return f"U{fresh}" if channel == "slack" else str(fresh)


def _phone(country: str, fresh: int) -> str:
    lengths = {"US": 7, "GB": 8, "AU": 8, "DE": 9}
    digits = f"{fresh % 10 ** lengths[country]:0{lengths[country]}d}"
    if country == "US":  # an exchange begins with 2 to 9
        digits = "2" + digits[1:]
    return DIALLING[country] + digits


def chat_of(channel: str, person: str) -> str:
    """Return where the answers to a person go."""
    return f"D{person}" if channel == "slack" else person
