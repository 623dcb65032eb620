"""A copy of ``data/`` with so many times the signs or the facts."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from baclofen.dataset import load_yaml
from baclofen.paths import DATA

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LINES = ("phrases", "weak", "exact")


def name(number: int) -> str:
    """Return a word for the number of a copy; it is in no message."""
    found = ""
    while number:
        number, rest = divmod(number, len(LETTERS))
        found += LETTERS[rest]
    return f"zq{found}"


def signs(data: dict[str, Any], factor: int) -> dict[str, Any]:
    """Return the data of a language with copies of its signs.

    The phrases of a copy hold all the words of the first and one more: they are looked at as often, which is
    the dearest way to grow.
    """
    grown = copy.deepcopy(data)
    for number in range(1, factor):
        word = name(number)
        for row in data["signs"]:
            lines = {kind: [f"{phrase} {word}" for phrase in row[kind]] for kind in LINES if kind in row}
            grown["signs"].append({**row, **lines, "key": f"{row['key']}_{word}"})
    return grown


def facts(topic: dict[str, Any], factor: int) -> dict[str, Any]:
    """Return a topic with copies of its facts."""
    copies = [
        {**fact, "id": f"{fact['id']}_{name(number)}"}
        for number in range(1, factor)
        for fact in topic["facts"]
    ]
    return {**topic, "facts": [*topic["facts"], *copies]}


def write(kind: str, factor: int, folder: Path, source: Path = DATA) -> None:
    """Write the copy; what does not grow is linked to.

    Args:
        kind: ``signs`` (the English ones) or ``facts``.
    """
    folder.mkdir(parents=True)
    for path in source.iterdir():
        if path.name != kind:
            (folder / path.name).symlink_to(path)
    (folder / kind).mkdir()
    for path in (source / kind).iterdir():
        if kind == "signs" and path.stem != "en":
            (folder / kind / path.name).symlink_to(path)
            continue
        data = load_yaml(path, kind)
        grown = signs(data, factor) if kind == "signs" else facts(data, factor)
        # JSON is YAML as well, and written at once
        (folder / kind / path.name).write_text(json.dumps(grown, ensure_ascii=False, indent=1), "utf-8")
