"""The table of events in a SQLite file: one process, one thread, nothing to install."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from assistant.stores.table import EventTable, Row, Stored

BUSY_SECONDS = 0.3
"""How long SQLite waits for another writer."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER NOT NULL PRIMARY KEY,
    sender_id VARCHAR(255) NOT NULL,
    type_name VARCHAR(255) NOT NULL,
    timestamp FLOAT,
    intent_name VARCHAR(255),
    action_name VARCHAR(255),
    data TEXT
);
CREATE INDEX IF NOT EXISTS ix_events_sender_id ON events (sender_id);
"""
_NEWEST = "SELECT COALESCE(MAX(id), 0) FROM events WHERE sender_id = ?"
_SINCE = "SELECT id, data FROM events WHERE sender_id = ? AND id > ? ORDER BY id DESC LIMIT ?"
_SLOT = """
SELECT id, data FROM events WHERE sender_id = ? AND type_name = 'slot' AND action_name = ? AND id < ?
ORDER BY id DESC LIMIT 1
"""
_ALL = "SELECT id, data FROM events WHERE sender_id = ? ORDER BY id"
_INSERT = """
INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data) VALUES (?, ?, ?, ?, ?, ?)
"""


class EventFile(EventTable):
    """The SQLite file.

    Args:
        path: the file; it is made when missing.
    """

    setting = "DATABASE"
    is_shared = False
    errors = (OSError, sqlite3.Error)
    refusals = (sqlite3.DataError, sqlite3.IntegrityError)

    def __init__(self, path: Path) -> None:
        super().__init__(threads=1)
        self._path = path
        self._opened: sqlite3.Connection | None = None

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA secure_delete=ON")
            connection.executescript(_SCHEMA)
            self._opened = connection
        return self._opened

    def since(self, sender: str, newest: int, count: int) -> list[Stored]:
        """Return the last events after a number (see base class)."""
        return self._read(_SINCE, sender, newest, count)[::-1]

    def slots(self, sender: str, names: Sequence[str], before: int) -> list[Stored]:
        """Return the last event of each slot (see base class)."""
        return [stored for name in names for stored in self._read(_SLOT, sender, name, before)]

    def everything(self, sender: str) -> list[Stored]:
        """Return all events (see base class)."""
        return self._read(_ALL, sender)

    def append(self, sender: str, newest: int, rows: Sequence[Row]) -> int | None:
        """Add events (see base class)."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        with contextlib.ExitStack() as undo:
            undo.callback(connection.execute, "ROLLBACK")
            if connection.execute(_NEWEST, (sender,)).fetchone()[0] != newest:
                return None
            connection.executemany(_INSERT, rows)
            last: int = connection.execute(_NEWEST, (sender,)).fetchone()[0]
            undo.pop_all()
        connection.execute("COMMIT")
        return last

    def delete(self, sender: str) -> None:
        """Delete a sender (see base class)."""
        self._connection.execute("DELETE FROM events WHERE sender_id = ?", (sender,))
        # The log of the file still holds what was written: it is folded in, and emptied.
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def senders(self) -> list[str]:
        """Return all senders (see base class)."""
        return [row[0] for row in self._connection.execute("SELECT DISTINCT sender_id FROM events")]

    def close(self) -> None:
        """Close the file (see base class)."""

        def close() -> None:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

        self._threads.submit(close)
        self._threads.shutdown(wait=False)

    def _read(self, query: str, *values: object) -> list[Stored]:
        return [Stored(*row) for row in self._connection.execute(query, values)]
