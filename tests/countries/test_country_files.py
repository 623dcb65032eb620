"""The country files hold numbers that somebody checked, in an order that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from baclofen import countries, dataset, paths
from baclofen.paths import DATA

TWELVE = ["US", "CA", "GB", "IE", "AU", "NZ", "IN", "ZA", "DE", "FR", "ES", "IT"]
FILES = sorted((DATA / "countries").glob("*.yml"))
ALL = sorted(countries.load().values(), key=lambda country: country.code)


def test_every_file_is_read_and_the_twelve_are_there() -> None:
    assert len(ALL) == len(FILES)
    assert set(TWELVE) <= set(countries.load())


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("US", "911"),
        ("CA", "911"),
        ("GB", "999"),
        ("IE", "112"),
        ("AU", "000"),
        ("NZ", "111"),
        ("IN", "112"),
        ("ZA", "112"),
        ("DE", "112"),
        ("FR", "15"),
        ("ES", "112"),
        ("IT", "112"),
    ],
)
def test_the_first_emergency_number_is_the_right_one(code: str, number: str) -> None:
    assert countries.load()[code].emergency[0].number == number


@pytest.mark.parametrize("code", ["GB", "IE", "FR", "AU"])
def test_where_112_works_beside_the_national_number_both_are_named_first(code: str) -> None:
    named = {line.number for line in countries.load()[code].emergency if line.first_words}
    assert "112" in named
    assert len(named) == 2


@pytest.mark.parametrize("country", ALL, ids=lambda country: country.code)
def test_a_number_that_nobody_checked_is_never_first(country: countries.Country) -> None:
    assert country.emergency[0].checked
    for kind in countries.KINDS:
        lines = getattr(country, kind)
        if any(line.checked for line in lines):
            assert lines[0].checked


@pytest.mark.parametrize("country", ALL, ids=lambda country: country.code)
def test_a_link_dials_the_number_that_is_shown(country: countries.Country) -> None:
    for kind in countries.KINDS:
        for line in getattr(country, kind):
            digits = "".join(filter(str.isdigit, line.number))
            assert line.uri in (f"tel:{digits}", f"sms:{digits}")
            assert not line.checked or line.checked_on


def test_the_check_of_the_data_finds_nothing_in_the_country_files() -> None:
    found = [problem for problem in dataset.check() if "countries/" in problem.file]
    assert not found, "\n".join(map(str, found))


SOUND = (DATA / "countries" / "NZ.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("languages:", "langauges:", "langauges"),
        ("    checked: true", "    chekced: true", "chekced"),
        ('number: "111"', "number: 111", "quotes"),
        ('uri: "tel:111"', 'uri: "http://111"', "uri"),
    ],
)
def test_an_unknown_key_or_an_unquoted_number_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    path = tmp_path / "NZ.yml"
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(dataset.DataError, match=says):
        countries.read(path)


def test_a_sound_file_is_not_refused(tmp_path: Path) -> None:
    path = tmp_path / "NZ.yml"
    path.write_text(SOUND, encoding="utf-8")
    assert countries.read(path).code == "NZ"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('code: "NZ"', 'code: "AU"', "called"),
        ("    first_words: true\n", "", "first_words"),
        ('    checked_on: "2026-11-22"\n', "", "checked_on"),
    ],
)
def test_the_check_complains_of_a_file_that_would_mislead(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    path = tmp_path / "NZ.yml"
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    problems = list(countries.check_countries({path: dataset.load_yaml(path, "country")}, tmp_path))
    assert any(says in str(problem) for problem in problems)


def test_one_broken_country_leaves_the_others_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "countries"
    folder.mkdir()
    for file in FILES:
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "NZ.yml").write_text("code: [", encoding="utf-8")
    monkeypatch.setattr(paths, "DATA", tmp_path)
    left = countries.load.__wrapped__()
    assert "NZ" not in left
    assert len(left) == len(FILES) - 1
