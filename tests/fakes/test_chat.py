"""The chat in the terminal, from a pipe, with a bot that answers over the vendor's API."""

from __future__ import annotations

import asyncio
import io
import json
import shlex
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest

from assistant.fakes import FAKES, Facebook, Fake, Slack, Telegram, Twilio
from assistant.fakes.__main__ import line
from assistant.fakes.chat import Chat
from tests.fakes.listener import Heard, Listener


async def talk(vendor: Fake, lines: str, user: str = "") -> int:
    return await Chat(vendor, user or vendor.user, first=0.3, then=0.1).run(io.StringIO(lines))


def answering(vendor: Telegram, *texts: str, **more: Any) -> Any:
    """Return what a bot does after a webhook: it sends these texts."""

    async def answer(_: Heard) -> None:
        async with aiohttp.ClientSession() as client:
            for text in texts:
                body = {"chat_id": vendor.user, "text": text, **more}
                async with client.post(f"{vendor.url}/bot{vendor.token}/sendMessage", json=body):
                    pass

    return answer


@pytest.mark.asyncio
async def test_a_chat_shows_words_buttons_and_links_and_a_number_taps(
    bot: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    more, site = {"text": "More", "callback_data": "/more"}, {"text": "Map", "url": "https://x.example"}
    async with Telegram(bot.url) as vendor:
        bot.then = answering(vendor, "Call 112 now.", reply_markup={"inline_keyboard": [[more], [site]]})
        assert await talk(vendor, "he wont wake up\n\n1\n2\n:voice\n") == 0
    shown = capsys.readouterr().out
    assert "you> he wont wake up\nbot> Call 112 now.\n     [1] More\n" in shown
    assert "     [2] Map  -> https://x.example" in shown
    updates = [json.loads(heard.body) for heard in bot.heard]
    assert updates[1]["callback_query"]["data"] == "/more"
    assert "(opens https://x.example)" in shown  # which sends nothing
    assert len(updates) == 3
    assert "voice" in updates[2]["message"]


@pytest.mark.asyncio
async def test_silence_and_a_refused_answer_are_shown_and_fail(
    bot: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Telegram(bot.url) as vendor:
        assert await talk(vendor, "hello\n") == 1
        bot.then = answering(vendor, "x" * 5000)
        assert await talk(vendor, "hello\n") == 1
    shown = capsys.readouterr().out
    assert "(The bot sent nothing.)" in shown
    assert "! Telegram refused sendMessage: 400 Bad Request: message is too long" in shown


@pytest.mark.asyncio
async def test_a_bot_that_refuses_the_webhook_fails(
    bot: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.status, bot.answer = 403, "no"
    async with Slack(bot.url) as vendor:
        assert await talk(vendor, "hello\n") == 1
    shown = capsys.readouterr().out
    assert "did not return Slack's challenge" in shown
    assert "The bot refused the webhook: HTTP 403. no" in shown


@pytest.mark.asyncio
async def test_a_text_in_several_messages_says_so(bot: Listener, capsys: pytest.CaptureFixture[str]) -> None:
    async with Twilio(bot.url) as vendor:

        async def answer(heard: Heard) -> None:
            to = parse_qs(heard.body.decode())["From"][0]
            auth = aiohttp.BasicAuth(vendor.account, vendor.auth_token)
            path = f"/2010-04-01/Accounts/{vendor.account}/Messages.json"
            body = {"To": to, "From": vendor.numbers[0], "Body": "x" * 161}
            async with (
                aiohttp.ClientSession() as client,
                client.post(vendor.url + path, data=body, auth=auth) as reply,
            ):
                assert reply.status == 201

        bot.then = answer
        assert await talk(vendor, "hello\n") == 0
    assert "bot (2 text messages)> xxx" in capsys.readouterr().out


@pytest.mark.parametrize("channel", list(FAKES))
def test_every_stand_in_names_the_variables_that_start_the_bot(channel: str) -> None:
    names = {
        Twilio: {
            "TWILIO_API_BASE",
            "TWILIO_ACCOUNT_SID",
            "TWILIO_AUTH_TOKEN",
            "TWILIO_NUMBER",
            "TWILIO_WHATSAPP_NUMBER",
            "PUBLIC_URL",
        },
        Telegram: {"TELEGRAM_API_BASE", "TELEGRAM_TOKEN", "TELEGRAM_SECRET_TOKEN"},
        Slack: {"SLACK_API_BASE", "SLACK_TOKEN", "SLACK_SIGNING_SECRET"},
        Facebook: {"FACEBOOK_API_BASE", "FACEBOOK_VERIFY", "FACEBOOK_SECRET", "FACEBOOK_PAGE_TOKEN"},
    }
    variables = FAKES[channel]().environment()
    assert set(variables) == names[FAKES[channel]]
    assert shlex.split(line(variables)) == [*(f"{k}={v}" for k, v in variables.items()), "make", "run"]


def test_the_command_says_that_nobody_answers_and_how_to_start_the_bot() -> None:
    command = [
        sys.executable,
        "-m",
        "assistant.fakes",
        "whatsapp",
        "--bot",
        "http://127.0.0.1:9",
        "--port",
        "0",
    ]
    done = subprocess.run(command, input="hello\n", capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "TWILIO_WHATSAPP_NUMBER=+15005550007 PUBLIC_URL=http://127.0.0.1:9 make run" in done.stdout
    assert "TWILIO_NUMBER" not in done.stdout
    assert "Nobody answers at http://127.0.0.1:9." in done.stdout
    assert done.stderr == ""


@pytest.mark.asyncio
async def test_a_port_that_is_taken_is_said(bot: Listener) -> None:
    port = bot.url.rpartition(":")[2]
    command = [sys.executable, "-m", "assistant.fakes", "slack", "--port", port]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert f"Cannot serve on port {port}" in errors.decode()
