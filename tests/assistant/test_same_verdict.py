"""One implementation, three nets: the command line and the bot give the same level to the same words."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.serving import ROOT, Server, verdicts

SAMPLE = 300


def labelled() -> list[str]:
    """Return messages of one line from the project's labelled set, every kind in turn."""
    rows = [
        json.loads(line)["text"]
        for name in ("patients", "street", "traps")
        for line in (ROOT / "tests/emergencies" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    single = [text for text in rows if "\n" not in text and "\r" not in text]
    return single[:: max(1, len(single) // SAMPLE)][:SAMPLE]


def test_command_line_and_bot_give_300_messages_the_same_level(server: Server) -> None:
    messages = labelled()
    assert len(messages) == SAMPLE
    done = subprocess.run(
        [sys.executable, "-m", "baclofen", "triage", "--json"],
        input="\n".join(messages) + "\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=100,
        check=True,
    )
    printed = [json.loads(line)["level"] for line in done.stdout.splitlines()]

    def level(text: str) -> str:
        said = verdicts(server.say(text))
        return said[0]["level"] if said else "none"

    with ThreadPoolExecutor(4) as pool:
        answered = list(pool.map(level, messages))
    different = [(a, b, text) for a, b, text in zip(printed, answered, messages, strict=True) if a != b]
    assert different == []
