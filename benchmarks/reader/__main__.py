"""``python -m benchmarks.reader``: see the package."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from baclofen.dataset import load_jsonl
from baclofen.paths import DATA, ROOT
from benchmarks import machine
from benchmarks.processes import ProcessError, finish
from benchmarks.reader import page, parts
from benchmarks.triage import sets
from benchmarks.triage.environment import ONE_CORE

MOST = 5_000
"""Messages of one set: more tell no more."""


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reader", description="Speed and memory of the rules."
    )
    parser.add_argument("--public", type=Path, metavar="FOLDER", help="ordinary sentences, *.txt")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "reader", help="of the results")
    return parser.parse_args(given)


def texts(public: Path | None, most: int = MOST) -> dict[str, list[str]]:
    """Return the messages of every set.

    Raises:
        benchmarks.triage.sets.SetError: the public folder holds no sentence.
    """
    rows = [row for path in sorted((DATA / "messages").glob("*.jsonl")) for row in load_jsonl(path)]
    whole = {
        "labelled": [row["text"] for row in rows],
        "emergencies": [row["text"] for row in rows if row["level"] == "emergency"],
        "ordinary": sets.public(public).texts if public else [],
    }
    return {key: parts.spread(each, most) for key, each in whole.items()}


def measure(job: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    """Measure all parts, each in a process of its own.

    Raises:
        ProcessError: one failed.
    """
    found = {}
    with tempfile.TemporaryDirectory(prefix="baclofen-reader-") as name:
        asked, answered = Path(name) / "job.json", Path(name) / "answer.json"
        asked.write_text(json.dumps(job), "utf-8")
        for part in parts.PARTS:
            print(f"{part} …", flush=True)
            call = [sys.executable, "-m", "benchmarks.reader.parts", part, str(asked), str(answered)]
            finish(call, ROOT, Path(name) / "log", dict(ONE_CORE))
            found[part] = json.loads(answered.read_text("utf-8"))
    return found


def main(given: Sequence[str]) -> int:
    """Measure and write the results; return the exit code."""
    options = arguments(given)
    try:
        job = texts(options.public)
        found = measure(job)
    except (sets.SetError, ProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    run = page.Run(
        command="python -m benchmarks.reader" + (" --public FOLDER" if options.public else ""),
        date=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        machine=machine.describe(),
        sets={key: len(each) for key, each in job.items()},
        parts=found,
    )
    page.write(run, options.output)
    print((options.output / "results.md").read_text("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
