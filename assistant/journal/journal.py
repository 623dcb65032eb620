"""Holds accepted messages on disk without ever keeping the event loop waiting."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
import queue
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sanic import Sanic

from assistant import metrics, settings
from assistant.journal.file import JournalFile, Line

logger = logging.getLogger(__name__)

LONGEST = 300.0
"""Seconds for which a text may stand in the journal."""

WORTH_ANSWERING = 24 * 3600.0
"""Seconds after which a message of a dead process gets no answer at all: nobody waits for it any more."""

PATIENCE = 0.25
"""Seconds that an acknowledgement waits for the disk."""

REST = 5.0
"""Seconds for which a disk that failed is left alone."""

AT_ONCE = 500
"""Writes after which the disk is waited for."""

MOST_WAITING = 5000
"""Writes that wait for a slow disk; beyond, messages are answered without being held."""

SWEEP = 1.0
"""Seconds between two looks for what has been held too long, and until an erasure is on the disk."""


class Held:
    """One accepted message until its answer is complete.

    Attributes:
        content: what the channel needs to answer it.
        is_recovered: another process accepted it and was killed.
    """

    def __init__(self, journal: Journal, line: Line, is_recovered: bool = False) -> None:
        self._journal = journal
        self._line = line
        self._left = Counter(line.sent)
        self._open = 0
        self._is_complete = False
        self.is_recovered = is_recovered
        self.on_disk: concurrent.futures.Future[bool] = concurrent.futures.Future()
        self.on_disk.set_running_or_notify_cancel()  # who stops waiting does not cancel it

    @property
    def content(self) -> dict[str, Any]:
        return self._line.content

    @property
    def is_expired(self) -> bool:
        """Whether the text may no longer be looked at."""
        return time.time() - self._line.at > LONGEST

    @property
    def is_forgotten(self) -> bool:
        """Whether even a late answer would only puzzle."""
        return time.time() - self._line.at > WORTH_ANSWERING

    async def wait(self, seconds: float = PATIENCE) -> bool:
        """Wait until the disk has the message, a moment at most; say whether it has."""
        with contextlib.suppress(asyncio.TimeoutError):
            return await asyncio.wait_for(asyncio.wrap_future(self.on_disk), seconds)
        return False

    def expects(self, key: str) -> bool:
        """Say whether a part of the answer is still to be sent, and count on being told when it is."""
        if self._left[key] > 0:  # the process that was killed had sent it
            self._left[key] -= 1
            return False
        self._open += 1
        return True

    def trying(self, key: str) -> None:
        """Note that a part is about to be sent."""
        self._journal._mark(self._line, "tried", key)

    def sent(self, key: str) -> None:
        """Note that the vendor has taken a part."""
        self._journal._mark(self._line, "sent", key)

    def settled(self) -> None:
        """Note that a part is done with, sent or given up."""
        self._open -= 1
        self._erase_if_done()

    def complete(self) -> None:
        """Note that no further parts will come."""
        self._is_complete = True
        self._erase_if_done()

    def _erase_if_done(self) -> None:
        if self._is_complete and self._open <= 0:
            self._journal._erase(self._line)


class Journal:
    """The journal of this process.

    Args:
        path: the conversation file, beside which it stands; None holds nothing.

    Attributes:
        counts: ``accepted``, ``not_held`` (answered, but a kill would have lost it), ``recovered``,
            ``expired`` and ``in_doubt``: parts that a dead process was sending when it was killed, which are
            sent again although the vendor may have taken them.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: JournalFile | None = None
        self._work: queue.SimpleQueue[Callable[[JournalFile], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._rests_until = 0.0
        self._has_complained = False
        self._recovered: dict[str, list[Line]] = {}
        self._is_read = threading.Event()
        self.counts: Counter[str] = Counter()

    @property
    def is_on(self) -> bool:
        return self._path is not None

    async def recovered(self, channel: str) -> list[Held]:
        """Return, once, what dead processes left unanswered of a channel, in the order of acceptance."""
        if self._path is None:
            return []
        self._start()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(self._is_read.wait, 10), 11)
        return [Held(self, line, True) for line in self._recovered.pop(channel, [])]

    def accept(self, channel: str, content: dict[str, Any]) -> Held:
        """Begin to hold a message; returns at once, whatever the disk does."""
        held = Held(self, Line(uuid.uuid4().hex, channel, time.time(), content))
        self._start()
        self.counts["accepted"] += 1
        is_resting = time.monotonic() < self._rests_until
        if self._path is None or is_resting or self._work.qsize() > MOST_WAITING:
            self.counts["not_held"] += self._path is not None
            held.on_disk.set_result(False)
            return held

        def write(file: JournalFile) -> None:
            try:
                file.write(held._line)
                self._to_sync.append(held.on_disk)
            except OSError:
                self.counts["not_held"] += 1
                held.on_disk.set_result(False)
                raise

        self._work.put(write)
        return held

    def close(self, seconds: float = 1.0) -> None:
        """Finish what is under way and leave the rest to the next process; twice is as good as once."""
        if self._thread is not None:
            self._work.put(None)
            self._thread.join(seconds)
            self._thread = None

    def _mark(self, line: Line, kind: str, key: str) -> None:
        if self._thread is not None:
            self._work.put(lambda file: file.mark(line, kind, key))

    def _erase(self, line: Line) -> None:
        if self._thread is not None:
            self._work.put(lambda file: file.erase(line))

    # In the thread.

    def _start(self) -> None:
        if self._thread is None and self._path is not None:
            self._to_sync: list[concurrent.futures.Future[bool]] = []
            self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        self._open()
        self._is_read.set()
        is_open, swept = True, time.monotonic()
        while is_open:
            batch = self._batch()
            for work in batch:
                if work is not None:
                    self._guarded(work)
            if self._to_sync:  # one wait for the disk serves all that came together
                done = self._guarded(JournalFile.sync)
                for future in self._to_sync:
                    future.set_result(done)
                self._to_sync.clear()
            if time.monotonic() - swept >= SWEEP:
                swept = time.monotonic()
                self._guarded(self._sweep)
            is_open = None not in batch
        self._guarded(JournalFile.close)

    def _batch(self) -> list[Callable[[JournalFile], None] | None]:
        """Return what is to be done; nothing when that is not much for a while."""
        try:
            batch = [self._work.get(timeout=SWEEP)]
        except queue.Empty:
            return []
        while not self._work.empty() and len(batch) < AT_ONCE:
            batch.append(self._work.get())
        return batch

    def _open(self) -> None:
        assert self._path is not None
        try:
            self._file = JournalFile(self._path.parent, self._path.stem)
            # Only at the start, when somebody asks for them; what appears later waits for the next start.
            lines = [] if self._is_read.is_set() else self._file.take_over()
        except OSError as error:
            self._complain(error)
            return
        for line in lines:
            self.counts["recovered"] += 1
            self.counts["in_doubt"] += sum((line.tried - line.sent).values())
            self._recovered.setdefault(line.channel, []).append(line)

    def _guarded(self, work: Callable[[JournalFile], None]) -> bool:
        """Do something with the file; say whether it went well."""
        if self._file is None:
            if time.monotonic() >= self._rests_until:
                self._open()
            if self._file is None:
                self._fail_waiting(work)
                return False
        try:
            work(self._file)
            self._recover()
            return True
        except OSError as error:
            self._complain(error)
            return False

    def _fail_waiting(self, work: Callable[[JournalFile], None]) -> None:
        """Let a message go on whose line cannot be written: there is no file."""
        with contextlib.suppress(OSError, AttributeError):
            work(_NoFile())  # type: ignore[arg-type]

    def _sweep(self, file: JournalFile) -> None:
        for line in file.expired(time.time() - LONGEST):
            self.counts["expired"] += 1
            file.erase(line)
        file.sync()

    def _recover(self) -> None:
        if self._has_complained:
            self._has_complained = False
            metrics.store_back("journal")

    def _complain(self, error: OSError) -> None:
        self._rests_until = time.monotonic() + REST
        if not self._has_complained:
            self._has_complained = True
            metrics.store_failover("journal")
            logger.warning(
                "Messages are answered but would be lost if the process were killed: the journal cannot be "
                "written (%s).",
                error.strerror or type(error).__name__,
            )


class _NoFile:
    """Stands where no file could be opened: everything fails as on a broken disk."""

    def __getattr__(self, name: str) -> Any:
        raise OSError("no file")


def of(app: Sanic) -> Journal:
    """Return the journal of an application, closed when it stops."""
    if not hasattr(app.ctx, "journal"):
        app.ctx.journal = Journal(settings.journal())
    journal: Journal = app.ctx.journal
    return journal
