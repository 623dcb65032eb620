"""What is noted of one message: level, readers, channel and times; never its text and never whose it is."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from typing import TypeVar

from assistant import metrics, tracing
from assistant.conversation import Heard

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Turn:
    """One message on its way, from its arrival on.

    Args:
        channel: its name, of :data:`assistant.metrics.CHANNELS`.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._began = time.perf_counter()
        self._trace = tracing.Trace(channel)
        self._level = ""
        self._readers = ""
        self._first: float | None = None

    def heard(self, what: Heard) -> Heard:
        """Count what the guard heard, and return it."""
        self._level = what.level
        signs = what.triage.signs if what.triage else ()
        self._readers = ",".join(sorted({sign.reader for sign in signs})) or "-"
        self._trace.heard(what.level, self._readers)
        metrics.heard(self._channel, what)
        return what

    async def follow(self, messages: AsyncIterator[T]) -> AsyncIterator[T]:
        """Yield the messages of the reply, note when the first one came, and log the turn when all have."""
        with self._trace.turn():
            try:
                async for message in messages:
                    if self._first is None:
                        self._first = time.perf_counter() - self._began
                        metrics.first_message(self._channel, self._level, self._first)
                    yield message
            finally:
                self._log()

    def _log(self) -> None:
        seconds = time.perf_counter() - self._began
        noted = {
            "level": self._level,
            "channel": self._channel,
            "readers": self._readers,
            "first_seconds": round(self._first if self._first is not None else seconds, 4),
            "seconds": round(seconds, 4),
        }
        shown = " ".join(f"{name}={value}" for name, value in noted.items())
        logger.info("turn %s", shown, extra={"noted": noted})
