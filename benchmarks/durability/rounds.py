"""One kill: people write, the bot dies, comes back, and everybody is counted."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from benchmarks.durability.bot import Bot
from benchmarks.durability.vendor import SECRET, Vendor

CANARY = "zebrafinch"
"""A word of every message; it must not be in a journal once everybody is answered."""

EMERGENCIES = ("he is not breathing", "she won't wake up after her baclofen", "his lips are turning blue")
CALM = ("What is baclofen?", "What is baclofen used for?", "can i drink alcohol with it", "hello")
SHARE = 0.3
"""Of the messages, those of emergencies."""

WRITERS, WIDGETS = 16, 4
WINDOW = 1.2
"""Seconds in which they write."""

DIES_AGAIN = 0.2
"""Share of the rounds in which the bot is killed once more while it recovers."""

PATIENCE = 60.0
_numbers = itertools.count(int(time.time() * 1000))


@dataclass
class Message:
    """One message by Telegram, each of another person."""

    chat: int
    text: str
    is_grave: bool
    update: int = field(default_factory=lambda: next(_numbers))
    is_acknowledged: bool = False


@dataclass
class Widget:
    """One message by the widget's channel."""

    text: str
    sender: str = field(default_factory=lambda: uuid.uuid4().hex)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    replies: list[list[str]] = field(default_factory=list)
    attempts: int = 0


class Rounds:
    """Rounds on one bot.

    Attributes:
        counts: what came of all rounds so far.
        unanswered: what no answer came to, a line for each: none, if the bot does what it says.
    """

    def __init__(self, bot: Bot, vendor: Vendor, chance: random.Random) -> None:
        self._bot = bot
        self._vendor = vendor
        self._chance = chance
        self.counts: Counter[str] = Counter()
        self.unanswered: list[str] = []
        self.waits: list[float] = []

    async def play(self) -> None:
        """Have people write, kill the bot, start it again, and count."""
        writers, widgets = self._people()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as client:
            tasks = [self._later(self._call(client, m)) for m in writers]
            tasks += [self._later(self._ask(client, w)) for w in widgets]
            writing = [asyncio.create_task(task) for task in tasks]
            await asyncio.sleep(self._chance.uniform(0.02, WINDOW + 0.6))
            again = self._chance.random() < DIES_AGAIN
            held = self._kill(writers)
            await asyncio.gather(*writing)
            if again:
                await self._bot.start()
                await asyncio.sleep(self._chance.uniform(0.0, 0.4))
                self._kill(writers)
            started = time.monotonic()
            await self._bot.start()
            ready = time.monotonic()
            recovered = [m for m in writers if m.update in held]
            await self._until(lambda: all(self._is_answered(m) for m in recovered))
            self._order(recovered, started, ready)
            for message in writers:  # as Telegram does
                if not message.is_acknowledged:
                    self.counts["sent_again"] += 1
                    await self._call(client, message)
            for widget in widgets:
                if not widget.replies:
                    await self._ask(client, widget)
            await self._until(lambda: all(self._is_answered(m) for m in writers))
            await self._count(client, writers, widgets)

    def _people(self) -> tuple[list[Message], list[Widget]]:
        writers = []
        for _ in range(WRITERS):
            is_grave = self._chance.random() < SHARE
            text = self._chance.choice(EMERGENCIES if is_grave else CALM)
            writers.append(Message(next(_numbers), f"{text} {CANARY}" if is_grave else text, is_grave))
        widgets = [Widget(self._chance.choice(EMERGENCIES + CALM)) for _ in range(WIDGETS)]
        return writers, widgets

    async def _later(self, work: Awaitable[None]) -> None:
        await asyncio.sleep(self._chance.uniform(0, WINDOW))
        await work

    def _kill(self, writers: list[Message]) -> set[int]:
        """Kill, and return the updates that the journal holds."""
        self._bot.kill()
        self.counts["kills"] += 1
        lines = self._bot.held()
        held = {int(line.content["id"]) for line in lines}
        self.counts["in_doubt"] += sum(sum((line.tried - line.sent).values()) for line in lines)
        self.counts["held_at_a_kill"] += len(held)
        lost = [m for m in writers if m.is_acknowledged and m.update not in held and not self._is_answered(m)]
        self.unanswered += [f"acknowledged, not held: {m.text}" for m in lost]
        return held

    async def _call(self, client: aiohttp.ClientSession, message: Message) -> None:
        who = {"id": message.chat, "is_bot": False, "first_name": "A"}
        update = {
            "update_id": message.update,
            "message": {
                "message_id": message.update,
                "date": 0,
                "from": who,
                "chat": {"id": message.chat, "type": "private"},
                "text": message.text,
            },
        }
        try:
            async with client.post(
                f"http://127.0.0.1:{self._bot.port}/webhooks/telegram/webhook",
                json=update,
                headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
            ) as reply:
                message.is_acknowledged = message.is_acknowledged or reply.status == 200
        except (aiohttp.ClientError, OSError):
            return

    async def _ask(self, client: aiohttp.ClientSession, widget: Widget) -> None:
        widget.attempts += 1
        body = {"sender": widget.sender, "message": widget.text, "message_id": widget.id}
        try:
            async with client.post(
                f"http://127.0.0.1:{self._bot.port}/webhooks/rest/webhook", json=body
            ) as reply:
                said = await reply.json()
                widget.replies.append([part["text"] for part in said if "text" in part])
        except (aiohttp.ClientError, OSError):
            return

    def _is_answered(self, message: Message) -> bool:
        """Say whether a calm message has its answer, and a grave one its first words and the care."""
        texts = {sent.text for sent in self._vendor.sent.get(message.chat, ())}
        return len(texts) >= (2 if message.is_grave else 1)

    async def _until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not holds() and time.monotonic() < end:
            await asyncio.sleep(0.02)

    def _order(self, recovered: list[Message], started: float, ready: float) -> None:
        """Count calm answers that came before the first words of somebody in danger did."""
        late = {}
        for message in recovered:
            times = [sent.at for sent in self._vendor.sent.get(message.chat, ())]
            if times and min(times) >= started:  # nobody had told them anything before
                late[message.update] = min(times)
        grave = [late[m.update] for m in recovered if m.is_grave and m.update in late]
        calm = [late[m.update] for m in recovered if not m.is_grave and m.update in late]
        self.counts["recovered_emergencies"] += len(grave)
        self.counts["recovered_calm"] += len(calm)
        self.waits += [max(0.0, at - ready) for at in grave]
        if grave:
            self.counts["calm_before_an_emergency"] += sum(at < max(grave) for at in calm)

    async def _count(
        self, client: aiohttp.ClientSession, writers: list[Message], widgets: list[Widget]
    ) -> None:
        self.counts["messages"] += len(writers)
        self.counts["emergencies"] += sum(m.is_grave for m in writers)
        for message in writers:
            if not self._is_answered(message):
                self.unanswered.append(f"no answer: {message.text}")
            texts = Counter(sent.text for sent in self._vendor.sent.get(message.chat, ()))
            self.counts["parts"] += len(texts)
            self.counts["repeats"] += sum(texts.values()) - len(texts)
        for widget in widgets:
            self.counts["widget_messages"] += 1
            self.counts["widget_resent"] += widget.attempts > 1
            if not any(widget.replies):
                self.unanswered.append(f"no answer in the widget: {widget.text}")
            before = len(widget.replies)
            await self._ask(client, widget)  # once more, to see that it stays one turn
            if widget.replies[before:] != widget.replies[:1]:
                self.counts["widget_other_words"] += 1
        turns = self._bot.turns_of([widget.sender for widget in widgets])
        self.counts["widget_second_turns"] += sum(number > 1 for number in turns.values())
        await self._until(lambda: CANARY.encode() not in self._bot.journal_bytes())
        if CANARY.encode() in self._bot.journal_bytes():
            self.unanswered.append("a text is still in the journal after it was answered")
