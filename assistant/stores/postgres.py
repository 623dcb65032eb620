"""The table of events in a PostgreSQL that several processes share.

libpq waits for ever for a server that is frozen: ``statement_timeout`` is the server's own affair, and
``connect_timeout`` is rounded up to two seconds. psycopg2 therefore waits in a function of ours, which gives
up in time (https://www.psycopg.org/docs/advanced.html#support-for-coroutine-libraries). Rasa's own store has
no time-out and makes its table at the start only.
"""

from __future__ import annotations

import contextlib
import hashlib
import select
import threading
import time
from collections.abc import Iterator, Sequence

import psycopg2
import psycopg2.extensions

from assistant.stores.table import PATIENCE, EventTable, Row, Stored

THREADS = 4
"""Connections of a process at most: a database that is a little slow holds up no other conversation."""

CONNECT_SECONDS = 2.0
"""How long a connection may take to be made: several answers of a slow server. No turn waits that long."""

_LOCK = 5_772_156_649
"""Names the advisory lock under which the table is made, of the database's own kind: any number of ours."""

_SCHEMA = f"""
SELECT pg_advisory_xact_lock({_LOCK});
CREATE TABLE IF NOT EXISTS events (
    id BIGSERIAL PRIMARY KEY,
    sender_id VARCHAR(255) NOT NULL,
    type_name VARCHAR(255) NOT NULL,
    timestamp FLOAT,
    intent_name VARCHAR(255),
    action_name VARCHAR(255),
    data TEXT
);
CREATE INDEX IF NOT EXISTS ix_events_sender_id ON events (sender_id);
CREATE INDEX IF NOT EXISTS ix_events_sender_id_id ON events (sender_id, id);
CREATE INDEX IF NOT EXISTS ix_events_slots ON events (sender_id, action_name, id) WHERE type_name = 'slot';
"""
_SINCE = "SELECT id, data FROM events WHERE sender_id = %s AND id > %s ORDER BY id DESC LIMIT %s"
_SLOTS = """
SELECT last.id, last.data FROM unnest(%s::text[]) AS slot(name) CROSS JOIN LATERAL (
    SELECT id, data FROM events
    WHERE sender_id = %s AND type_name = 'slot' AND action_name = slot.name AND id < %s
    ORDER BY id DESC LIMIT 1) AS last ORDER BY last.id
"""
_ALL = "SELECT id, data FROM events WHERE sender_id = %s ORDER BY id"

_APPEND = """
SELECT pg_advisory_xact_lock(hashtextextended(%(sender)s, 0));
INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data)
SELECT %(sender)s, type_name, timestamp, intent_name, action_name, data
FROM unnest(%(types)s::text[], %(times)s::float[], %(intents)s::text[], %(actions)s::text[], %(data)s::text[])
    WITH ORDINALITY AS new(type_name, timestamp, intent_name, action_name, data, place)
WHERE (SELECT COALESCE(MAX(id), 0) FROM events WHERE sender_id = %(sender)s) = %(newest)s
ORDER BY place RETURNING id
"""
"""One round trip and one transaction. The lock is taken in a statement of its own, so that the second
statement sees what the holder before it has written."""


def _wait(connection: psycopg2.extensions.connection) -> None:
    """Wait for the server's answer, but not longer than a turn would.

    Raises:
        psycopg2.OperationalError: no answer in time.
    """
    is_new = connection.status == psycopg2.extensions.STATUS_SETUP
    end = time.monotonic() + (CONNECT_SECONDS if is_new else PATIENCE)
    waiter = select.poll()
    while True:
        state = connection.poll()
        if state == psycopg2.extensions.POLL_OK:
            return
        wanted = select.POLLIN if state == psycopg2.extensions.POLL_READ else select.POLLOUT
        waiter.register(connection.fileno(), wanted)
        left = end - time.monotonic()
        if left <= 0 or not waiter.poll(left * 1000):
            raise psycopg2.OperationalError("no answer in time")
        waiter.unregister(connection.fileno())


class EventDatabase(EventTable):
    """The database.

    Args:
        url: its address, ``postgresql://user:password@host:port/name``.
    """

    setting = "DATABASE_URL"
    is_shared = True
    errors = (OSError, psycopg2.Error)
    refusals = (psycopg2.DataError, psycopg2.IntegrityError)

    def __init__(self, url: str) -> None:
        super().__init__(threads=THREADS)
        self._url = url
        self._mine = threading.local()
        self._era = 0
        # For the whole process; nothing else in it speaks to PostgreSQL.
        psycopg2.extensions.set_wait_callback(_wait)

    def since(self, sender: str, newest: int, count: int) -> list[Stored]:
        """Return the last events after a number (see base class)."""
        return self._read(_SINCE, _name(sender), newest, count)[::-1]

    def slots(self, sender: str, names: Sequence[str], before: int) -> list[Stored]:
        """Return the last event of each slot (see base class)."""
        return self._read(_SLOTS, list(names), _name(sender), before)

    def everything(self, sender: str) -> list[Stored]:
        """Return all events (see base class)."""
        return self._read(_ALL, _name(sender))

    def append(self, sender: str, newest: int, rows: Sequence[Row]) -> int | None:
        """Add events (see base class)."""
        values = {
            "sender": _name(sender),
            "newest": newest,
            "types": [row.type_name for row in rows],
            "times": [row.timestamp for row in rows],
            "intents": [row.intent_name for row in rows],
            "actions": [row.action_name for row in rows],
            "data": [row.data for row in rows],
        }
        with self._cursor() as cursor:
            cursor.execute(_APPEND, values)
            ids = [row[0] for row in cursor.fetchall()]
        return max(ids) if ids else None

    def delete(self, sender: str) -> None:
        """Delete a sender (see base class)."""
        with self._cursor() as cursor:
            cursor.execute("DELETE FROM events WHERE sender_id = %s", (_name(sender),))

    def senders(self) -> list[str]:
        """Return all senders (see base class)."""
        with self._cursor() as cursor:
            cursor.execute("SELECT DISTINCT sender_id FROM events")
            return [row[0] for row in cursor.fetchall()]

    def close(self) -> None:
        """Let the threads end; their connections end with them (see base class)."""
        self._threads.shutdown(wait=False)

    def _read(self, query: str, *values: object) -> list[Stored]:
        with self._cursor() as cursor:
            cursor.execute(query, values)
            return [Stored(*row) for row in cursor.fetchall()]

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[psycopg2.extensions.cursor]:
        """Lend a cursor of this thread's connection; a connection that failed is made anew the next time."""
        connection, era = getattr(self._mine, "connection", (None, 0))
        if connection is None or connection.closed or era != self._era:
            if connection is not None:
                connection.close()
            connection = self._connect()
            self._mine.connection = (connection, self._era)
        try:
            with connection.cursor() as cursor:
                yield cursor
        except BaseException:
            self._era += 1  # the connections of the other threads are most likely dead, too
            connection.close()
            raise

    def _connect(self) -> psycopg2.extensions.connection:
        connection = psycopg2.connect(
            self._url,
            application_name="baclofen",
            options=f"-c statement_timeout={int(PATIENCE * 1000)} -c lock_timeout={int(PATIENCE * 1000)}",
        )
        connection.autocommit = True
        with contextlib.ExitStack() as undo:
            undo.callback(connection.close)
            with connection.cursor() as cursor:
                cursor.execute("SELECT to_regclass('events')")
                if cursor.fetchone() == (None,):  # the database came late, or was made anew
                    cursor.execute(_SCHEMA)
            undo.pop_all()
        return connection


def _name(sender: str) -> str:
    """Return a sender as PostgreSQL can hold it: no NUL, and at most 255 characters."""
    sender = sender.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return sender if len(sender) <= 255 else hashlib.sha256(sender.encode()).hexdigest()
