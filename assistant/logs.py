"""What the log says, and what it never says: text, numbers, names or senders, at any level.

Our own lines are written with that in mind. Rasa, Sanic and other libraries put messages, trackers and
addresses into theirs; of a foreign line, only what its author wrote into the source is shown, with ``…``
where a value stood. Of an exception: its type and where it was raised, not what it says.
"""

from __future__ import annotations

import ast
import json
import linecache
import logging
import os
import re
import sys
import textwrap
import threading
import traceback
import warnings
from collections.abc import MutableMapping
from datetime import datetime, timezone
from functools import lru_cache
from types import TracebackType
from typing import Any, TypeGuard

from assistant import settings

OURS = ("assistant", "baclofen", "actions", "evaluation", "benchmarks")
"""Packages whose lines are shown as they are."""

HIDDEN = "…"

CHATTY = ("rasa", "rasa_sdk", "sanic", "sanic.root", "sanic.error", "sanic.access", "apscheduler", "absl")
"""Loggers of which only errors are shown, unless LOG_LEVEL is debug."""

LONGEST_CALL = 12
"""Lines of source that a call which logs may take."""

_PLACE = re.compile(r"%(?:\(\w+\))?[-+ #0]*[\d.*]*[a-zA-Z]|\{[^{}]*\}")
_METHODS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log")


def configure() -> None:
    """Set the form (LOG_FORMAT: text or json) and the level (LOG_LEVEL) of everything that is logged."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines() if not settings.logs_json() else _Json())
    logging.basicConfig(level=settings.log_level(), handlers=[handler], force=True)
    chatty = logging.ERROR if settings.log_level() > logging.DEBUG else logging.DEBUG
    for name, logger in list(logging.Logger.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and not is_ours(name):
            logger.handlers.clear()  # so that nobody prints past the formatter
            logger.propagate = True
    for name in CHATTY:
        logging.getLogger(name).setLevel(chatty)
    _catch_the_rest()


def say(text: str, level: int = logging.INFO) -> None:
    """Tell the operator something about the server as a whole: a plain line, or one of the JSON log."""
    if settings.logs_json():
        record = logging.LogRecord("assistant.launcher", level, __file__, 0, text, None, None)
        print(_Json().format(record), flush=True)
    else:
        print(text, file=sys.stdout if level < logging.WARNING else sys.stderr, flush=True)


def is_ours(name: str) -> bool:
    return name.partition(".")[0] in OURS


def safe_message(record: logging.LogRecord) -> str:
    """Return what may be shown of a record."""
    if is_ours(record.name):
        return record.getMessage()
    return f"{record.module}:{record.lineno}: {template(record.pathname, record.lineno) or HIDDEN}"


@lru_cache(maxsize=4096)
def template(path: str, line: int) -> str:
    """Return what the source says on a line that logs, without any value; empty when it cannot be told."""
    lines = linecache.getlines(path)[line - 1 : line - 1 + LONGEST_CALL]
    for count in range(1, len(lines) + 1):
        try:
            tree = ast.parse(textwrap.dedent("".join(lines[:count])))
        except SyntaxError:  # the call goes on
            continue
        call = next((node for node in ast.walk(tree) if _logs(node)), None)
        return " ".join(_PLACE.sub(HIDDEN, _written(call.args[0])).split()) if call else ""
    return ""


def _logs(node: ast.AST) -> TypeGuard[ast.Call]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    return node.func.attr in _METHODS and bool(node.args)


def _written(node: ast.expr) -> str:
    """Return the constant parts of an expression."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else HIDDEN
    if isinstance(node, ast.JoinedStr):
        return "".join(_written(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _written(node.left) + _written(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _written(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _written(node.func.value)
    return HIDDEN


def safe_exception(kind: type[BaseException] | None, trace: TracebackType | None) -> str:
    """Return the type of an exception and the lines of code that it came through."""
    frames = traceback.extract_tb(trace)
    lines = [f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join([*lines, kind.__name__ if kind else "an error"])


def _short(path: str) -> str:
    return path.rpartition("site-packages" + os.sep)[2]


class _Lines(logging.Formatter):
    """One plain line a record."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created).strftime("%Y-%m-%d %H:%M:%S")
        line = f"{when} {record.levelname} {record.name}: {safe_message(record)}"
        if record.exc_info:
            line += "\n" + safe_exception(record.exc_info[0], record.exc_info[2])
        return line


class _Json(logging.Formatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        noted: dict[str, Any] = getattr(record, "noted", {})
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "severity": record.levelname.lower(),
            "logger": record.name,
            "event": "turn" if noted else safe_message(record),
            **noted,
        }
        if record.exc_info:
            line["exception"] = safe_exception(record.exc_info[0], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _catch_the_rest() -> None:
    """Bring into the same form what would be printed past the log: warnings, structlog, uncaught errors."""
    import structlog

    warnings.showwarning = _warned
    structlog.configure(
        processors=[_event_only],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    sys.excepthook = lambda kind, _, trace: _uncaught(kind, trace)
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_traceback)
    sys.unraisablehook = lambda args: _uncaught(args.exc_type, args.exc_traceback)


def _event_only(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    """Drop all values of a line of structlog; its source is looked up like that of any other line."""
    return HIDDEN


def _warned(message: Warning | str, category: type[Warning], file: str, line: int, *_: Any) -> None:
    logging.getLogger("assistant.logs").warning("%s in %s:%d", category.__name__, _short(file), line)


def _uncaught(kind: type[BaseException], trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("assistant.logs").error("Uncaught error.", exc_info=(kind, BaseException(), trace))
