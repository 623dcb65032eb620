"""``make fuzz``: thousands of bad requests to every public endpoint of a bot of its own, by schemathesis.

It counts the requests, and fails on a 5xx, a reply that is not as ``docs/openapi.yml`` says (an empty one is
not), a bot that ended or that no longer knows an emergency, and on memory that grows.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.setup.locked import EnvironmentFailure
from baclofen.paths import ROOT
from security.environment import python

SCHEMA = ROOT / "docs" / "openapi.yml"

CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    "response_schema_conformance",
)

MOST_GROWTH = 96.0
"""MiB that the bot may grow by. Conversations are kept, 2,000 with their events: about 40 kB each at most."""

START_WITHIN = 240.0

VENDORS = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "x", "TWILIO_NUMBER": "+15005550006",
    "TWILIO_WHATSAPP_NUMBER": "+15005550006", "TELEGRAM_TOKEN": "1:x", "TELEGRAM_SECRET_TOKEN": "x" * 32,
    "SLACK_TOKEN": "xoxb-x", "SLACK_SIGNING_SECRET": "x" * 32, "FACEBOOK_VERIFY": "x" * 32,
    "FACEBOOK_SECRET": "x" * 32, "FACEBOOK_PAGE_TOKEN": "x",
}  # fmt: skip
"""All channels on, so that their paths are there; nothing that is unsigned gets in, so nothing is sent."""


@dataclass(frozen=True)
class Bot:
    """A running bot."""

    url: str
    process: subprocess.Popen[bytes]

    def memory_mib(self) -> float:
        """Return the resident memory."""
        status = Path(f"/proc/{self.process.pid}/status")
        found = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.is_file() else None
        return int(found[1]) / 1024 if found else 0.0

    def knows_an_emergency(self) -> bool:
        """Say whether an emergency is still answered as one."""
        body = json.dumps({"message": "he is not breathing"}).encode()
        try:
            with urllib.request.urlopen(f"{self.url}/webhooks/chat/webhook", body, timeout=30) as reply:
                return any("triage" in message.get("custom", {}) for message in json.load(reply))
        except (OSError, ValueError):
            return False


@dataclass(frozen=True)
class Result:
    """What came of a run; ``faults`` is empty when all went well."""

    inputs: int
    seconds: float
    memory: tuple[float, float]
    faults: tuple[str, ...]

    def __str__(self) -> str:
        before, after = self.memory
        grown = f"memory {before:.0f} MiB before, {after:.0f} after."
        said = f"{self.inputs} inputs in {self.seconds:.0f} s; {grown}"
        return "\n".join([*self.faults, said, "Faults." if self.faults else "No fault."])


def fuzz(inputs: int) -> int:
    """Run about so many inputs, say what came of it, and return the exit code."""
    try:
        with bot() as running:
            result = run(running, inputs)
    except (EnvironmentFailure, RuntimeError) as error:
        print(f"Could not fuzz: {error}")
        return 2
    print(result)
    return 1 if result.faults else 0


@contextlib.contextmanager
def bot(**changes: str) -> Iterator[Bot]:
    """Run a bot with all channels on and a conversation file of its own.

    Raises:
        RuntimeError: it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="baclofen-fuzz-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        own = {"PORT": str(port), "HOST": "127.0.0.1", "DATABASE": f"{folder}/conversations.db", "MISSES": ""}
        env = {**os.environ, **VENDORS, **own, **changes}
        env.pop("REST_TOKEN", None)
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/health/live", process)
            yield Bot(f"http://127.0.0.1:{port}", process)
        finally:
            process.kill()
            process.wait(10)


def run(running: Bot, inputs: int, seconds: int | None = None, seed: int | None = None) -> Result:
    """Send about so many inputs to a bot.

    Args:
        seconds: the run ends after these at the latest.
        seed: makes the inputs the same again.
    """
    with tempfile.TemporaryDirectory(prefix="baclofen-fuzz-") as folder:
        report = Path(folder) / "events.ndjson"
        command = [str(python("fuzz").with_name("schemathesis")), "run", str(SCHEMA), "--url", running.url]
        command += ["--checks", ",".join(CHECKS), "--phases", "coverage,fuzzing", "--no-color"]
        command += [
            "--max-examples",
            str(max(1, inputs // _operations_with_input())),
            "--request-timeout",
            "30",
        ]
        command += ["--max-redirects", "0"]
        command += ["--suppress-health-check", "all", "--continue-on-failure", "--warnings", "off"]
        command += ["--report", "ndjson", "--report-ndjson-path", str(report)]
        command += [
            *(["--max-time", str(seconds)] if seconds else []),
            *(["--seed", str(seed)] if seed else []),
        ]
        for _ in range(20):  # what is loaded on first use is no growth
            running.knows_an_emergency()
        before, begin = running.memory_mib(), time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=_quiet())
        took = time.monotonic() - begin
        count = _count(report)
    after = running.memory_mib()
    faults = []
    if done.returncode:
        faults.append(
            f"schemathesis ended with {done.returncode}:\n{done.stdout[-6000:]}{done.stderr[-2000:]}"
        )
    if not count:
        faults.append("Nothing was sent.")
    if running.process.poll() is not None:
        faults.append("The bot ended.")
    elif not running.knows_an_emergency():
        faults.append("The bot no longer answers an emergency.")
    if after - before > MOST_GROWTH:
        faults.append(f"Memory grew by {after - before:.0f} MiB.")
    return Result(count, took, (before, after), tuple(faults))


def _operations_with_input() -> int:
    """Return on how many paths there is something to vary."""
    paths = yaml.safe_load(SCHEMA.read_text("utf-8"))["paths"].values()
    return sum("requestBody" in one or "parameters" in one for path in paths for one in path.values())


def _count(report: Path) -> int:
    """Return how many requests were sent, by schemathesis' own record."""
    if not report.is_file():
        return 0
    with report.open(encoding="utf-8") as lines:
        return sum(len(re.findall(r'"request":\s*\{', line)) for line in lines)


def _quiet() -> Mapping[str, str]:
    return {**os.environ, "SCHEMATHESIS_TELEMETRY": "0", "NO_COLOR": "1"}


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_WITHIN
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError("The bot does not start.")
