"""``python -m assistant forget``: delete one conversation, or all that are older than some hours."""

from __future__ import annotations

import argparse
import sqlite3
import sys

from assistant import retention, settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say whom or what to forget."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("sender", nargs="?", help="whose conversation to delete")
    what.add_argument("--older-than", type=_hours, metavar="HOURS", help="delete what is older")


def _hours(value: str) -> float:
    hours = float(value)
    if hours < 0:
        raise argparse.ArgumentTypeError("must be 0 or more hours")
    return hours


def forget(options: argparse.Namespace) -> int:
    """Delete; print what was done and return 0, or 1 when the database could not be used."""
    is_told = options.sender is not None and retention.ask_the_bot(options.sender)
    try:
        if options.sender is not None:
            count = retention.delete_sender(options.sender)
        else:
            count = retention.delete_older_than(options.older_than)
    except (OSError, sqlite3.Error) as error:
        return _failed(error)
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "psycopg2":
            raise
        return _failed(error)
    if is_told:
        print("The running bot has deleted the conversation from its memory and from the database.")
    else:
        print(f"{count} rows deleted from the database.")
    if options.sender is not None and not is_told:
        where = f"http://{settings.host()}:{settings.port()}"
        print(f"No bot answered at {where}; one that runs elsewhere still has it in its memory (HOST, PORT).")
    return 0


def _failed(error: Exception) -> int:
    print(f"Nothing was deleted: the database cannot be used ({type(error).__name__}).", file=sys.stderr)
    return 1
