"""Deletes what is kept of conversations: after ``RETENTION_HOURS`` by itself, and at the operator's word.

It works on the table ``events``, in the SQLite file of ``DATABASE`` or in the PostgreSQL of ``DATABASE_URL``,
over a connection of its own, so that a bot that hangs can be cleaned up after.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant import review, settings

logger = logging.getLogger(__name__)

HOUR = 3600.0

EVERY = 600.0
"""Seconds between two looks at what is too old."""

PATIENCE = 5.0
"""Seconds that a database, or a bot that is asked to forget, may take."""

_OLD = """
DELETE FROM events WHERE id IN (SELECT id FROM events AS old WHERE timestamp < {0} AND (type_name <> 'slot'
    OR NOT EXISTS (SELECT 1 FROM events WHERE sender_id = old.sender_id AND timestamp >= {0})) LIMIT 1000)
"""
"""A conversation that goes on keeps what its slots hold, such as the country; all else that is old goes."""

_SENDER = "DELETE FROM events WHERE sender_id = {0}"


def delete_older_than(hours: float) -> int:
    """Delete events that are older; return how many.

    Raises:
        OSError, sqlite3.Error, psycopg2.Error: the database cannot be used.
    """
    before = time.time() - hours * HOUR
    total = 0
    while count := _run(_OLD, {"sqlite": (before,), "postgres": (before, before)}):
        total += count  # a thousand at a time, so that nobody waits long for the table
    return total


def delete_sender(sender: str) -> int:
    """Delete the events of a conversation; return how many (raises as :func:`delete_older_than`)."""
    return _run(_SENDER, {"sqlite": (sender,), "postgres": (sender,)})


def ask_the_bot(sender: str) -> bool:
    """Ask the bot that runs at HOST and PORT to forget a conversation; say whether it did."""
    token = settings.rest_token()
    request = urllib.request.Request(
        f"http://{settings.host()}:{settings.port()}/webhooks/rest/delete",
        json.dumps({"sender": sender}).encode(),
        {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})},
    )
    with contextlib.suppress(OSError, ValueError), urllib.request.urlopen(request, timeout=PATIENCE) as reply:
        return bool(reply.status == 200)
    return False


def drop_idle(store: Any, hours: float) -> None:
    """Have Rasa's store, or the one that it wraps, drop what it holds in memory of old conversations."""
    forget = getattr(getattr(store, "_tracker_store", store), "forget_idle", None)
    if forget is not None:
        forget(time.time() - hours * HOUR)


async def keep_deleting(hours: float, store: Any = None) -> None:
    """Delete what is too old, now and every few minutes; 0 hours keep conversations for good."""
    has_complained = False
    while True:
        try:
            if hours:
                drop_idle(store, hours)
                await asyncio.to_thread(delete_older_than, hours)
            if file := settings.review():
                await asyncio.wrap_future(review.expire(file, settings.review_days()))
            has_complained = False
        except Exception as error:
            if not has_complained:
                logger.warning("Old conversations cannot be deleted: %s.", type(error).__name__)
            has_complained = True
        await asyncio.sleep(EVERY)


def _run(statement: str, values: dict[str, tuple[Any, ...]]) -> int:
    """Run a statement on the database that is in use, on none where conversations are in memory only."""
    url, path = settings.database_url(), settings.database()
    if url.startswith("postgres"):
        with _postgres(url) as cursor:
            cursor.execute(statement.format("%s"), values["postgres"])
            return int(cursor.rowcount)
    if path is None or not path.exists():
        return 0
    with _sqlite(path) as connection:
        return connection.execute(statement.format("?1"), values["sqlite"]).rowcount


@contextlib.contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        connection.execute("PRAGMA secure_delete=ON")
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
            yield connection
            # The log of the file still holds what was written: it is folded in, and emptied.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            raise sqlite3.DatabaseError("it has no table of conversations")
    finally:
        connection.close()


@contextlib.contextmanager
def _postgres(url: str) -> Iterator[Any]:
    import psycopg2

    options = f"-c statement_timeout={int(PATIENCE * 1000)}"
    connection = psycopg2.connect(url, connect_timeout=int(PATIENCE), options=options)
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
