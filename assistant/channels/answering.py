"""How a message from a messaging channel is answered: guard, Rasa, shape, outbox."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from assistant.channels.carrier import OptedOut
from assistant.channels.messages import Address, Received
from assistant.channels.sending import Outbox, Outgoing
from assistant.conversation import Conversation, Heard, hear
from assistant.exchange import Exchange, OnNewMessage, Reply
from assistant.guard import CONVERSATIONS, Guard, Incoming, ReadSlots
from assistant.journal.journal import Held
from assistant.observe import Turn
from assistant.overload.limits import Limits
from assistant.overload.line import rank_of
from assistant.overload.turns import Turns
from assistant.security import offered
from assistant.wire import last_resort, safe_reply, spoken_actions, to_response
from baclofen import channel_shape, channel_words, wording
from baclofen.channel_shape import Choice, Part, Shape

logger = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds for Rasa's answer to a calm message: nobody holds a connection open for it."""

SaidBefore = Callable[[str, str], Awaitable[list[Reply]]]
"""Returns what was said to a message of a sender, by the message's id; empty where no answer is stored."""

LastOffer = Callable[[str], Awaitable[tuple[float, list[str]]]]
"""Returns when something was said last to a sender, by any process, and the payloads to choose from then."""

_DIGIT = re.compile(r"\s*([1-9])[.)\s]*\Z")


@dataclass(frozen=True)
class _Way:
    """Whose conversation a reply belongs to and where it goes."""

    sender: str
    address: Address
    instead: Address | None
    level: str
    held: Held | None = None


class Answering:
    """Answers the messages of one channel.

    Args:
        channel: its name.
        sender_of: names the conversation of a person.
        turns: where Rasa's turns wait for their time.
        limits: of one sender; beyond, Rasa's turn is left out.
        said_before: finds the answer that a process that was killed has stored.
        last_offer: finds what another process, or an earlier one, has offered.
    """

    def __init__(
        self,
        channel: str,
        shape: Shape,
        outbox: Outbox,
        on_new_message: OnNewMessage,
        read_slots: ReadSlots,
        sender_of: Callable[[str], str],
        turns: Turns,
        limits: Limits,
        said_before: SaidBefore,
        last_offer: LastOffer,
    ) -> None:
        self._channel = channel
        self._shape = shape
        self._outbox = outbox
        self._on_new_message = on_new_message
        self._read_slots = read_slots
        self._sender_of = sender_of
        self._guard = Guard()
        self._line = turns
        self._limits = limits
        self._said_before = said_before
        self._last_offer = last_offer
        self._turns: set[asyncio.Task[None]] = set()
        self._offered: OrderedDict[str, tuple[float, list[str]]] = OrderedDict()
        self._opted_out = OptedOut(channel)

    async def answer(self, message: Received, held: Held | None = None) -> None:
        """Answer a message; in a group only one to the bot or an emergency.

        Args:
            held: the message in the journal; what a process that was killed has sent is not sent again.
        """
        turn = Turn(self._channel)
        alone = hear(message.text, Conversation(), message.metadata) if message.is_group else None
        if alone is not None and not message.is_addressed and not alone.is_grave:
            return
        person, address, instead = message.person, message.address, None
        if alone is not None and alone.level == "crisis" and message.private:
            private = message.private
            person, address, instead = private.person, private.address, private.instead
        sender = self._sender_of(person)
        text = offered.as_text(sender, await self._chosen(sender, message.text))
        incoming = Incoming(sender, text, message.metadata, message.id)
        heard = turn.heard(await self._guard.hear(incoming, self._read_slots))
        way = _Way(sender, address, instead, heard.level, held)
        if self._shape.keywords and await self._is_for_the_carrier(message, heard, way):
            return
        notice = [] if message.kind == "text" else [self._notice(message.kind, heard)]
        if not heard.is_grave:
            self._send(notice, way, heard)
        if text.strip():
            await self._converse(incoming, heard, way, turn)
        elif heard.is_grave:  # nothing to read, but somebody is in danger
            self._send([safe_reply(action, heard) for action in spoken_actions(heard.level)], way, heard)
        if heard.is_grave:
            self._send(notice, way, heard)

    def last_resort(self, message: Received, held: Held | None = None) -> None:
        """Say a number, whatever is broken."""
        sender = self._sender_of(message.person)
        self._put(Part(last_resort()["text"]), _Way(sender, message.address, None, "emergency", held))

    async def _converse(self, incoming: Incoming, heard: Heard, way: _Way, turn: Turn) -> None:
        """Send each message of the reply as it comes; choices that only work at the end wait for the end."""
        held: Reply | None = None
        choices: list[dict[str, str]] = []
        is_first = True
        async for reply in turn.follow(self._replies(incoming, heard, way)):
            if heard.is_grave and is_first or not self._shape.keeps_choices_last:
                self._send([reply], way, heard)
            else:
                self._send([held] if held else [], way, heard)
                choices = reply.get("buttons") or choices
                bare = {name: value for name, value in reply.items() if name != "buttons"}
                held = bare if choices else None
                self._send([] if choices else [bare], way, heard)
            is_first = False
        if held is not None:
            self._send([{**held, "buttons": [] if _asks(heard) else choices}], way, heard)

    async def _replies(self, incoming: Incoming, heard: Heard, way: _Way) -> AsyncIterator[Reply]:
        """Yield the reply: the one that is stored if the process was killed after it had been made."""
        if way.held is not None and way.held.is_recovered:
            said = await self._said_before(incoming.sender, incoming.message_id)
            for reply in said:
                yield reply
            if said:
                return
        is_shed = not (way.held and way.held.is_recovered) and bool(self._limits.exceeded_by(way.sender))
        exchange = Exchange(
            incoming, heard, self._channel, self._on_new_message, self._turns, PATIENCE, self._line, is_shed
        )
        async for reply in exchange.as_they_come():
            yield reply

    def _send(self, replies: list[Reply], way: _Way, heard: Heard) -> None:
        words = wording.load(heard.language)
        for reply in replies:
            offered.remember(way.sender, reply)
            for part in channel_shape.parts(reply, self._shape, words):
                self._offer(way.sender, part.numbered)
                self._put(part, way)

    def _put(self, part: Part, way: _Way) -> None:
        key = hashlib.sha256(part.text.encode()).hexdigest()[:16]
        if way.held is not None and not way.held.expects(key):
            return
        rank = rank_of(way.level)
        self._outbox.put(Outgoing(way.sender, way.address, part, way.level, rank, way.instead, way.held, key))

    def _notice(self, key: str, heard: Heard) -> Reply:
        return to_response(channel_words.notice(key, heard.place, heard.language))

    # Choices by digit.

    def _offer(self, sender: str, choices: tuple[Choice, ...]) -> None:
        self._offered[sender] = time.time(), [choice.payload for choice in choices]
        self._offered.move_to_end(sender)
        while len(self._offered) > CONVERSATIONS:
            self._offered.popitem(last=False)

    async def _chosen(self, sender: str, text: str) -> str:
        """Return what a digit stands for, if the last message offered choices; any other text as it is.

        The last message may have been another process's: whichever is the later one counts.
        """
        match = _DIGIT.match(text)
        if match is None:
            return text
        said = self._offered.get(sender, (0.0, []))
        if self._shape.style == "numbered":
            said = max(said, await self._last_offer(sender), key=lambda offer: offer[0])
        choices = said[1][: self._shape.most_choices]
        if int(match[1]) > len(choices):
            return text
        payload = choices[int(match[1]) - 1]
        offered.remember(sender, {"buttons": [{"payload": payload}]})  # perhaps by another process
        return payload

    # Stop, start and help.

    async def _is_for_the_carrier(self, message: Received, heard: Heard, way: _Way) -> bool:
        """Do what a carrier demands; say whether nothing else is to be said."""
        keyword = self._shape.keyword(message.text)
        is_out = self._opted_out.holds(way.sender)
        if keyword == "stop":
            self._opted_out.add(way.sender)
            if not message.carrier_answered and not is_out:
                self._send([self._notice("stop", heard)], way, heard)
            return True
        if keyword == "start" or (keyword == "start_after_stop" and is_out):
            self._opted_out.discard(way.sender)
            self._send([self._notice("start", heard)], way, heard)
            return True
        if keyword == "help":
            self._send([self._notice("help", heard)], way, heard)
            return not heard.is_grave
        if is_out and heard.is_grave:
            self._opted_out.unanswered += 1
            logger.error("An emergency of somebody who texted STOP was not answered on %s.", self._channel)
        return is_out


def _asks(heard: Heard) -> bool:
    """Say whether the reply asks something that a digit or a yes would answer."""
    return heard.triage is not None and bool(heard.triage.episode.asked)
