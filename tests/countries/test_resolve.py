"""The strongest hint names the country; nothing that a client sends can break it."""

from __future__ import annotations

from typing import Any

import pytest

from baclofen import countries


def code(**hints: Any) -> str | None:
    country = countries.resolve(**hints).country
    return country.code if country else None


HINTS = {
    "said": "DE",
    "given": "GB",
    "phone": "+33612345678",
    "time_zone": "Europe/Rome",
    "locale": "es-ES",
}


def test_the_order_is_said_then_given_then_phone_then_time_zone_then_locale() -> None:
    hints = dict(HINTS)
    for wanted, name in [
        ("DE", "said"),
        ("GB", "given"),
        ("FR", "phone"),
        ("IT", "time_zone"),
        ("ES", "locale"),
    ]:
        place = countries.resolve(**hints)
        assert place.country is not None
        assert place.country.code == wanted
        assert not place.is_default
        del hints[name]


def test_without_a_hint_the_default_country_is_marked_as_only_a_default() -> None:
    place = countries.resolve()
    assert place.country is not None
    assert place.country.code == "US"
    assert place.is_default


@pytest.mark.parametrize(("value", "wanted"), [("GB", "GB"), ("uk", "GB"), ("Ireland", "IE")])
def test_the_default_country_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, value: str, wanted: str
) -> None:
    monkeypatch.setenv("DEFAULT_COUNTRY", value)
    place = countries.resolve()
    assert place.country is not None
    assert place.country.code == wanted
    assert place.is_default


@pytest.mark.parametrize("value", ["", "  ", "XX", "nowhere"])
def test_an_empty_or_unknown_default_is_no_country(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DEFAULT_COUNTRY", value)
    assert countries.resolve() == countries.Place(None, True)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("GB", "GB"), ("gb", "GB"), ("UK", "GB"), (" de ", "DE"), ("Deutschland", "DE"), ("Ireland", "IE")],
)
def test_a_given_code_or_name_is_understood(given: str, wanted: str) -> None:
    assert code(given=given) == wanted


@pytest.mark.parametrize("given", ["XX", "", "GBR!", "../../etc", 44, None, {"a": 1}, ["GB"], True, "🇬🇧"])
def test_an_unknown_given_country_is_ignored_and_the_next_hint_counts(given: Any) -> None:
    assert code(given=given, phone="+353861234567") == "IE"


@pytest.mark.parametrize(
    ("phone", "wanted"),
    [
        ("+14165550123", "CA"),
        ("+12125550123", "US"),
        ("+1 (604) 555-0123", "CA"),
        ("whatsapp:+447911123456", "GB"),
        ("0049 151 23456789", "DE"),
        ("353861234567", "IE"),
        ("+61412345678", "AU"),
        ("+27821234567", "ZA"),
    ],
)
def test_a_phone_prefix_names_its_country(phone: str, wanted: str) -> None:
    assert code(phone=phone) == wanted


@pytest.mark.parametrize(
    "phone", ["07911123456", "2125550123", "+1", "12345", "+18765550123", "+999123456789", "x"]
)
def test_a_national_short_or_foreign_number_names_no_country(phone: str) -> None:
    assert countries.resolve(phone=phone).is_default


@pytest.mark.parametrize(
    ("locale", "wanted"),
    [
        ("en-GB", "GB"),
        ("en_IE", "IE"),
        ("de-AT", "AT"),
        ("zh-Hans-CN", "CN"),
        ("fr-FR,fr;q=0.9", "FR"),
        ("es-MX", "MX"),
    ],
)
def test_a_locale_with_a_region_names_its_country(locale: str, wanted: str) -> None:
    assert code(locale=locale) == wanted


@pytest.mark.parametrize("locale", ["es", "en", "de", "es-419", "zh-Hans", "", "-", "xx-YY"])
def test_a_bare_language_is_no_country(locale: str) -> None:
    assert countries.resolve(locale=locale).is_default


@pytest.mark.parametrize(
    ("zone", "wanted"), [("Europe/Dublin", "IE"), ("Asia/Calcutta", "IN"), ("america/toronto", "CA")]
)
def test_a_time_zone_names_its_country(zone: str, wanted: str) -> None:
    assert code(time_zone=zone) == wanted


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+3", "Mars/Olympus", ""])
def test_a_zone_of_no_country_names_none(zone: str) -> None:
    assert countries.resolve(time_zone=zone).is_default
