"""``python -m tests.outages.table``: runs the fault tests and writes their times into docs/faults.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from baclofen.paths import ROOT

PAGE = ROOT / "docs" / "faults.md"
BEGIN = "<!-- measured: python -m tests.outages.table -->"
HEADS = ("server", "fault", "message 1, streamed", "message 1, plain", "slowest question", "well again after")


def as_markdown(rows: Iterable[dict[str, Any]]) -> str:
    """Return the rows as a table."""
    lines = [f"| {' | '.join(HEADS)} |", "|---" * len(HEADS) + "|"]
    for row in rows:
        times = " | ".join(f"{row[key]:.2f} s" for key in ("streamed", "plain", "question", "back"))
        lines.append(f"| {row['server']} | {row['fault']} | {times} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Return the exit code of the tests; the page is written only when they pass."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "rows.jsonl"
        tests = [sys.executable, "-m", "pytest", "tests/outages/test_faults.py"]
        code = subprocess.run(tests, cwd=ROOT, env={**os.environ, "FAULT_TABLE": str(table)}).returncode
        if code == 0 and table.exists():
            rows = [json.loads(line) for line in table.read_text("utf-8").splitlines()]
            text = PAGE.read_text("utf-8").partition(BEGIN)[0]
            PAGE.write_text(f"{text}{BEGIN}\n\n{as_markdown(rows)}", "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
