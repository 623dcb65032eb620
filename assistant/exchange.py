"""One message and its reply: what the guard says at once, what Rasa adds, what nobody said in the end.

Every channel answers through here, so that the order of the words is the same on all of them.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from assistant import metrics, wire
from assistant.conversation import Heard, keep_verdict
from assistant.guard import LONGEST_TEXT, Incoming
from assistant.overload.line import rank_of
from assistant.overload.turns import Full, Turns
from assistant.payloads import without_slash
from assistant.said_before import stored_id

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

Reply = dict[str, Any]
"""A message of a reply as Rasa has it: ``text``, ``custom`` and ``buttons``, as far as it has them."""

logger = logging.getLogger(__name__)

GRAVE_PATIENCE = 0.7
"""Seconds after which an emergency's reply goes out with what there is: a plain reply comes within one."""

PATIENCE = 10.0
"""The same for all other replies."""


class GuardedOutput(CollectingOutputChannel):
    """Collects what Rasa says, less what the guard has said already.

    Rasa still records every message in its tracker; only the user is spared the second copy.

    Attributes:
        is_busy: Rasa had no room for the message.
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_busy = False
        self.said: set[str] = set()
        self.queue: asyncio.Queue[Reply | None] = asyncio.Queue()

    @classmethod
    def name(cls) -> str:
        return "rest"

    async def send_response(self, recipient_id: str, message: Reply) -> None:
        """Queue a message of Rasa's (see base class)."""
        action = message.pop("utter_action", None) or "an answer"
        if action in self.said and action.startswith("utter_"):
            return
        self.said.add(action)
        self.queue.put_nowait(message)

    def say(self, action: str, heard: Heard) -> Reply:
        """Return the words of an action as the guard says them."""
        self.said.add(action)
        return wire.safe_reply(action, heard)

    def missing(self, heard: Heard) -> list[Reply]:
        """Return what the level calls for and nobody said; a useful sentence when nothing was said at all."""
        replies = [
            self.say(action, heard) for action in wire.spoken_actions(heard.level) if action not in self.said
        ]
        if self.is_busy and not heard.is_grave:  # nobody in danger is told to wait
            return [*replies, self.say("utter_busy", heard)]
        return replies if self.said else [self.say("utter_no_answer", heard)]

    def drain(self) -> list[Reply]:
        """Return what was queued."""
        replies = []
        while not self.queue.empty():
            reply = self.queue.get_nowait()
            if reply is not None:
                replies.append(reply)
        return replies


class Exchange:
    """The reply to one message that was heard.

    Args:
        channel: the name by which Rasa's tracker knows where the message came from.
        on_new_message: hands the message to Rasa.
        turns: keeps the tasks that go on when the reply is complete or its reader is gone.
        patience: seconds that a calm reply waits for Rasa.
        line: where the turn waits for its time; None begins it at once.
        is_shed: leave Rasa's turn out: the sender is beyond a limit.
    """

    def __init__(
        self,
        incoming: Incoming,
        heard: Heard,
        channel: str,
        on_new_message: OnNewMessage,
        turns: set[asyncio.Task[None]],
        patience: float = PATIENCE,
        line: Turns | None = None,
        is_shed: bool = False,
    ) -> None:
        self._incoming = incoming
        self._heard = heard
        self._channel = channel
        self._on_new_message = on_new_message
        self._turns = turns
        self._patience = patience
        self._line = line
        self._is_shed = is_shed
        self._output = GuardedOutput()

    async def all_at_once(self) -> list[Reply]:
        """Return the whole reply, or what there is of it when the patience ends."""
        heard, output = self._heard, self._output
        first = [output.say(f"utter_{heard.level}", heard)] if heard.is_grave else []
        turn = self._start()
        await asyncio.wait({turn}, timeout=GRAVE_PATIENCE if heard.is_grave else self._patience)
        return first + output.drain() + output.missing(heard)

    async def as_they_come(self) -> AsyncIterator[Reply]:
        """Yield each message of the reply as soon as it is there, the emergency words first."""
        heard, output = self._heard, self._output
        if heard.is_grave:
            yield output.say(f"utter_{heard.level}", heard)
        self._start()
        now = asyncio.get_running_loop().time
        end = now() + self._patience
        care_by = now() + GRAVE_PATIENCE if heard.is_grave else end
        while True:
            try:
                reply = await asyncio.wait_for(output.queue.get(), max(0.0, min(care_by, end) - now()))
            except asyncio.TimeoutError:
                if care_by >= end:
                    break
                care_by = end  # Rasa may still answer; the care does not wait for it
                for late in output.missing(heard):
                    yield late
                continue
            if reply is None:
                break
            yield reply
        for late in output.missing(heard):
            yield late

    def _start(self) -> asyncio.Task[None]:
        """Begin Rasa's turn; it goes on when the request has been answered or the client is gone."""
        incoming, named = self._incoming, self._incoming.message_id
        message = UserMessage(
            without_slash(incoming.text)[:LONGEST_TEXT],
            self._output,
            incoming.sender,
            input_channel=self._channel,
            message_id=stored_id(self._channel, incoming.sender, named) if named else uuid.uuid4().hex,
            metadata=dict(incoming.metadata),
        )
        if self._heard.triage:
            keep_verdict(message.message_id, self._heard.triage)
        turn: asyncio.Task[None] = asyncio.create_task(_turn(self._when_due, message, self._output))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        return turn

    async def _when_due(self, message: UserMessage) -> None:
        if self._is_shed:
            raise Full
        if self._line is None:
            await self._on_new_message(message)
        else:
            rank = rank_of(self._heard.level)
            await self._line.run(message.sender_id, rank, lambda: self._on_new_message(message))


async def _turn(on_new_message: OnNewMessage, message: UserMessage, output: GuardedOutput) -> None:
    try:
        await on_new_message(message)
    except Full:
        metrics.shed()
        output.is_busy = True
    except Exception as error:  # the guard completes the reply
        metrics.turn_failure(message.input_channel)
        logger.error("A turn failed: %s.", type(error).__name__)
        logger.debug("The turn failed here.", exc_info=True)
    finally:
        output.queue.put_nowait(None)
