"""Starts and ends the measured processes, and says what they take."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil

QUIET = {"RASA_TELEMETRY_ENABLED": "false"}
END_WITHIN = 15.0


class ProcessError(Exception):
    """A measured process failed; the message holds the end of its log."""


@dataclass(frozen=True)
class Finished:
    """A process that ran to its end.

    Attributes:
        seconds: from start to end.
        processor_s: processor time used, all cores together; hardly depends on what else runs.
        peak_mib: the most memory that it, or the largest of its children, held.
        load: the machine's load average of the last minute when it ended.
        on: the day.
    """

    seconds: float
    processor_s: float
    peak_mib: float
    load: float
    on: str


def free_port() -> int:
    """Return a port of this machine that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    command: Sequence[str], folder: Path, log: Path, env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, with its output in a log file."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **QUIET, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def finish(command: Sequence[str], folder: Path, log: Path, env: dict[str, str] | None = None) -> Finished:
    """Run a process to its end.

    Raises:
        ProcessError: it failed.
    """
    begin = time.perf_counter()
    process = start(command, folder, log, env)
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        stop(process)
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ProcessError(f"{' '.join(command)} ended with status {process.returncode}.\n{tail(log)}")
    seconds = time.perf_counter() - begin
    return Finished(
        seconds=round(seconds, 1),
        processor_s=round(usage.ru_utime + usage.ru_stime, 1),
        peak_mib=round(usage.ru_maxrss / 1024, 1),
        load=round(os.getloadavg()[0], 2),
        on=datetime.now().date().isoformat(),
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it started."""
    for number, patience in ((signal.SIGTERM, END_WITHIN), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)


def tail(log: Path, lines: int = 20) -> str:
    """Return the last lines of a log."""
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])


def family(pid: int) -> list[psutil.Process]:
    """Return a process and all that it started, as far as they still run."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process and all that it started, in MiB."""
    total = 0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total / 2**20


def processor_seconds(pids: Sequence[int]) -> float:
    """Return the processor time that these processes and those they started have used."""
    total = 0.0
    for process in (process for pid in pids for process in family(pid)):
        with contextlib.suppress(psutil.NoSuchProcess):
            used = process.cpu_times()
            total += used.user + used.system
    return total


def waited_seconds(pid: int) -> float:
    """Return the time for which the threads of a process could have worked but had no processor (Linux)."""
    total = 0.0
    for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            total += int(file.read_text("ascii").split()[1]) / 1e9
    return total


def busy_seconds() -> float:
    """Return the processor time that the whole machine has used since it started."""
    used = psutil.cpu_times()
    return float(sum(used) - used.idle - getattr(used, "iowait", 0.0) - getattr(used, "guest", 0.0))
