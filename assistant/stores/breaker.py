"""Leaves a server alone for a while after a failure, so that only one caller in a while waits for it."""

from __future__ import annotations

import logging
import time

from assistant import metrics

logger = logging.getLogger(__name__)

REST_SECONDS = 3.0
"""How long a server is left alone after a failure."""

STORES = {
    "DATABASE": "trackers",
    "DATABASE_URL": "trackers",
    "REDIS_URL": "locks",
    "RABBITMQ_URL": "broker",
    "ACTION_ENDPOINT_URL": "actions",
}
"""What ``assistant.metrics`` calls the server or file that a setting names."""


class Breaker:
    """Says whether a server may be asked, and logs when it fails and when it is back, once each.

    Args:
        setting: the variable that names the server, for the log.
        meanwhile: what happens while it is away, for the log.
        rest: seconds until it is tried again.
    """

    def __init__(self, setting: str, meanwhile: str, rest: float = REST_SECONDS) -> None:
        self.setting = setting
        self._meanwhile = meanwhile
        self._rest = rest
        self._rests_until = 0.0
        self.is_failing = False

    def allows(self) -> bool:
        """Say whether to ask the server; while it fails, one caller may try it after each rest."""
        if not self.is_failing:
            return True
        now = time.monotonic()
        if now < self._rests_until:
            return False
        self._rests_until = now + self._rest  # the others do not wait for the outcome
        return True

    def failed(self, error: BaseException) -> None:
        """Note a failure; the error is logged by its type only, since its text may quote a message."""
        self._rests_until = time.monotonic() + self._rest
        if not self.is_failing:
            self.is_failing = True
            metrics.store_failover(STORES[self.setting])
            logger.warning(
                "%s: the server or file cannot be used (%s). %s",
                self.setting,
                type(error).__name__,
                self._meanwhile,
            )

    def succeeded(self) -> None:
        """Note that the server answered."""
        if self.is_failing:
            self.is_failing = False
            metrics.store_back(STORES[self.setting])
            logger.warning("%s: the server or file can be used again.", self.setting)

    def try_now(self) -> None:
        """End the rest, so that the next caller tries."""
        self._rests_until = 0.0
