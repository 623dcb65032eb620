"""A connection that breaks in the middle of an answer: a proxy that cuts after the first words."""

from __future__ import annotations

import asyncio
import contextlib


class Proxy:
    """Forwards to a port; once armed it cuts the connection that carries a text from the server, after it.

    Args:
        target: port of the server. after: what the last piece before the cut holds.
    """

    def __init__(self, target: int, after: bytes) -> None:
        self._target, self._after = target, after
        self.armed = False
        self.port = 0
        self._server: asyncio.base_events.Server | None = None

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()

    async def _serve(self, near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        far, ask = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(self._pass(near, ask), self._pass(far, answer, True), return_exceptions=True)

    async def _pass(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, is_answer: bool = False
    ) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(65536):
                if is_answer and self.armed and self._after in piece:
                    self.armed = False
                    end = piece.index(b"\n", piece.index(self._after)) + 1 if b"\n" in piece else len(piece)
                    target.write(piece[:end])
                    await target.drain()
                    await asyncio.sleep(0.02)
                    target.transport.abort()
                    return
                target.write(piece)
                await target.drain()
        target.close()
