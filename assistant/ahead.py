"""What takes seconds to make and nobody needs at the start: made in the background, before somebody asks."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)


def begin() -> threading.Thread:
    """Begin to make it all beside the server, which answers meanwhile; who asks too early waits as before."""
    thread = threading.Thread(target=make, args=(_all(),), name="ahead", daemon=True)
    thread.start()
    return thread


def make(makers: list[Callable[[], object]]) -> None:
    """Call each; one that fails is left to the first request, which then says why."""
    for maker in makers:
        try:
            maker()
        except Exception as error:
            logger.warning("%s was not made ahead: %s.", maker.__name__, type(error).__name__)
            logger.debug("It failed here.", exc_info=True)


def _all() -> list[Callable[[], object]]:
    from assistant import sign_list

    return [sign_list.script]
