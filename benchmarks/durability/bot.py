"""The bot that is killed, and what its files say afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from assistant.journal.file import SUFFIX, Line, read
from baclofen.paths import MODELS, ROOT
from benchmarks.processes import ProcessError, free_port, start, tail

START_WITHIN = 120.0


class Bot:
    """``python -m assistant serve`` on a folder of its own.

    Args:
        folder: holds its conversations, its journal and its log.
        env: variables beside those.
        core: the only core that it may use; None leaves it all.
    """

    def __init__(self, folder: Path, env: dict[str, str], core: int | None = None) -> None:
        self._core = core
        self.port = free_port()
        self._folder = folder
        self._log = folder / "log.txt"
        self._env = {
            "BACLOFEN_MODELS": str(MODELS),
            **{key: value for key, value in os.environ.items() if key == "BACLOFEN_MODELS"},
            "DATABASE": str(folder / "conversations.db"),
            "KEEP_TEXT": "1",  # without texts a restarted bot words an answer anew, and it is a second turn
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "MISSES": "",
            **env,
        }
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            ProcessError: it ended, or took too long.
        """
        self._log.write_text("", "utf-8")
        self._process = start([sys.executable, "-m", "assistant", "serve"], ROOT, self._log, self._env)
        if self._core is not None:
            os.sched_setaffinity(self._process.pid, {self._core})
        for _ in range(int(START_WITHIN / 0.05)):
            if "Open http" in self._log.read_text("utf-8", "replace"):
                return
            if self._process.poll() is not None:
                break
            await asyncio.sleep(0.05)
        raise ProcessError(tail(self._log))

    @property
    def pid(self) -> int:
        """The process while it runs."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it without a word."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
            self._process = None

    def held(self) -> list[Line]:
        """Return what the journals hold."""
        lines: list[Line] = []
        for path in self._folder.glob(f"*{SUFFIX}"):
            lines += read(path.read_bytes())
        return lines

    def journal_bytes(self) -> bytes:
        """Return all bytes of the journals."""
        return b"".join(path.read_bytes() for path in self._folder.glob(f"*{SUFFIX}"))

    def turns_of(self, senders: list[str]) -> dict[str, int]:
        """Return how many messages of each sender the conversation file holds."""
        with sqlite3.connect(self._folder / "conversations.db", timeout=5) as file:
            rows = file.execute("SELECT sender_id, count(*) FROM events WHERE type_name = 'user' GROUP BY 1")
            found = dict(rows.fetchall())
        return {sender: found.get(sender, 0) for sender in senders}
