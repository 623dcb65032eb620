"""Runs the custom actions inside Rasa's process: no second server that could die.

rasa-sdk runs a plain action on the event loop, where one that hangs would freeze every conversation; here
each runs in a thread of a small pool and is given up after a few seconds.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from assistant import metrics
from assistant.turn import NO_ANSWER

logger = logging.getLogger(__name__)

THREADS = 8
PATIENCE = 3.0
"""Seconds that an action may take."""


class InProcessActions(EndpointConfig):
    """Stands in for the action server's address.

    Args:
        package: the package whose actions are run.
    """

    def __init__(self, package: str) -> None:
        super().__init__(url=f"in-process://{package}", selective_domain=True)
        self._executor = ActionExecutor()
        logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)  # one line an action otherwise
        self._executor.register_package(package)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="actions")
        self._running = 0

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the actions that can be run."""
        return frozenset(self._executor.actions)

    async def request(self, *_: Any, **kwargs: Any) -> dict[str, Any]:
        """Run the action of ``kwargs["json"]`` and return what an action server would.

        An action that raises or takes too long answers with ``utter_no_answer``.
        """
        call = kwargs["json"]
        try:
            if self._running >= THREADS * 4:
                raise TimeoutError("all threads are taken")
            result = await asyncio.wait_for(self._run(call), PATIENCE)
            return result or {"events": [], "responses": []}
        except Exception as error:  # whatever the action does, the conversation goes on
            metrics.action_failure(str(call.get("next_action")))
            logger.error("%s failed: %s.", call.get("next_action"), type(error).__name__)
            logger.debug("The action failed here.", exc_info=True)
            return {"events": [], "responses": [{"response": NO_ANSWER}]}

    async def _run(self, call: dict[str, Any]) -> dict[str, Any] | None:
        self._running += 1
        work = self._threads.submit(lambda: asyncio.run(self._executor.run(call)))
        work.add_done_callback(self._one_less)
        return await asyncio.wrap_future(work)

    def _one_less(self, _: Any) -> None:
        self._running -= 1
