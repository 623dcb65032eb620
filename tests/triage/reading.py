"""What the tests of the rule reader share: the level of a text, and the sentences that its data bring."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from baclofen import lexicon, rules
from baclofen.dataset import load_yaml
from baclofen.lexicon import Lexicon
from baclofen.paths import DATA
from baclofen.signs import RANK, Level, highest

SIGNS: list[dict[str, Any]] = load_yaml(DATA / "signs" / "en.yml", "signs")["signs"]
"""The English signs, as in the file."""


class Pair(NamedTuple):
    """Two messages that differ in what matters, and the level of each."""

    report: str
    level: Level
    calm: str
    calm_level: Level


PAIRS = [Pair(*row) for row in yaml.safe_load(Path(__file__).with_name("pairs.yml").read_text("utf-8"))]
MUST = [(sign["key"], sign["level"], text) for sign in SIGNS for text in sign["must_match"]]
"""Sentences that show a sign."""
MUST_NOT = [(sign["key"], sign["level"], text) for sign in SIGNS for text in sign["must_not_match"]]
"""Sentences that do not."""
GRAVE = [text for _, level, text in MUST if level == "emergency"]
"""Sentences that are an emergency."""


def level_of(text: str, english: Lexicon | None = None, context: bool = False) -> Level:
    """Return the level of a text by the English rules alone."""
    reading = rules.read(text, english or lexicon.load(), context)
    return highest(finding.sign.level for finding in reading.findings)


def rank(text: str) -> int:
    """Return the level of a text as a number; graver is more."""
    return RANK[level_of(text)]
