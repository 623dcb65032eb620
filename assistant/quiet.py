"""Keeps the libraries' start-up noise away from people who only want to chat.

Nothing here hides a warning of our own code, nor "coroutine was never awaited".
"""

from __future__ import annotations

import logging
import os
import warnings

ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""A message is too small a matrix to share out: two threads take twice the time of the machine for it."""

LOGGERS = (
    "rasa",
    "apscheduler",
    "sanic.root",
    "sanic.access",
    "sanic.error",
    "matplotlib",
    "absl",
    "tensorflow",
    "slack_sdk",
)


def silence() -> None:
    """Turn off telemetry, banners and other people's deprecation warnings; call it before importing Rasa."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    import sanic.app  # noqa: F401 - its import sets a filter of its own, so ours must come after it

    for category in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
        warnings.filterwarnings("ignore", category=category)
    from sqlalchemy.exc import SADeprecationWarning

    warnings.filterwarnings("ignore", category=SADeprecationWarning)
    # Rasa says this to everybody who has a slot, whatever the slot.
    warnings.filterwarnings("ignore", message="Slot auto-fill has been removed", category=UserWarning)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
    _limit_structlog()


def one_thread() -> None:
    """Calculate on one thread; call it before anything imports NumPy."""
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")


def _limit_structlog() -> None:
    """Rasa logs user texts through structlog, at levels up to error; none of that belongs in a log."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
