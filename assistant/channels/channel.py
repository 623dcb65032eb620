"""The base of all messaging channels: receive, verify, de-duplicate, acknowledge; then it is answered.

A vendor's module says how its requests are verified and read, and how a message is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import hmac
import logging
from collections.abc import Sequence
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant import metrics, said_before, settings
from assistant.channels import variables
from assistant.channels.answering import Answering
from assistant.channels.deduplication import Seen
from assistant.channels.messages import Address, Received
from assistant.channels.sending import Outbox, Outcome
from assistant.chat_http import answer_errors, read_body, refuse, slot_reader
from assistant.exchange import OnNewMessage
from assistant.guard import Refusal
from assistant.journal import journal as journals
from assistant.journal.journal import Held
from assistant.journal.recovery import gravest_first
from assistant.overload import turns
from assistant.overload.limits import Limits
from baclofen import channel_shape
from baclofen.channel_shape import Part

logger = logging.getLogger(__name__)

LARGEST_BATCH = 512 * 1024
"""Bytes of one webhook call; Messenger puts several messages into one."""

MOST_UNDER_WAY = 2000
"""Messages that are being answered; beyond, a vendor is asked to send again later."""

LONGEST_BEFORE_ANSWER = 0.05
"""Seconds that a message waits for the journal where several processes share what they have taken."""


class Unverified(Exception):
    """A request that its vendor has not signed: 401 without a signature, 403 with a wrong one."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class MessagingChannel(InputChannel):
    """One channel. It is off, and has no routes, unless all its variables are set.

    Attributes:
        key: its name in ``variables.NEEDED`` and ``data/channels``.
    """

    key = ""

    def __init__(self) -> None:
        self.is_on = variables.state(self.key).is_on
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Return the channel; what it needs comes from the environment alone."""
        return cls()

    # What a vendor's module says.

    def secret(self) -> str:
        """Return what the vendor and we know; conversations are named by it, too."""
        raise NotImplementedError

    def verify(self, request: Request, body: bytes) -> None:
        """Check that the vendor sent the request.

        Raises:
            Unverified: it did not.
        """
        raise NotImplementedError

    def read(self, request: Request, body: bytes) -> Sequence[Received]:
        """Return the messages of users in a verified request; receipts and the like are none.

        Raises:
            ValueError: the body cannot be read.
        """
        raise NotImplementedError

    def acknowledgement(self, request: Request, body: bytes) -> HTTPResponse:
        """Return the answer to a verified request."""
        return response.empty(200)

    async def send(self, address: Address, part: Part) -> Outcome:
        """Try once to send a message."""
        raise NotImplementedError

    async def tapped(self, tap: str) -> None:
        """Tell the vendor that a button was seen."""

    async def open(self) -> None:
        """Make what needs a running event loop."""

    async def close(self) -> None:
        """End what :meth:`open` made."""

    # What is the same for all of them.

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes (see base class)."""
        routes = Blueprint(f"{self.name()}_webhook")
        if not self.is_on:
            return routes

        @routes.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"], stream=True)
        async def receive(request: Request) -> HTTPResponse:
            return await self.receive(request)

        @routes.listener("before_server_start")
        async def begin(app: Sanic, _: Any) -> None:
            answer_errors(app)
            self._seen = Seen(self.key, settings.redis_url())
            self.outbox = Outbox(self.key, self.send)
            self._answering = Answering(
                self.key,
                channel_shape.load_or_plain(self.key),
                self.outbox,
                on_new_message,
                slot_reader(app),
                self.sender_of,
                turns.of(app),
                Limits(settings.rate_per_sender()),
                functools.partial(said_before.find, app, self.key),
                functools.partial(said_before.last_offer, app),
            )
            self._journal = journals.of(app)
            await self.open()

        @routes.listener("after_server_start")
        async def resume(app: Sanic, _: Any) -> None:
            self._keep(asyncio.create_task(self._resume()))

        @routes.listener("before_server_stop")
        async def end(app: Sanic, _: Any) -> None:
            for task in self._tasks:
                task.cancel()
            await self.outbox.close()
            await self._seen.close()
            await self.close()

        @routes.listener("after_server_stop")
        async def leave(app: Sanic, _: Any) -> None:  # when no channel has anything to note any more
            await asyncio.to_thread(self._journal.close)

        return routes

    async def receive(self, request: Request) -> HTTPResponse:
        """Verify a request, acknowledge it, and have its messages answered."""
        body = await read_body(request, LARGEST_BATCH)
        if len(body) > LARGEST_BATCH:
            return refuse(request, Refusal(413, f"The body is larger than {LARGEST_BATCH} bytes.", {}))
        try:
            self.verify(request, body)
        except Unverified as error:
            metrics.signature_failure(self.key)
            return refuse(request, Refusal(error.status, "The request is not signed by the vendor.", {}))
        except Exception:  # a header or a body that the vendor's library cannot even read
            metrics.signature_failure(self.key)
            return refuse(request, Refusal(403, "The request is not signed by the vendor.", {}))
        if len(self._tasks) > MOST_UNDER_WAY:
            return refuse(request, Refusal(503, "Too much at once; send it again.", {}))
        try:
            messages = self.read(request, body)
        except Exception as error:  # a form that the vendor has changed: sending it again would not help
            logger.error("A request of %s could not be read: %s.", self.key, type(error).__name__)
            messages = []
        accepted = [held for message in messages if (held := await self._accept(message))]
        await asyncio.gather(*(held.wait() for held in accepted))  # from the 200 on it is ours alone
        return self.acknowledgement(request, body)

    async def _accept(self, message: Received) -> Held | None:
        """Hold a message and have it answered; None when it came before."""
        held = self._journal.accept(self.key, message.to_dict())
        if settings.redis_url():  # whoever says there that a message is taken must not lose it
            await held.wait(LONGEST_BEFORE_ANSWER)
        if not await self._seen.is_new(message.id):
            held.complete()
            metrics.duplicate(self.key)
            return None
        self._answer(message, held)
        return held

    async def _resume(self) -> None:
        """Answer what a process that was killed had accepted, the gravest first."""
        async for held, message in gravest_first(await self._journal.recovered(self.key)):
            await self._seen.is_new(message.id)  # its vendor may send it again
            if held.is_expired:
                self._answering.last_resort(message, held)
                held.complete()
            else:
                self._answer(message, held)

    def _answer(self, message: Received, held: Held) -> None:
        self._keep(asyncio.create_task(self._answered(message, held)))

    async def _answered(self, message: Received, held: Held) -> None:
        if message.tap and not held.is_recovered:
            self._in_background(self.tapped(message.tap))
        try:
            await self._answering.answer(message, held)
        except Exception as error:
            logger.error("A message from %s was not answered: %s.", self.key, type(error).__name__)
            logger.debug("It failed here.", exc_info=True)
            self._answering.last_resort(message, held)
        held.complete()

    def _in_background(self, work: Any) -> None:
        async def quietly() -> None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(work, 10)

        self._keep(asyncio.create_task(quietly()))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def sender_of(self, person: str) -> str:
        """Return the name of a person's conversation.

        It tells nobody a telephone number, and nobody who lacks the secret can name somebody else's.
        """
        digest = hmac.new(self.secret().encode(), person.encode(), hashlib.sha256)
        return f"{self.key}:{digest.hexdigest()[:40]}"


def is_same(shown: str | None, expected: str) -> bool:
    """Compare a secret in constant time.

    Raises:
        Unverified: nothing was shown.
    """
    if not shown:
        raise Unverified(401)
    return bool(expected) and hmac.compare_digest(shown.encode(), expected.encode())
