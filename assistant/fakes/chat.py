"""A chat in the terminal with a bot behind a fake vendor."""

from __future__ import annotations

import asyncio
import time
from typing import TextIO

from assistant.fakes.server import Answer, Fake
from assistant.fakes.shapes import Button, Sent, Webhook
from assistant.fakes.twilio import Twilio, segments

THINGS = ("photo", "voice", "sticker", "location")
NOBODY = "Nobody answers at {bot}. Start the bot with the line above."
SILENCE = "(The bot sent nothing.)"
BETWEEN = 0.5
"""Seconds between two looks for the bot."""


class Chat:
    """One user's conversation.

    Args:
        wait: seconds that the bot gets to start.
        first: seconds that the bot gets for its first message.
        then: seconds without another message until the answer counts as whole.
    """

    def __init__(
        self, vendor: Fake, user: str, wait: float = 0.0, first: float = 12.0, then: float = 1.0
    ) -> None:
        self._vendor, self._user, self._wait = vendor, user, wait
        self._first, self._then = first, then
        self._buttons: tuple[Button, ...] = ()
        self._failed = False

    async def run(self, source: TextIO, greeting: str = "") -> int:
        """Send every line and show what comes back; return 0 when the bot took and answered each.

        Args:
            source: where the lines come from.
            greeting: shown first, to a person; a person's empty line ends the chat.
        """
        await self._wait_for_bot()
        if problem := await self._vendor.handshake():
            print(problem)
            self._failed = True
        if greeting:
            print(greeting)
        while line := await self._read(source, bool(greeting)):
            text = line.strip()
            if greeting and not text:
                break
            if text:
                await self._say(text, echo=not greeting)
        return int(self._failed)

    async def _read(self, source: TextIO, is_person: bool) -> str:
        if is_person:
            print("\nyou> ", end="", flush=True)
        return await asyncio.to_thread(source.readline)

    async def _wait_for_bot(self) -> None:
        end_at = time.monotonic() + self._wait
        while time.monotonic() < end_at:
            if (await self._vendor.post(Webhook(self._vendor.bot, b""))).status:
                return
            await asyncio.sleep(BETWEEN)

    async def _say(self, text: str, echo: bool) -> None:
        if echo:
            print(f"you> {text}")
        button = self._button(text)
        since = len(self._vendor.sent)
        refused = len(self._vendor.refused)
        webhook = self._vendor.press(button, self._user) if button else self._webhook(text)
        answers = await self._vendor.deliver([webhook]) if webhook else []
        if button and button.url:
            print(f"(opens {button.url})")
        if self._show_trouble(answers) or (button and button.url):
            return
        found = await self._vendor.settled(since, self._first, self._then)
        mine = [sent for sent in found if not isinstance(self._vendor, Twilio) or sent.to == self._user]
        self._buttons = ()
        for sent in mine:
            self._show(sent)
        for refusal in self._vendor.refused[refused:]:
            print(f"  ! {self._vendor.name} refused {refusal.method}: {refusal.code} {refusal.reason}")
            self._failed = True
        if not mine:
            print(SILENCE)
            self._failed = True

    def _button(self, text: str) -> Button | None:
        is_number = text.isdecimal() and 1 <= int(text) <= len(self._buttons)
        return self._buttons[int(text) - 1] if is_number else None

    def _webhook(self, text: str) -> Webhook:
        if text[:1] == ":" and text[1:] in THINGS:
            return self._vendor.media(text[1:], self._user)
        return self._vendor.message(text, self._user)

    def _show_trouble(self, answers: list[Answer]) -> bool:
        if not answers or 200 <= answers[0].status < 300:
            return False
        answer = answers[0]
        self._failed = True
        if answer.status:
            print(f"The bot refused the webhook: HTTP {answer.status}. {answer.body[:200]}")
        else:
            print(NOBODY.format(bot=self._vendor.bot))
        return True

    def _show(self, sent: Sent) -> None:
        mark = "bot> "
        is_sms = isinstance(self._vendor, Twilio) and not sent.to.startswith("whatsapp:")
        if is_sms and segments(sent.text) > 1:
            mark = f"bot ({segments(sent.text)} text messages)> "
        if sent.only_for:
            mark = "bot (only you see this)> "
        print(mark + sent.text.replace("\n", "\n     "))
        for button in sent.buttons:
            self._buttons = (*self._buttons, button)
            goes = f"  -> {button.url}" if button.url else ""
            print(f"     [{len(self._buttons)}] {button.title}{goes}")
