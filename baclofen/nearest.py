"""The curated questions nearest to a message that was not understood: meaning and classifier together.

The rankings are joined by reciprocal rank fusion (Cormack, Clarke and Buettcher 2009): it needs no scale that
they share, and a fact that one of them ranks high comes out high.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from baclofen.encoder import Encoder
from baclofen.facts import Fact

NEAREST = "nearest"
"""Key of the understood message: ids of the nearest facts, the nearest first."""

MOST = 5
"""Facts that are named."""

DAMPING = 10
"""Of the first ranks; 60 in the paper, for rankings of hundreds."""


class Nearest:
    """Ranks facts by a message.

    Args:
        encoder: puts texts into one space. facts: by id; their questions and short answers are read.
    """

    def __init__(self, encoder: Encoder, facts: Mapping[str, Fact]) -> None:
        self._encoder = encoder
        self._ids = list(facts)
        self._questions = encoder.embed([fact.question for fact in facts.values()])
        self._answers = encoder.embed([fact.short for fact in facts.values()])

    def ranked(self, text: str, classified: Sequence[str]) -> list[str]:
        """Return the ids of the nearest facts, at most :data:`MOST`.

        Args:
            text: as typed.
            classified: ids as the classifier ranks them, the likeliest first; others are passed over.
        """
        here = self._encoder.embed([text])[0]
        known = set(self._ids)
        rankings = [
            [name for name in classified if name in known],
            self._by(self._questions @ here),
            self._by(self._answers @ here),
        ]
        points: dict[str, float] = defaultdict(float)
        for ranking in rankings:
            for rank, name in enumerate(ranking):
                points[name] += 1 / (DAMPING + rank)
        return sorted(points, key=lambda name: -points[name])[:MOST]

    def _by(self, closeness: np.ndarray) -> list[str]:  # type: ignore[type-arg]
        return [self._ids[i] for i in np.argsort(closeness)[::-1][: 4 * MOST]]
