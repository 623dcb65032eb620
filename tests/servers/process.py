"""A server of Debian's packages, run on loopback in a folder of its own, that a test may kill or freeze."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

PATIENCE = 60.0
"""Seconds until a server must answer, on a busy machine."""


class RealServer:
    """One server; its data outlive :meth:`kill`, and :meth:`start` brings it back on the same port.

    Args:
        name: for the folder.
        user: who runs it where the tests run as root.
    """

    def __init__(self, name: str, user: str | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"baclofen-{name}-"))
        self._user = user if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.end)

    def command(self) -> Sequence[str]:
        """Return the command that runs it in the foreground."""
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return dict(os.environ)

    @property
    def pid(self) -> int:
        """The process while it runs."""
        assert self._process is not None
        return self._process.pid

    def is_up(self) -> bool:
        """Say whether it answers."""
        return is_open(self.port)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it."""
        with (self.folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                self.as_user(self.command()),
                cwd=self.folder,
                env=dict(self.environment()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + PATIENCE
        while not self.is_up():
            assert self._process is not None
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < end, self.log()
            time.sleep(0.1)

    def log(self) -> str:
        return (self.folder / "log.txt").read_text("utf-8", "replace")[-3000:]

    def kill(self) -> None:
        """Kill it with all its processes, and wait until they have let go of what they shared."""
        self.freeze()  # the first process can start no other while they are counted
        processes = self._processes()
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        end = time.monotonic() + 10
        while any(map(_runs, processes)):
            assert time.monotonic() < end, "a killed process goes on"
            time.sleep(0.01)
        if self._process is not None:
            self._process.wait(10)

    def freeze(self) -> None:
        """Stop all its processes where they are; the kernel still takes connections for them."""
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()

    def thaw(self) -> None:
        """Let a frozen server go on."""
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()

    def end(self) -> None:
        """Kill it and delete its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def as_user(self, command: Sequence[str]) -> list[str]:
        """Return a command as the server's user runs it: some refuse to be run by root."""
        if self._user is None:
            return list(command)
        return ["setpriv", f"--reuid={self._user}", f"--regid={self._user}", "--clear-groups", *command]

    def _processes(self) -> list[psutil.Process]:
        if self._process is None:
            return []
        with contextlib.suppress(psutil.NoSuchProcess):
            first = psutil.Process(self._process.pid)
            return [first, *first.children(recursive=True)]
        return []


def _runs(process: psutil.Process) -> bool:
    """Say whether a process is there and no zombie, which holds nothing any more."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    """Say whether somebody listens."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
