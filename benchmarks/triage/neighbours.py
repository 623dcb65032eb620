"""Peer: the labelled messages that lie nearest, by the published all-MiniLM-L6-v2, vote on the level."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from baclofen.encoder import Encoder
from baclofen.signs import LEVELS, RANK, Level
from benchmarks.triage.peers import Job, Read

NEAREST = 10
"""Messages that vote: of 1, 3, 5, 10, 20 and 40 the best in training, writers kept apart."""


def reader(job: Job) -> Read:
    """Return the peer, ready to read.

    Raises:
        RuntimeError: the encoder does not load.
    """
    encoder = Encoder.load(Path(job.folder))
    if encoder is None:
        raise RuntimeError(f"No encoder in {job.folder}.")
    known = encoder.embed([text for text, _ in job.training])
    ranks = np.array([RANK[level] for _, level in job.training])

    def read(text: str) -> Level:
        return vote(known @ encoder.embed([text])[0], ranks)

    return read


def vote(likeness: npt.NDArray[np.float32], ranks: npt.NDArray[np.int64], nearest: int = NEAREST) -> Level:
    """Return the level with the most likeness among the nearest; of two alike the graver one.

    Args:
        likeness: cosine to each labelled message, shape (messages,).
        ranks: rank of the level of each, shape (messages,).
        nearest: how many vote.
    """
    first = np.argpartition(-likeness, min(nearest, len(likeness)) - 1)[:nearest]
    votes = np.bincount(ranks[first], weights=likeness[first], minlength=len(LEVELS))
    return LEVELS[len(LEVELS) - 1 - int(votes[::-1].argmax())]
