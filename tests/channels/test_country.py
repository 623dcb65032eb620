"""The country of a sender: from the number where the channel has one, from a locale with a region."""

from __future__ import annotations

import pytest

from baclofen.phone_country import country_of
from tests.channels.people import somebody
from tests.channels.vendors import TelegramCaller, TwilioCaller, Vendors

EMERGENCY = "he is not breathing"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+447700900123", "GB"),
        ("+61491570156", "AU"),
        ("+4915123456789", "DE"),
        ("+14155550123", "US"),
        ("+14165550123", "CA"),
        ("+16045550123", "CA"),
        ("whatsapp:+14165550123", "CA"),
        ("whatsapp:+33612345678", "FR"),
        ("+441481960194", "GB"),  # Guernsey has the numbers of the United Kingdom
        ("+441534440000", "GB"),
        ("+18765550123", None),  # Jamaica shares +1, and has no file
        ("+6681234567", None),
        ("+1", None),
        ("12345", None),
        ("", None),
        ("whatsapp:", None),
        ("Anna", None),
    ],
)
def test_a_number_tells_its_country(number: str, code: str | None) -> None:
    assert country_of(number) == code


@pytest.mark.parametrize(
    ("number", "first"),
    [
        ("+4477", "999"),
        ("+614", "000"),
        ("+4915", "112"),
        ("+1415", "911"),
        ("+1416", "911"),
    ],
)
def test_a_text_message_gets_the_number_of_its_country(
    sms: TwilioCaller, whatsapp: TwilioCaller, vendors: Vendors, number: str, first: str
) -> None:
    code = {"+4477": "GB", "+614": "AU", "+4915": "DE"}.get(number, "US")
    person = somebody("sms", code).replace("+1415", number)
    for caller, to in ((sms, person), (whatsapp, f"whatsapp:{person}")):
        caller.say(EMERGENCY, to)
        said = vendors.wait(to)[0].text
        assert f"Call {first}" in said
        assert "Elsewhere" not in said


def test_a_number_of_no_country_of_ours_gets_the_default_with_112_beside_it(
    sms: TwilioCaller, vendors: Vendors
) -> None:
    person = somebody("sms").replace("+4477", "+6681")
    sms.say(EMERGENCY, person)
    said = vendors.wait(person)[0].text
    assert "911" in said
    assert "Elsewhere: 112" in said


def test_what_the_user_says_wins_over_the_number(sms: TwilioCaller, vendors: Vendors) -> None:
    person = somebody("sms", "GB")
    sms.say("we are in Australia. he is not breathing", person)
    assert "Call 000" in vendors.wait(person)[0].text


LOCALES = [("en-GB", "999"), ("de-at", "144"), ("en", "911"), ("de", "911")]


@pytest.mark.parametrize(("code", "first"), LOCALES)
def test_a_locale_tells_a_country_only_with_a_region(
    telegram: TelegramCaller, vendors: Vendors, code: str, first: str
) -> None:
    person = somebody("telegram")
    telegram.say(EMERGENCY, person, user={"language_code": code})
    said = vendors.wait(person)[0].text
    assert f"Call {first}" in said
    assert ("Elsewhere: 112" in said) == (code in ("en", "de"))
