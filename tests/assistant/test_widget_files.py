"""The widget's files: what is committed is what the data and the source make, small and cacheable."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant import widget_build, widget_files, widget_words
from baclofen import countries, wording
from baclofen.paths import ROOT
from baclofen.triage import triage

LARGEST = 30 * 1024
"""Bytes that the bundle may have, compressed with gzip."""


def test_the_widget_is_small() -> None:
    assert len(gzip.compress(widget_files.built(), 9)) <= LARGEST


@pytest.mark.parametrize("name", sorted(widget_words.files()))
def test_the_words_and_numbers_are_those_of_the_data(name: str) -> None:
    kept = (widget_words.GENERATED / name).read_text("utf-8")
    assert kept == widget_words.files()[name], "run: make widget"


@pytest.mark.slow
def test_the_bundle_is_what_the_source_builds(tmp_path: Path) -> None:
    try:
        environment = widget_build.node_environment()
    except subprocess.CalledProcessError:
        pytest.skip("no Node on this machine, and none can be had from PyPI")
    copy = tmp_path / "widget"
    shutil.copytree(widget_words.WIDGET, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
    installed = subprocess.run(
        ["npm", "ci", "--silent"], cwd=copy, env=environment, capture_output=True, text=True
    )
    if installed.returncode:
        pytest.skip(f"npm cannot install: {installed.stderr[-200:]}")
    subprocess.run(["node", "build.mjs"], cwd=copy, env=environment, check=True)
    assert (copy / "dist" / "widget.js").read_bytes() == widget_files.built(), "run: make widget"


def test_the_lock_names_every_package_by_hash_and_no_host() -> None:
    lock = json.loads((widget_words.WIDGET / "package-lock.json").read_text("utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert len(packages) > 5
    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert "http" not in json.dumps([p.get("resolved", "") for p in packages.values()])
    wanted = json.loads((widget_words.WIDGET / "package.json").read_text("utf-8"))
    versions = [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]
    assert all(re.fullmatch(r"[0-9.]+", version) for version in versions)


def test_nothing_in_the_source_parses_text_as_markup() -> None:
    for file in (widget_words.WIDGET / "src").rglob("*.js"):
        text = file.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|unsafe(HTML|SVG|CSS)|\beval\(", text), (
            file
        )


def test_a_name_with_a_hash_may_be_kept_and_the_plain_one_must_be_asked_for() -> None:
    plain, kept = widget_files.file("widget.js"), widget_files.file(widget_files.versioned())
    assert plain
    assert kept
    assert plain.body == kept.body
    assert plain.headers["Cache-Control"] == "no-cache"
    assert "immutable" in kept.headers["Cache-Control"]
    assert widget_files.file("widget-0000000000000000.js") is None


@pytest.mark.parametrize("language", wording.languages())
def test_every_language_has_its_words_and_a_button_that_reports_an_emergency(language: str) -> None:
    words = widget_files.file(f"widget-words-{language}.js")
    assert words
    said = wording.load(language)["widget"]
    assert said["overdose"] in words.body.decode()
    assert triage(said["overdose_says"]).level == "emergency"


def test_names_that_are_none_of_ours_are_no_files() -> None:
    for name in ("widget-words-xx.js", "widget-words-../en.js", "widget.css", ""):
        assert widget_files.file(name) is None


def test_the_words_keep_the_same_places_to_fill_in_every_language() -> None:
    english = wording.load()["widget"]
    for language in wording.languages():
        for key, text in wording.load(language)["widget"].items():
            assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", english[key]), f"{language}: {key}"


def test_without_scripts_the_page_names_the_numbers_of_every_country() -> None:
    page = widget_files.page("index.html")
    inside = page[page.index("<noscript>") : page.index("</noscript>")]
    for country in countries.load().values():
        assert f"<li>{country.name}: " in inside
        line = country.emergency[0]
        assert f'<a href="{line.uri}">{line.number}</a>' in inside
    assert "{{" not in page


BASE = {"page", "surface", "ink", "soft", "line", "control", "accent", "link", "focus", "mine", "mine-ink"}
"""Colours that a reader sees side by side."""


def colours(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the custom properties of a sheet that are colours, for light and for dark."""
    light, dark = css.split("prefers-color-scheme: dark", 1)
    dark = dark.split("\n}", 1)[0]
    found = re.compile(r"--([a-z-]+): (?:var\([^,]+, )?(#[0-9a-f]{3,6})")
    return dict(found.findall(light)), dict(found.findall(dark))


@pytest.mark.parametrize("other", ["assistant/page/page.css", "baclofen/fact_book/templates/book.css"])
def test_pages_and_widget_have_the_same_colours(other: str) -> None:
    ours = colours((widget_words.WIDGET / "src" / "styles" / "tokens.js").read_text("utf-8"))
    theirs = colours((ROOT / other).read_text("utf-8"))
    for our, their in zip(ours, theirs, strict=True):
        shared = BASE & their.keys()
        assert len(shared) > 5
        assert {name: their[name] for name in shared} == {name: our[name] for name in shared}
