"""The country of a telephone number, for channels that know their users by one."""

from __future__ import annotations

from baclofen import countries


def country_of(number: str) -> str | None:
    """Return the code of the country whose numbers its owner should get, None where it is none of ours.

    ``+1`` is told apart by area code. A territory without a file of its own (Jersey, say) gets the country
    whose prefix it shares.

    Args:
        number: in E.164 form, ``+447700900123``; anything before a colon (``whatsapp:``) is passed over.
    """
    import phonenumbers  # takes a twentieth of a second, which nobody without such a channel should wait

    digits = number.rpartition(":")[2].strip()
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(digits, None))
    except phonenumbers.NumberParseException:
        region = None
    return region if region in countries.load() else countries.code_of_phone(digits)
