"""What every step of the set-up shares: where things lie, the calm screen, commands, records, plain failures.

Standard library only, Python 3.8 or newer: this runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Iterator, Mapping, Sequence

FULL = 20_000_000
"""Bytes: a disk with less free than this is full."""
AGAIN = "then run the same command again"
DISK_FULL = f"The disk is full. Free about 4 GB, {AGAIN}."
NO_RIGHT = f"No right to write here. Work in a folder that is yours and not read-only, {AGAIN}."
CAUSES = (
    (
        r"no space left on device|os error 28\b|errno 28\b|disk quota exceeded|enospc",
        DISK_FULL,
    ),
    (
        r"read-only file system|permission denied|os error (13|30)\b|errno (13|30)\b",
        NO_RIGHT,
    ),
    (
        r"ensurepip is not available|no module named '?(venv|ensurepip|pip)\b",
        f"Python's venv module is missing. Install it (Debian, Ubuntu: apt install python3-venv), {AGAIN}.",
    ),
    (
        r"hash mismatch|do not match the hashes|hashes are required",
        f"A downloaded package is not the one that was locked. Check the package index in use, {AGAIN}.",
    ),
    (
        r"error sending request|dns error|connection (refused|reset)|connect error|failed to establish|"
        r"name resolution|network is unreachable|timed? ?out|failed to fetch|"
        r"certificate verif|invalid peer certificate|proxy ?error",
        f"The package index cannot be reached. Check network and proxy, {AGAIN}.",
    ),
)


class Failure(Exception):
    """Something the user has to mend; its text is one line that says how."""


@dataclass(frozen=True)
class House:
    """Where everything lies below one checkout."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def installed(self) -> Path:
        """Record of the requirements files that are wholly installed."""
        return self.venv / ".installed.json"

    @property
    def unfinished(self) -> Path:
        """Present while packages are being installed, and after an installation that was cut short."""
        return self.venv / ".unfinished"

    @property
    def cache(self) -> Path:
        return self.root / ".cache"

    @property
    def models(self) -> Path:
        return Path(os.environ.get("BACLOFEN_MODELS") or self.root / "models")

    @property
    def data(self) -> Path:
        return Path(os.environ.get("BACLOFEN_DATA") or self.root / "data")

    @property
    def fingerprint(self) -> Path:
        """Record of what the present models were trained from."""
        return self.models / "fingerprint.json"


class Screen:
    """One calm line a step; on a terminal the line of the present step counts its seconds."""

    def __init__(self) -> None:
        self.terminal = sys.stdout.isatty()
        self.title = ""
        self.since = 0.0
        self.lock = threading.Lock()

    def step(self, title: str) -> None:
        self.title, self.since = title, time.monotonic()
        self._write("" if self.terminal else f"{title}\n")
        self.tick()

    def tick(self) -> None:
        if self.terminal and self.title:
            title = self.title[: shutil.get_terminal_size().columns - 12]
            self._write(f"\r\x1b[K{title} ... {time.monotonic() - self.since:.0f} s")

    def line(self, text: str) -> None:
        self._write(("\r\x1b[K" if self.terminal else "") + f"{text}\n")

    def done(self) -> None:
        if self.terminal and self.title:
            self.line(f"{self.title}: {time.monotonic() - self.since:.0f} s")
        self.title = ""

    def _write(self, text: str) -> None:
        with self.lock:
            sys.stdout.write(text)
            sys.stdout.flush()


def explain(output: str, otherwise: str, folder: Path | None = None) -> str:
    """Return the one line that fits a failed command's output, ``otherwise`` when nothing is recognised.

    Args:
        folder: where the command wrote; when its disk is full, that is the reason, for a full disk keeps
            many programs from saying so.
    """
    if folder is not None and shutil.disk_usage(str(folder)).free < FULL:
        return DISK_FULL
    for pattern, advice in CAUSES:
        if re.search(pattern, output, re.IGNORECASE):
            return advice
    return otherwise


def last_line(output: str) -> str:
    """Return the line that names the error, the last of its kind; without one, the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no output"]
    named = [line for line in lines if re.match(r"[\w.]*(error|exception)\b", line, re.IGNORECASE)]
    return (named or lines)[-1][:160].rstrip(".")


def work(
    command: Sequence[str], log: Path, screen: Screen, env: Mapping[str, str], echo: bool = False
) -> str | None:
    """Run one command of a step; everything it says goes to the log.

    Args:
        echo: show the command's standard output to the user as well.

    Returns:
        None when it succeeded, otherwise what it said (its exit status when it was silent). When this
        process is interrupted, the command and all it started are ended before the interruption goes on.
    """
    said: list[str] = []
    with contextlib.suppress(OSError), log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(command)}\n")

    def listen(stream: IO[str], shown: bool) -> None:
        for line in stream:
            said.append(line)
            with contextlib.suppress(OSError), log.open("a", encoding="utf-8") as file:
                file.write(line)
            if shown and line.strip():
                screen.line(line.rstrip())

    process = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(env),
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    ears = [
        threading.Thread(target=listen, args=(process.stdout, echo), daemon=True),
        threading.Thread(target=listen, args=(process.stderr, False), daemon=True),
    ]
    try:
        for ear in ears:
            ear.start()
        while process.poll() is None:
            screen.tick()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)
    finally:
        end_group(process)
    for ear in ears:
        ear.join(2)
    if process.returncode == 0:
        return None
    if process.returncode == -signal.SIGKILL:
        said.append("Killed, most likely because memory ran out")
    return "".join(said) or f"exit status {process.returncode}"


def answer(command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """Return what a quick command prints; empty when it cannot run or fails."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
            env=env,
        )
        if done.returncode == 0:
            return done.stdout.decode("utf-8", "replace").strip()
    return ""


def end_group(process: subprocess.Popen[Any]) -> None:
    """End a command and everything it started, within about a second."""
    if process.poll() is None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """Return the object a record holds; empty when it is absent or damaged."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a record whole or not at all."""
    draft = path.with_name(path.name + ".draft")
    draft.write_text(json.dumps(value, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(draft, path)


def need_writable(folder: Path) -> None:
    """Raise Failure when the folder cannot be made or written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(folder)) as file:
            file.write(b"0" * 4096)
    except OSError as error:
        raise Failure(f"{folder}: {explain_error(error)}") from error


def explain_error(error: OSError) -> str:
    code = {errno.EDQUOT: errno.ENOSPC, errno.EACCES: errno.EROFS, errno.EPERM: errno.EROFS}.get(
        error.errno or 0, error.errno
    )
    return explain(f"errno {code}", f"{error}. Mend it, {AGAIN}.")


@contextlib.contextmanager
def alone(house: House, screen: Screen) -> Iterator[None]:
    """Let one set-up at a time work in this folder; the next one waits."""
    need_writable(house.cache)
    (house.cache / ".gitignore").write_text("*\n", encoding="utf-8")
    with (house.cache / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            screen.line("Another set-up is at work in this folder; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
