"""Runs the probe on data that have grown, each within limits of time and memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from baclofen.paths import ROOT
from benchmarks.scale import more_data

FACTORS = (1, 10, 100)
KINDS = ("signs", "facts")
MOST_SECONDS, MOST_GIB = 300, 8


@dataclass(frozen=True)
class Grown:
    """The cost of a message on so many times the signs or facts.

    Attributes:
        figures: what the probe printed; empty where it did not end.
        why_not: the reason then.
    """

    kind: str
    factor: int
    figures: Mapping[str, float]
    why_not: str
    load: float

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


def measure(kind: str, factor: int) -> Grown:
    """Run the probe once."""
    command = [sys.executable, "-m", "benchmarks.scale.probe", kind, str(factor)]
    with tempfile.TemporaryDirectory(prefix="baclofen-scale-") as scratch:
        folder = Path(scratch) / "data"
        more_data.write(kind, factor, folder)
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env={**os.environ, "BACLOFEN_DATA": str(folder), "OMP_NUM_THREADS": "1"},
                capture_output=True,
                text=True,
                timeout=MOST_SECONDS,
                preexec_fn=partial(resource.setrlimit, resource.RLIMIT_AS, (MOST_GIB * 2**30,) * 2),
            )
        except subprocess.TimeoutExpired:
            return _found(kind, factor, {}, f"not ready after {MOST_SECONDS} s")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no words"])[-1]
        is_memory = "MemoryError" in done.stderr or "alloc" in last or done.returncode < 0
        return _found(kind, factor, {}, f"needs more than {MOST_GIB} GiB" if is_memory else last)
    return _found(kind, factor, json.loads(done.stdout.splitlines()[-1]), "")


def _found(kind: str, factor: int, figures: Mapping[str, float], why_not: str) -> Grown:
    grown = Grown(kind, factor, figures, why_not, round(os.getloadavg()[0], 2))
    print(f"  {kind} ×{factor}: {why_not or dict(figures)}, load {grown.load:.1f}", flush=True)
    return grown
