"""The journal's file: lines that are written, overwritten with blanks when done with, and cut off.

Each process has a file of its own, locked for as long as the process lives. Files without a lock are those of
processes that were killed: the next one to start takes over what they hold. Nothing here is asynchronous;
:mod:`assistant.journal.journal` calls it in a thread of its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import json
import os
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SUFFIX = ".journal"

COMPACT_FROM = 4 * 1024 * 1024
"""Bytes of the file from which on what it still holds is moved to a new one."""


@dataclass
class Line:
    """One accepted message as it stands in the file.

    Attributes:
        content: the message, opaque here.
        at: when it was accepted, in seconds since 1970.
        tried: parts of its answer whose sending was begun, by their keys.
        sent: those that the vendor has taken.
        place: where in the file its bytes are; none while it is not written.
    """

    id: str
    channel: str
    at: float
    content: dict[str, Any]
    tried: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    place: tuple[int, int] | None = None

    def to_bytes(self) -> bytes:
        whole = {"id": self.id, "channel": self.channel, "at": self.at, "content": self.content}
        return b"\n" + json.dumps(whole, separators=(",", ":")).encode() + b"\n"


class JournalFile:
    """An open file; every method raises OSError when the disk will not do what is asked.

    Args:
        folder: where it is made.
        name: its beginning, the same for all processes that share the folder.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._end = 0
        self._live: dict[str, Line] = {}
        self.path, self._handle = self._create()

    def take_over(self) -> list[Line]:
        """Move here what the files of dead processes hold, and return it in the order of acceptance."""
        found: dict[str, Line] = {}
        for path in sorted(self._folder.glob(f"{glob.escape(self._name)}.*{SUFFIX}")):
            with contextlib.suppress(OSError), open(path, "r+b") as other:
                if path == self.path or not _lock(other.fileno()):
                    continue
                for line in read(other.read()):
                    if line.id not in found:
                        found[line.id] = line
                        with contextlib.suppress(OSError):  # on a full disk it is answered all the same
                            self.write(line)
                self.sync()
                _wipe(other.fileno())
                path.unlink(missing_ok=True)
        return sorted(found.values(), key=lambda line: line.at)

    def write(self, line: Line) -> None:
        """Append a message and the marks that it has."""
        line.place = self._append(line.to_bytes())
        self._live[line.id] = line
        for kind, keys in (("tried", line.tried), ("sent", line.sent)):
            for key in keys.elements():
                self._append(_mark(line.id, kind, key))

    def mark(self, line: Line, kind: str, key: str) -> None:
        """Note that a part of the answer was ``tried`` or ``sent``."""
        if line.id in self._live:
            self._append(_mark(line.id, kind, key))

    def erase(self, line: Line) -> None:
        """Overwrite a message; the last one takes the whole file with it."""
        if line.id not in self._live or line.place is None:
            return
        offset, length = line.place
        _write_all(self._handle, b" " * length, offset)
        del self._live[line.id]  # not before: what a disk refused to erase is tried again
        if not self._live:
            os.ftruncate(self._handle, 0)
            self._end = 0
        elif self._end > COMPACT_FROM:
            self._compact()

    def expired(self, before: float) -> list[Line]:
        """Return the messages that were accepted before a moment."""
        return [line for line in self._live.values() if line.at < before]

    def sync(self) -> None:
        """Wait until the disk has everything."""
        os.fdatasync(self._handle)

    def close(self) -> None:
        """Close the file; it stays for the next process if it holds anything."""
        if not self._live:
            self.path.unlink(missing_ok=True)
        os.close(self._handle)

    def _create(self) -> tuple[Path, int]:
        while True:
            path = self._folder / f"{self._name}.{uuid.uuid4().hex[:12]}{SUFFIX}"
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            # Between its making and its locking another process may have taken it for a dead one's.
            if _lock(handle) and os.fstat(handle).st_nlink:
                return path, handle
            os.close(handle)

    def _append(self, data: bytes) -> tuple[int, int]:
        place = self._end, len(data)
        try:
            _write_all(self._handle, data, self._end)
        except OSError:
            with contextlib.suppress(OSError):  # half a message must not stay behind
                os.ftruncate(self._handle, self._end)
            raise
        self._end += len(data)
        return place

    def _compact(self) -> None:
        """Go on in a new file with what is still held."""
        old_path, old = self.path, self._handle
        live = list(self._live.values())
        if sum(line.place[1] for line in live if line.place) > COMPACT_FROM // 2:
            return
        self.path, self._handle = self._create()
        self._end, self._live = 0, {}
        for line in live:
            self.write(line)
        self.sync()
        _wipe(old)
        old_path.unlink(missing_ok=True)
        os.close(old)


def read(data: bytes) -> Iterator[Line]:
    """Yield what the bytes of a file hold; a line that was cut short by the end of its process is none."""
    lines: dict[str, Line] = {}
    for raw in data.split(b"\n"):
        try:
            found = json.loads(raw)
            if "content" in found:
                line = Line(
                    str(found["id"]), str(found["channel"]), float(found["at"]), dict(found["content"])
                )
                lines[line.id] = line
            else:
                marks = lines[found["of"]]
                (marks.sent if found["mark"] == "sent" else marks.tried)[str(found["key"])] += 1
        except (ValueError, TypeError, KeyError):
            continue
    yield from lines.values()


def _mark(of: str, kind: str, key: str) -> bytes:
    return json.dumps({"of": of, "mark": kind, "key": key}, separators=(",", ":")).encode() + b"\n"


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wipe(handle: int) -> None:
    size = os.fstat(handle).st_size
    _write_all(handle, b" " * size, 0)
    os.fdatasync(handle)
    os.ftruncate(handle, 0)


def _write_all(handle: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        count = os.pwrite(handle, view, offset)
        view, offset = view[count:], offset + count
