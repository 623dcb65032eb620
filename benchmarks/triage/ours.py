"""This project's triage: its rule reader alone, its learned reader alone, both together."""

from __future__ import annotations

from baclofen import learned
from baclofen.signs import Level
from baclofen.triage import triage
from benchmarks.triage.peers import Job, Read


def reader(job: Job) -> Read:
    """Return one of the three, ready to read.

    The rules are alone where there are no models, which the environment of the process decides.

    Raises:
        RuntimeError: the learned reader is missing, or is there where it must not be.
    """
    found = learned.load()
    if (found is None) is not (job.peer == "rules"):
        raise RuntimeError("The learned reader is missing: make train." if found is None else "It is there.")
    if found is None or job.peer == "both":
        return together
    opinion = found.read
    return lambda text: opinion(text).level


def together(text: str) -> Level:
    """Return the level of a message by itself, with whichever readers there are."""
    return triage(text).level
