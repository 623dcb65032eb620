"""A bot that only writes down what a vendor sends it."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType

from aiohttp import web


@dataclass
class Heard:
    """A webhook as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    """Takes every request, keeps it, answers with what it was told to."""

    heard: list[Heard] = field(default_factory=list)
    answer: str = "ok"
    status: int = 200
    url: str = ""
    then: Callable[[Heard], Awaitable[None]] | None = None
    """What it does after a request."""

    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Listener:
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._hear)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _hear(self, request: web.Request) -> web.Response:
        heard = Heard(str(request.rel_url), dict(request.headers), await request.read())
        self.heard.append(heard)
        if self.then is not None:
            await self.then(heard)
        return web.Response(text=self.answer, status=self.status)
