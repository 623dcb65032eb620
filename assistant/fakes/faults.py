"""Ways to fail that can be switched on while a fake vendor runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

KINDS = ("none", "429", "500", "hang", "slow", "drop")
"""Too many requests; an error; no answer until the client gives up; late by ``seconds``; the connection
closes without an answer."""

LONGEST_HANG = 3600.0
"""Seconds; a client that waits longer gets a dropped connection."""


@dataclass
class Faults:
    """What goes wrong at present.

    Attributes:
        kind: one of :data:`KINDS`.
        seconds: how late an answer is (slow), or how long the client is told to wait (429).
        times: calls that still fail; None is all of them.
        method: the one API method that fails; empty is all of them.
        copies: how often each webhook is delivered, 1 or more.
        swapped: webhooks that are delivered together come in reverse order.
    """

    kind: str = "none"
    seconds: float = 1.0
    times: int | None = None
    method: str = ""
    copies: int = 1
    swapped: bool = False

    def change(self, **values: Any) -> None:
        """Set some fields.

        Raises:
            ValueError: there is no such field or kind, or a number is out of range.
        """
        unknown = set(values) - set(self.__dataclass_fields__)
        if unknown:
            raise ValueError(f"No such fault: {', '.join(sorted(unknown))}.")
        if values.get("kind", self.kind) not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}.")
        copies, seconds, times = (values.get(k, getattr(self, k)) for k in ("copies", "seconds", "times"))
        if not isinstance(copies, int) or copies < 1:
            raise ValueError("copies must be 1 or more.")
        if not isinstance(seconds, (int, float)) or seconds < 0:
            raise ValueError("seconds must not be negative.")
        if times is not None and (not isinstance(times, int) or times < 0):
            raise ValueError("times must be null, 0 or more.")
        for name, value in values.items():
            setattr(self, name, value)

    def due(self, method: str) -> str:
        """Return the kind of failure that this call meets, and count it."""
        if self.kind == "none" or (self.method and self.method != method) or self.times == 0:
            return "none"
        if self.times is not None:
            self.times -= 1
        return self.kind

    async def meet(
        self,
        method: str,
        request: web.Request,
        refuse: Callable[[int, float], web.Response],
        serve: Callable[[], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Answer a call, or fail in the way that is switched on."""
        kind = self.due(method)
        if kind in ("429", "500"):
            return refuse(int(kind), self.seconds)
        if kind == "slow":
            await asyncio.sleep(self.seconds)
        elif kind in ("hang", "drop"):
            if kind == "hang":
                await asyncio.sleep(LONGEST_HANG)
            if request.transport is not None:
                request.transport.close()
        return await serve()
