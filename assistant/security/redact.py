"""Takes secrets out of whatever is logged: libraries write addresses with passwords into their errors."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping

SHORTEST = 6
"""Characters; anything shorter would blacken ordinary words."""

_NAME = re.compile(r"(TOKEN|SECRET|PASSWORD|VERIFY|KEY|SID)$")
_PASSWORD = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")
INSTEAD = "[secret]"


def secrets_of(environ: Mapping[str, str]) -> list[str]:
    """Return the secrets of an environment, the longest first: variables by name, passwords in addresses."""
    named = {value.strip() for name, value in environ.items() if _NAME.search(name)}
    passwords = {word for value in environ.values() for word in _PASSWORD.findall(value)}
    return sorted((word for word in named | passwords if len(word) >= SHORTEST), key=len, reverse=True)


class Redacting(logging.Formatter):
    """Formats as another formatter does, less the secrets; traces are formatted text by then, too."""

    def __init__(self, inner: logging.Formatter | None, secrets: list[str]) -> None:
        super().__init__()
        self._inner = inner or logging.Formatter()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the line (see base class)."""
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, INSTEAD)
        return line


def redact_logs() -> None:
    """Have every handler leave out the secrets; call it when logging is set up. Twice is as good as once."""
    secrets = secrets_of(os.environ)
    for name in (None, *logging.root.manager.loggerDict):
        for handler in logging.getLogger(name).handlers:
            if not isinstance(handler.formatter, Redacting):
                handler.setFormatter(Redacting(handler.formatter, secrets))
