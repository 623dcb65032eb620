"""What all fake vendors share: the server, the record of what came, the delivery of webhooks."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import secrets
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from assistant.fakes.faults import Faults
from assistant.fakes.shapes import Button, Refused, Sent, Webhook

Handler = Any
DELIVERY_PATIENCE = 15.0
"""Seconds until a vendor gives a webhook up; Twilio's limit, the others' are of its kind."""

CONTROL = "/_fake"


@dataclass(frozen=True)
class Answer:
    """What the bot said to a webhook.

    Attributes:
        status: of HTTP; 0 when nobody answered.
        body: the acknowledgement, or why there is none.
        seconds: until it was complete.
    """

    status: int
    body: str
    seconds: float


class Rejection(Exception):
    """The vendor refuses a call."""

    def __init__(self, status: int, code: str | int, reason: str, **more: Any) -> None:
        super().__init__(reason)
        self.status, self.code, self.reason, self.more = status, str(code), reason, more


class Fake(ABC):
    """A vendor on a port of this machine.

    Use it as ``async with Telegram(bot) as vendor:``, or call ``start`` and ``stop``.

    Attributes:
        bot: where the bot answers, ``http://127.0.0.1:5005``; webhooks go there.
        public_url: the address of the bot as the vendor knows it (``PUBLIC_URL``); where a signature covers
            the address, it covers this one.
        sent: what the bot sent and the vendor took, oldest first.
        refused: the bot's calls that the vendor refused.
        port: where it listens, 0 until it is started.
    """

    name: ClassVar[str]
    default_port: ClassVar[int]
    handshakes: ClassVar[bool] = False
    user: str
    """Who writes when nobody is named."""

    def __init__(self, bot: str = "http://127.0.0.1:5005", public_url: str = "") -> None:
        self.bot = bot.rstrip("/")
        self.public_url = (public_url or bot).rstrip("/")
        self.faults = Faults()
        self.sent: list[Sent] = []
        self.refused: list[Refused] = []
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._client: ClientSession | None = None
        self._changed = asyncio.Event()
        self.port = 0

    # The server -------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        listener = socket.create_server(("127.0.0.1", port))
        self.port = int(listener.getsockname()[1])
        self._changed = asyncio.Event()
        app = web.Application(client_max_size=2**22)
        app.router.add_post(f"{CONTROL}/faults", self._set_faults)
        app.router.add_get(f"{CONTROL}/sent", self._list)
        app.router.add_delete(f"{CONTROL}/sent", self._forget)
        app.router.add_post(f"{CONTROL}/say", self._say)
        self.add_routes(app.router)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        self._client = ClientSession(timeout=ClientTimeout(total=DELIVERY_PATIENCE))

    async def stop(self) -> None:
        """Stop listening; calls that hang are cut off."""
        if self._client is not None:
            await self._client.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Any:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # What each vendor does its own way --------------------------------------------------------------------

    @abstractmethod
    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the API's paths."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Return the variables that the bot needs to talk to this vendor."""

    @abstractmethod
    def message(self, text: str, user: str = "", group: str = "") -> Webhook:
        """Return the webhook of a text that a user writes, in a group or in private."""

    @abstractmethod
    def media(self, kind: str, user: str = "") -> Webhook:
        """Return the webhook of something that is no text: photo, voice, sticker or location."""

    @abstractmethod
    def press(self, button: Button, user: str = "") -> Webhook | None:
        """Return the webhook of a tapped button; None where buttons of that kind send nothing."""

    @abstractmethod
    def refusal(self, status: int, seconds: float) -> web.Response:
        """Return the vendor's 429 (wait ``seconds``) or 500."""

    async def handshake(self) -> str:
        """Do what the vendor does when a webhook is set up; return what went wrong, else nothing."""
        return ""

    # Webhooks ---------------------------------------------------------------------------------------------

    async def post(self, webhook: Webhook) -> Answer:
        """Send one request to the bot."""
        assert self._client is not None, "start it first"
        begin = time.monotonic()
        try:
            async with self._client.post(
                webhook.url, data=webhook.body, headers=dict(webhook.headers)
            ) as reply:
                body = await reply.text(errors="replace")
                return Answer(reply.status, body, time.monotonic() - begin)
        except (ClientError, OSError, asyncio.TimeoutError) as error:
            return Answer(0, str(error) or type(error).__name__, time.monotonic() - begin)

    async def deliver(self, webhooks: Iterable[Webhook]) -> list[Answer]:
        """Send requests with the faults of delivery: several copies at once, the order reversed."""
        given: Sequence[Webhook] = list(webhooks)
        if self.faults.swapped:
            given = given[::-1]
        answers: list[Answer] = []
        for webhook in given:
            copies = (self.post(self.again(webhook, number)) for number in range(self.faults.copies))
            answers += await asyncio.gather(*copies)
        return answers

    def again(self, webhook: Webhook, number: int) -> Webhook:
        """Return the ``number``-th retry of a webhook; 0 is the first delivery."""
        return webhook

    async def say(self, text: str, user: str = "") -> list[Answer]:
        """Write as a user."""
        return await self.deliver([self.message(text, user)])

    async def settled(self, since: int, first: float, then: float) -> list[Sent]:
        """Return what came after the first ``since`` messages once nothing more comes.

        Args:
            first: seconds to wait for the first of them.
            then: seconds without another one until it counts as all.
        """
        patience, seen = first, since
        while True:
            self._changed.clear()
            if len(self.sent) > seen:
                seen, patience = len(self.sent), then
            try:
                await asyncio.wait_for(self._changed.wait(), patience)
            except asyncio.TimeoutError:
                return self.sent[since:]

    # Calls of the bot -------------------------------------------------------------------------------------

    async def call(self, method: str, request: web.Request, serve: Handler) -> web.StreamResponse:
        """Answer a call through the faults; a :class:`Rejection` becomes the vendor's error."""

        async def served() -> web.StreamResponse:
            try:
                answer: web.StreamResponse = await serve(request)
                return answer
            except Rejection as why:
                self.refused.append(Refused(method, why.status, why.code, why.reason))
                return self.error(why)

        def refuse(status: int, seconds: float) -> web.Response:
            self.refused.append(Refused(method, status, str(status), "switched on"))
            return self.refusal(status, seconds)

        return await self.faults.meet(method, request, refuse, served)

    @abstractmethod
    def error(self, why: Rejection) -> web.Response:
        """Return the vendor's error message."""

    def take(self, method: str, to: str, text: str, raw: Mapping[str, Any], **more: Any) -> None:
        """Record a message that the vendor takes."""
        self.sent.append(Sent(method, to, text, dict(raw), time.monotonic(), **more))
        self._changed.set()

    def number(self) -> int:
        """Return the next of a series."""
        return next(self._numbers)

    # Switches over HTTP -----------------------------------------------------------------------------------

    async def _set_faults(self, request: web.Request) -> web.Response:
        try:
            self.faults.change(**json.loads(await request.text() or "{}"))
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(asdict(self.faults))

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"sent": [asdict(sent) for sent in self.sent], "refused": [asdict(r) for r in self.refused]}
        )

    async def _forget(self, _: web.Request) -> web.Response:
        self.sent.clear()
        self.refused.clear()
        return web.json_response({})

    async def _say(self, request: web.Request) -> web.Response:
        asked = await read(request)
        answers = await self.say(str(asked.get("text", "")), str(asked.get("user", "")))
        return web.json_response([asdict(answer) for answer in answers])


async def read(request: web.Request) -> dict[str, Any]:
    """Return the parameters of a call: of the address, and of a body in JSON or as a form."""
    found: dict[str, Any] = dict(request.query)
    if "json" in request.content_type:
        with contextlib.suppress(ValueError):
            body = json.loads(await request.text())
            found.update(body if isinstance(body, dict) else {})
    else:
        found.update(await request.post())
    return found


def token(length: int) -> str:
    """Return random hexadecimal digits, as vendors' ids have them."""
    return secrets.token_hex(length)[:length]
