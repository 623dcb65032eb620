"""What becomes of a message when something unrelated stands beside it.

People type "how long do eggs take, and my mum won't wake up". Each labelled message that triage gets right by
itself is joined to harmless ones, drawn at random from the same set, before or behind it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from baclofen.signs import RANK
from baclofen.triage import triage
from evaluation.rows import LabelledSet, Row
from evaluation.score import Share
from evaluation.tables import share_cells, table

JOINERS = {"a full stop": ". ", "a new line": "\n", "a comma": ", ", "nothing": " ", "“and”": " and "}
SHORT = 200
"""Characters of each at most: two longer ones are read in windows, which is another matter."""

GRAVEST = RANK["emergency"]
TIMES = 3
"""How many harmless messages stand beside each, on either side and for each way of joining."""


@dataclass(frozen=True)
class Beside:
    """Shares of messages that keep their level, or a graver one, beside a harmless one.

    Attributes:
        kept: by level, by the name of what joins them.
        calm: two harmless ones together that stay below urgent, by the same names.
    """

    kept: Mapping[str, Mapping[str, Share]]
    calm: Mapping[str, Share]


def measure(labelled: LabelledSet, seed: int = 0) -> Beside:
    """Join the messages of a labelled set and triage them."""
    draw = random.Random(seed)
    short = [row for part in labelled.messages.values() for row in part if len(row.text) <= SHORT]
    right = [row for row in short if triage(row.text).level == row.level]
    harmless = [row for row in right if row.level == "none"]

    def shares(rows: Sequence[Row], least: int, most: int) -> dict[str, Share]:
        return {name: _share(rows, harmless, joiner, least, most, draw) for name, joiner in JOINERS.items()}

    kept = {
        level: shares([row for row in right if row.level == level], RANK[level], GRAVEST)
        for level in ("emergency", "crisis", "urgent")
    }
    return Beside(kept, shares(harmless, 0, RANK["awareness"]))


def _share(
    rows: Sequence[Row], harmless: Sequence[Row], joiner: str, least: int, most: int, draw: random.Random
) -> Share:
    """Say how many joined messages have a level within two ranks."""
    ranks = []
    for row in rows:
        for other in draw.choices(harmless, k=TIMES):
            for one, two in ((row.text, other.text), (other.text, row.text)):
                ranks.append(RANK[triage(one.rstrip(".") + joiner + two).level])
    return Share(sum(least <= rank <= most for rank in ranks), len(ranks))


def beside_table(found: Beside) -> str:
    """Return the shares as a Markdown table."""
    named = {**{f"{level}: still that": shares for level, shares in found.kept.items()}}
    named["two harmless ones: still below urgent"] = found.calm
    rows = [
        (what, name, *share_cells(share)) for what, shares in named.items() for name, share in shares.items()
    ]
    return table(("message", "joined by", "messages", "share", "95 %"), rows)
