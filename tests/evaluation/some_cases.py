"""Held-out messages with votes that are known, for tests of what counts them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from baclofen.signs import LEVELS, RANK, Level
from evaluation.cases import Cases, Findings, Message, Votes, Windows

SURE = 0.92


def chances(level: str, sure: float = SURE) -> np.ndarray:
    """Return chances with one level this likely, the rest alike."""
    rest = (1 - sure) / (len(LEVELS) - 1)
    return np.array([sure if each == level else rest for each in LEVELS], np.float32)


def votes(rows: Sequence[np.ndarray]) -> Votes:
    """Return votes in which all models say the same."""
    each = np.array(rows, np.float32).reshape(len(rows), len(LEVELS))
    scores = np.log(np.maximum(each, 1e-12))
    return Votes(each, scores, scores)


class Builder:
    """Collects cases one by one."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.whole: list[np.ndarray] = []
        self.windows: list[tuple[int, np.ndarray]] = []
        self.findings: list[tuple[int, Level, np.ndarray, bool, bool]] = []

    def add(
        self,
        level: Level,
        read: np.ndarray,
        *,
        windows: Sequence[np.ndarray] = (),
        signs: Sequence[tuple[Level, np.ndarray]] = (),
        long: bool = False,
        bare: bool = False,
        fold: int = 0,
        writer: str = "",
    ) -> Builder:
        """Add a message.

        Args:
            level: its label. read: chances of the whole. windows: chances of each. fold, writer: who was held
                out when it was judged.
            signs: what the rules found, with the chances of the sentence. long: it is read in windows too.
            bare: it says those signs and nothing else.
        """
        owner = len(self.messages)
        self.messages.append(Message(f"message {owner}", level, writer or f"writer_{fold}", fold))
        self.whole.append(read)
        self.windows += [(owner, window) for window in windows]
        self.findings += [(owner, sign, sentence, not long, bare) for sign, sentence in signs]
        return self

    def build(self) -> Cases:
        return Cases(
            tuple(self.messages),
            votes(self.whole),
            Windows(np.array([o for o, _ in self.windows], np.int64), votes([w for _, w in self.windows])),
            Findings(
                np.array([owner for owner, *_ in self.findings], np.int64),
                np.array([RANK[sign] for _, sign, *_ in self.findings], np.int64),
                votes([sentence for _, _, sentence, *_ in self.findings]),
                np.array([short for *_, short, _ in self.findings], bool),
                np.array([bare for *_, bare in self.findings], bool),
            ),
            left_out=0,
        )


def held_out_writers() -> Cases:
    """Ann was held out in folds 0 and 5, Bob in 1 and 5, Cid in 2."""
    cases = Builder()
    for writer, fold in (("ann", 0), ("bob", 1), ("cid", 2), ("ann", 5), ("bob", 5)):
        for level in LEVELS:
            cases.add(level, chances(level), fold=fold, writer=writer)
        cases.add("none", chances("none"), signs=[("urgent", chances("none"))], fold=fold, writer=writer)
    return cases.build()
