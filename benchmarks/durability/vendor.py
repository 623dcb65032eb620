"""A server that stands for Telegram: takes what the bot sends, a little slowly, and says when."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from dataclasses import dataclass

from aiohttp import web

TOKEN, SECRET = "4242:token-of-a-benchmark", "secret_of_a_benchmark"

SLOWEST = 0.08
"""Seconds that it takes to answer at most: time in which a kill leaves the bot in doubt."""


@dataclass(frozen=True)
class Sent:
    """A message that the bot sent: when, and what."""

    at: float
    text: str


class Vendor:
    """Listens on a free port of this machine."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.sent: dict[int, list[Sent]] = defaultdict(list)

    async def start(self) -> None:
        """Begin to listen."""
        app = web.Application()
        app.router.add_post("/bot{token}/sendMessage", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()

    def environment(self) -> dict[str, str]:
        """Return the variables that have a bot send here."""
        return {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_SECRET_TOKEN": SECRET,
            "TELEGRAM_API_BASE": f"http://127.0.0.1:{self.port}",
        }

    async def _take(self, request: web.Request) -> web.Response:
        try:
            body = await request.json()
        except ConnectionError:  # the bot was killed in the middle of it
            return web.Response(status=400)
        self.sent[int(body["chat_id"])].append(Sent(time.monotonic(), str(body["text"])))
        await asyncio.sleep(self._chance.uniform(0, SLOWEST))
        return web.json_response({"ok": True, "result": {}})
