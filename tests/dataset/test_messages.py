"""Every labelled message keeps to one form, no message stands twice, and the data card tells the truth."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from baclofen import dataset
from baclofen.dataset import DataError
from baclofen.paths import DATA
from baclofen.signs import LEVELS

FOLDER = DATA / "messages"
FILES = sorted(FOLDER.glob("*.jsonl"))
ROW: dict[str, Any] = {
    "text": "he won't wake up",
    "level": "emergency",
    "signs": ["unrousable"],
    "voice": "wife",
    "lang": "en",
}


def complaint(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        dataset.load_jsonl(path, "message")
    return str(caught.value)


def plain(text: str) -> str:
    """Return the words and symbols of a message, without case, apostrophes and punctuation."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("'", "")
    return " ".join(re.findall(r'\w+|[^\w\s.,;:!?"…–—-]', text))


def test_there_are_messages() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_line_fits_the_schema(path: Path) -> None:
    rows = dataset.load_jsonl(path, "message")  # a DataError names file and line
    assert rows


def test_a_sound_line_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "sound.jsonl"
    row = {**ROW, "set": 1, "tags": ["borderline"]}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert dataset.load_jsonl(path, "message") == [row]


def test_an_unknown_key_is_refused_with_file_and_line(tmp_path: Path) -> None:
    said = complaint(tmp_path / "typo.jsonl", ROW, {**ROW, "levels": "urgent"})
    assert "typo.jsonl:2: unknown key 'levels'; did you mean 'level'?" in said


@pytest.mark.parametrize("level", ["Emergency", "red", ""])
def test_an_unknown_level_is_refused(tmp_path: Path, level: str) -> None:
    assert "typo.jsonl:1: 'level' cannot be" in complaint(tmp_path / "typo.jsonl", {**ROW, "level": level})


@pytest.mark.parametrize("key", ["text", "level", "signs", "voice", "lang"])
def test_a_missing_key_is_refused(tmp_path: Path, key: str) -> None:
    row = {name: value for name, value in ROW.items() if name != key}
    assert f"typo.jsonl:1: missing '{key}'" in complaint(tmp_path / "typo.jsonl", row)


@pytest.mark.parametrize("text", ["", " ", " help", "help\n"])
def test_a_text_is_not_empty_and_has_no_space_around_it(tmp_path: Path, text: str) -> None:
    assert "typo.jsonl:1: 'text'" in complaint(tmp_path / "typo.jsonl", {**ROW, "text": text})


def test_the_schema_knows_the_levels_of_the_code() -> None:
    schema = json.loads((DATA / "schemas" / "message.json").read_text(encoding="utf-8"))
    assert tuple(schema["properties"]["level"]["enum"]) == LEVELS


def test_no_message_stands_twice() -> None:
    seen: dict[str, str] = {}
    twice = []
    for path in FILES:
        for number, row in enumerate(dataset.load_jsonl(path), start=1):
            here = f"{path.name}:{number}"
            first = seen.setdefault(plain(row["text"]), here)
            if first != here:
                twice.append(f"{here} says what {first} says; drop it: {row['text'][:60]!r}")
    assert not twice, "\n".join(twice)


def test_two_messages_that_differ_are_no_doubles() -> None:
    assert plain("She's NOT breathing!!") == plain("shes not breathing")
    assert plain("he isn't breathing") != plain("he is breathing")


def test_the_data_card_counts_what_is_there() -> None:
    counts = {}
    for path in FILES:
        levels = Counter(row["level"] for row in dataset.load_jsonl(path))
        counts[path.stem] = [*(levels[level] for level in LEVELS), levels.total()]
    counts["all"] = [sum(column) for column in zip(*counts.values(), strict=True)]
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    told = {
        name: [int(number) for number in re.findall(r"\d+", numbers)]
        for name, numbers in re.findall(r"^\| (\w+) \|((?: \d+ \|){6})$", card, re.M)
    }
    assert told == counts, "run the command above the table in data/messages/README.md, paste what it prints"
