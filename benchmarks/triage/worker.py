"""One peer in a process of its own: ``python -m benchmarks.triage.worker JOB ANSWER``, two JSON files.

Runs in either environment, so it imports no more than the standard library before the peer itself.
"""

from __future__ import annotations

import importlib
import os
import resource
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from baclofen.signs import Level
from benchmarks.triage.peers import PEERS, Answer, Job, Read

ROUNDS = 5
"""A set is read in so many rounds, each message once: a peer may remember what it has read."""

WARM_UP = ("hello", "is it safe to drive on it", "he has taken something and i can not wake him")


def main(job_file: str, answer_file: str) -> None:
    """Do a job and write its answer."""
    job = Job.loads(Path(job_file).read_text("utf-8"))
    peer = next(peer for peer in PEERS if peer.key == job.peer)
    read: Read = importlib.import_module(f"benchmarks.triage.{peer.module}").reader(job)
    for text in WARM_UP:
        read(text)
    measured = {name: measure(read, texts) for name, texts in job.sets.items()}
    answer = Answer(
        {name: levels for name, (levels, _) in measured.items()},
        {name: speed for name, (_, speed) in measured.items()},
        memory_mib(),
        {name: version(name) for name in peer.packages},
    )
    Path(answer_file).write_text(answer.dumps(), "utf-8")


def measure(read: Read, texts: Sequence[str]) -> tuple[list[Level], float]:
    """Read all texts.

    Returns:
        Their levels, and how many are read in a second of processor time: the median of the rounds.
    """
    levels: dict[int, Level] = {}
    speeds = []
    for start in range(min(ROUNDS, len(texts))):
        begin = time.process_time()
        for place in range(start, len(texts), ROUNDS):
            levels[place] = read(texts[place])
        speeds.append(len(range(start, len(texts), ROUNDS)) / max(time.process_time() - begin, 1e-9))
    return [levels[place] for place in range(len(texts))], sorted(speeds)[len(speeds) // 2]


def memory_mib() -> float:
    """Return this process' resident memory in MiB; where the system does not say it, the most it ever was."""
    statm = Path("/proc/self/statm")
    if statm.is_file():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main(*sys.argv[1:])
