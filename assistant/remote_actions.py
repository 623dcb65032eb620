"""Runs the custom actions on a server of their own, and in this process while that server cannot be used.

Rasa waits five minutes for an action server, with the conversation locked meanwhile, and answers nothing when
there is none (https://github.com/RasaHQ/rasa/issues/9789).
"""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from assistant.in_process_actions import InProcessActions
from assistant.stores.breaker import Breaker

PATIENCE = 2.0
"""Seconds that the server may take for an action."""


class RemoteActions(InProcessActions):
    """The action server at an address, with this process behind it.

    Args:
        url: address of the server's webhook.
        package: the package whose actions are run here instead; the server should run the same.
    """

    def __init__(self, url: str, package: str) -> None:
        super().__init__(package)
        self._remote = EndpointConfig(url=url, selective_domain=True)
        self.breaker = Breaker("ACTION_ENDPOINT_URL", "Actions are run in this process for now.")

    async def request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run an action (see base class)."""
        if self.breaker.allows():
            try:
                call = self._remote.request(*args, **{**kwargs, "timeout": PATIENCE})
                result: dict[str, Any] | None = await asyncio.wait_for(call, PATIENCE)
                self.breaker.succeeded()
                if result is not None:
                    return result
            except ClientResponseError:
                pass  # the server is well, the action failed there; it may not fail here
            except Exception as error:  # dead, slow, or speaks something else
                self.breaker.failed(error)
        return await super().request(*args, **kwargs)
