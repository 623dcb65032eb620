"""The way out: in order for each conversation, tried again within bounds, emergencies first in line.

No vendor waits for another, because each channel has an outbox of its own. Inside one, a message that
hangs holds up what follows it in its conversation and nothing else; the grave messages of a conversation do
not wait for its calm ones.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Literal

from assistant import metrics, tracing
from assistant.channels.messages import Address
from assistant.journal.journal import Held
from assistant.overload.line import GRAVE, Line
from baclofen.channel_shape import Part

logger = logging.getLogger(__name__)

TIME_OUT = 10.0
"""Seconds that one attempt may take."""

AT_ONCE = 32
"""Messages under way to one vendor."""

RESERVED = 8
"""Of these, places that only emergencies take."""

LONGEST_LINE = 50
"""Messages that wait in one conversation."""

LONGEST_QUEUE = 2000
"""Messages that wait for one vendor; emergencies are taken up to twice as many."""

GIVE_UP = {True: 900.0, False: 120.0}
"""Seconds after which a grave and a calm message is given up."""

BACK_OFF, LONGEST_BACK_OFF = 0.5, 15.0
"""Seconds: the ceiling of the first wait, doubled each time up to the longest; the wait is a random share."""


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt.

    Attributes:
        state: ``refused`` means that the same message would be refused again.
        code: the vendor's own number of the error or the HTTP status; never its words, which may quote a
            telephone number.
        wait: seconds that the vendor asks to wait.
        is_shared: the wait is for all messages, not for this conversation alone.
    """

    state: Literal["sent", "later", "refused"]
    code: str = ""
    wait: float = 0.0
    is_shared: bool = False


@dataclass(frozen=True)
class Outgoing:
    """One message on its way.

    Attributes:
        conversation: what is sent in order.
        level: of the reply that it is a part of.
        instead: where it goes when the vendor refuses the first address.
        held: the accepted message that it answers a part of, told what becomes of it.
        key: the name of the part there.
    """

    conversation: str
    address: Address
    part: Part
    level: str = "none"
    rank: int = 2
    instead: Address | None = None
    held: Held | None = None
    key: str = ""

    @property
    def is_grave(self) -> bool:
        return self.rank == GRAVE


Attempt = Callable[[Address, Part], Awaitable[Outcome]]


class Outbox:
    """The messages to one vendor.

    Attributes:
        counts: ``sent``, ``tried_again``, ``dropped``, ``undelivered`` and ``undelivered_emergency``.
    """

    def __init__(self, channel: str, attempt: Attempt) -> None:
        self._channel = channel
        self._attempt = attempt
        self._lines: dict[tuple[str, bool], deque[Outgoing]] = {}
        self._workers: dict[tuple[str, bool], asyncio.Task[None]] = {}
        self._line = Line(AT_ONCE, RESERVED)
        self._waiting = 0
        self._not_before = 0.0
        self.counts: Counter[str] = Counter()

    def put(self, message: Outgoing) -> bool:
        """Queue a message; say whether there was room for it."""
        key = (message.conversation, message.is_grave)
        line = self._lines.setdefault(key, deque())
        most = LONGEST_QUEUE * (2 if message.is_grave else 1)
        if self._waiting >= most or len(line) >= LONGEST_LINE:
            if not line:
                self._lines.pop(key, None)
            self._lost(message, "dropped", "the queue is full")
            _settle(message)
            return False
        line.append(message)
        self._waiting += 1
        if key not in self._workers:
            self._workers[key] = asyncio.create_task(self._work(key))
        return True

    @property
    def waiting(self) -> int:
        """How many messages have not been sent yet."""
        return self._waiting

    async def close(self) -> None:
        """End all that is under way."""
        for worker in list(self._workers.values()):
            worker.cancel()
        await asyncio.gather(*self._workers.values(), return_exceptions=True)

    async def _work(self, key: tuple[str, bool]) -> None:
        line = self._lines[key]
        try:
            while line:
                message = line.popleft()
                try:
                    await self._deliver(message)
                except Exception as error:
                    self._lost(message, "undelivered", type(error).__name__)
                    _settle(message)
                else:
                    _settle(message)
                finally:
                    self._waiting -= 1
        finally:
            self._lines.pop(key, None)
            self._workers.pop(key, None)

    async def _deliver(self, message: Outgoing) -> None:
        """Try until it is sent, refused or too late; what is refused is tried once in plainer shape."""
        now = asyncio.get_running_loop().time
        too_late = now() + GIVE_UP[message.is_grave]
        tries = 0
        while True:
            if self._not_before > too_late:
                return self._lost(message, "undelivered", "the vendor asks to wait too long")
            await asyncio.sleep(max(0.0, self._not_before - now()))
            async with self._line.place(message.rank):
                if message.held is not None:
                    message.held.trying(message.key)
                outcome = await self._try(message)
            if outcome.state == "sent":
                self.counts["sent"] += 1
                if message.held is not None:
                    message.held.sent(message.key)
                return None
            if outcome.state == "refused":
                plainer = _plainer(message)
                if plainer is None:
                    return self._lost(message, "undelivered", outcome.code)
                message = plainer
                continue
            wait = outcome.wait or random.uniform(0.0, min(LONGEST_BACK_OFF, BACK_OFF * 2**tries))
            tries += 1
            if outcome.is_shared:
                self._not_before = max(self._not_before, now() + wait)
            if now() + wait > too_late:
                return self._lost(message, "undelivered", outcome.code)
            self.counts["tried_again"] += 1
            await asyncio.sleep(wait)

    async def _try(self, message: Outgoing) -> Outcome:
        try:
            with tracing.span("send", channel=self._channel):
                outcome = await asyncio.wait_for(self._attempt(message.address, message.part), TIME_OUT)
        except asyncio.TimeoutError:
            outcome = Outcome("later", "time-out")
        except OSError as error:  # refused, reset, no such host
            outcome = Outcome("later", type(error).__name__)
        if outcome.state != "sent":
            metrics.vendor_failure(self._channel)
        return outcome

    def _lost(self, message: Outgoing, how: str, why: str) -> None:
        self.counts[how] += 1
        metrics.undeliverable(self._channel, message.level)
        if message.is_grave:
            self.counts["undelivered_emergency"] += 1
            logger.error("A message of an emergency could not be sent by %s: %s.", self._channel, why)
        else:
            logger.warning("A message could not be sent by %s: %s.", self._channel, why)


def _settle(message: Outgoing) -> None:
    if message.held is not None:
        message.held.settled()


def _plainer(message: Outgoing) -> Outgoing | None:
    """Return what is worth a try after a refusal: without anything to tap, then to the other address."""
    part = message.part
    if part.choices or part.calls:
        return replace(message, part=replace(part, choices=(), calls=()))
    if message.instead is not None:
        return replace(message, address=message.instead, instead=None)
    return None
