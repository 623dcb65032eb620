"""The bot that is measured, with all channels switched on."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from baclofen.paths import ROOT
from benchmarks.processes import ProcessError, start, stop, tail

START_WITHIN = 120.0
READY = "Open http"


@contextlib.asynccontextmanager
async def running(port: int, environment: Mapping[str, str], folder: Path) -> AsyncIterator[int]:
    """Start the bot and yield its process id; end it afterwards. Meanwhile the vendors go on answering it.

    Args:
        environment: the variables of its channels.
        folder: for its log and its conversations.

    Raises:
        ProcessError: it ended, or was not ready in time.
    """
    log = folder / "bot.log"
    own = {"PORT": str(port), "DATABASE": str(folder / "conversations.db"), "MISSES": ""}
    process = start([sys.executable, "-m", "assistant", "serve"], ROOT, log, {**own, **environment})
    try:
        end_at = time.monotonic() + START_WITHIN
        while READY not in log.read_text("utf-8", "replace"):
            if process.poll() is not None or time.monotonic() > end_at:
                raise ProcessError(f"The bot did not start.\n{tail(log)}")
            await asyncio.sleep(0.1)
        yield process.pid
    finally:
        await asyncio.to_thread(stop, process)
