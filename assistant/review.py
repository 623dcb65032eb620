"""Collects what clinicians are to look at: escalations and questions that were not understood.

Nothing is collected unless ``REVIEW`` names a file. A row holds the day, what was heard, and the message
without what may tell who wrote it (:mod:`baclofen.redaction`), taken out before anything is written; no
sender, no time of day, and nothing that joins two messages of one person.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import logging
import sys
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from assistant import settings

if TYPE_CHECKING:
    from assistant.turn import Turn

logger = logging.getLogger(__name__)

ESCALATIONS = ("emergency", "crisis", "urgent")
SYNTHETIC = ("probe", "warm-up")
"""Conversations of the bot with itself."""

LARGEST = 20_000_000
"""Bytes of the file, beyond which nothing is added."""

WAITING = 100
"""Rows that may wait to be written; more are left out."""

HEARD = ("id", "day", "kind", "level", "signs", "readers", "intent", "language", "country", "text")
ASKED = ("right_level", "also_ok", "right_intent", "note", "reviewer")
"""Columns that the reviewer fills in; ``also_ok`` holds other levels that would do, separated by blanks."""

_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to spreadsheet programs."""

_writer = ThreadPoolExecutor(1, thread_name_prefix="review")


def note(turn: Turn, text: str, intent: str, sender: str) -> None:
    """Have a message collected, if it is to be; never raises and never holds up the turn."""
    file = settings.review()
    if file is None or sender in SYNTHETIC or _writer._work_queue.qsize() > WAITING:
        return
    level = turn.heard.level
    if level in ESCALATIONS or turn.is_unsure:
        _writer.submit(_write, file, turn, text, intent)


def _write(file: Path, turn: Turn, text: str, intent: str) -> None:
    try:
        if file.exists() and file.stat().st_size > LARGEST:
            return
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row(turn, text, intent), ensure_ascii=False) + "\n")
    except Exception as error:
        logger.warning("A row for review was not written: %s.", type(error).__name__)


def row(turn: Turn, text: str, intent: str) -> dict[str, Any]:
    """Return what is kept of a message."""
    from baclofen import redaction  # not for the command line, which only copies

    heard, place = turn.heard, turn.heard.place
    country = place.country.code if place and place.country else None
    signs = heard.triage.signs if heard.triage else ()
    return {
        "id": uuid.uuid4().hex,
        "day": date.today().isoformat(),
        "kind": "escalation" if heard.level in ESCALATIONS else "miss",
        "level": heard.level,
        "signs": list(dict.fromkeys(sign.key for sign in signs)),
        "readers": sorted({sign.reader for sign in signs}),
        "intent": intent,
        "language": heard.language,
        "country": country,
        "text": redaction.redact(text, country),
    }


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file; a line that is none is left out."""
    if not file.exists():
        return
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict) and set(HEARD) <= found.keys():
                yield found


def forget_older_than(file: Path, days: float) -> int:
    """Delete rows that are older; return how many."""
    first = (date.today() - timedelta(days=days)).isoformat()
    known = list(rows(file))
    kept = [found for found in known if found["day"] >= first]
    if len(kept) < len(known):
        new = file.with_suffix(".new")
        new.write_text("".join(json.dumps(found, ensure_ascii=False) + "\n" for found in kept), "utf-8")
        new.replace(file)
    return len(known) - len(kept)


def expire(file: Path, days: float) -> Future[int]:
    """Delete old rows where rows are written, so that none is lost that comes meanwhile."""
    return _writer.submit(forget_older_than, file, days)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say in which form to write, and where to."""
    parser.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    parser.add_argument("--kind", choices=("escalation", "miss"), help="only these")
    parser.add_argument("--older-than", type=float, metavar="DAYS", help="delete older rows instead")
    parser.add_argument("file", nargs="?", type=Path, help="where to; standard output when left out")


def export(options: argparse.Namespace) -> int:
    """Write the collected rows; return 0, or 1 when nothing is collected."""
    file = settings.review()
    if file is None:
        print("Nothing is collected: REVIEW names no file.", file=sys.stderr)
        return 1
    if options.older_than is not None:
        print(f"{forget_older_than(file, options.older_than)} rows deleted.")
        return 0
    found = [r for r in rows(file) if options.kind in (None, r["kind"])]
    out = io.StringIO(newline="")
    (write_csv if options.format == "csv" else write_jsonl)(found, out)
    if options.file is None:
        sys.stdout.write(out.getvalue())
        return 0
    options.file.write_text(out.getvalue(), "utf-8", newline="")
    print(f"{len(found)} rows in {options.file}. Look for names before it goes further: no list is complete.")
    return 0


def write_jsonl(found: Iterable[dict[str, Any]], out: TextIO) -> None:
    """Write rows as JSON, one a line, with empty answers."""
    for each in found:
        line = {name: each[name] for name in HEARD} | dict.fromkeys(ASKED, "")
        out.write(json.dumps(line, ensure_ascii=False) + "\n")


def write_csv(found: Iterable[dict[str, Any]], out: TextIO) -> None:
    """Write rows as a table that spreadsheet programs open, with empty columns for the answers."""
    writer = csv.DictWriter(out, [*HEARD, *ASKED])
    writer.writeheader()
    for each in found:
        writer.writerow({name: _cell(each[name]) for name in HEARD} | dict.fromkeys(ASKED, ""))


def _cell(value: Any) -> str:
    shown = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{shown}" if shown.startswith(_RISKY) else shown
