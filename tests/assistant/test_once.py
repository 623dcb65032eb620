"""A message that is sent twice with one id is answered once, and its reply comes twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from assistant.once import Replies, Reply


async def _two(gate: asyncio.Event) -> AsyncIterator[dict[str, Any]]:
    yield {"text": "one"}
    await gate.wait()
    yield {"text": "two"}


async def _all(reply: Reply) -> list[str]:
    return [message["text"] async for message in reply.follow()]


def test_who_comes_late_gets_what_was_said_and_what_comes() -> None:
    async def talk() -> list[list[str]]:
        gate, reply = asyncio.Event(), Reply()
        filling = asyncio.create_task(reply.fill(_two(gate)))
        first = asyncio.create_task(_all(reply))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(_all(reply))
        await asyncio.sleep(0.01)
        gate.set()
        await filling
        return [await first, await second, await _all(reply)]

    assert asyncio.run(talk()) == [["one", "two"]] * 3


def test_a_reply_that_failed_is_said_to_have_failed_and_is_not_kept() -> None:
    async def broken() -> AsyncIterator[dict[str, Any]]:
        yield {"text": "one"}
        raise ValueError("broken")

    async def talk() -> None:
        replies = Replies()
        reply = replies.begin("anna", "1")
        await reply.fill(broken())
        assert replies.find("anna", "1") is None
        with pytest.raises(ValueError, match="broken"):
            await _all(reply)

    asyncio.run(talk())


def test_replies_are_found_by_sender_and_id_alone() -> None:
    async def talk() -> None:
        replies = Replies(size=2)
        reply = replies.begin("anna", "1")
        assert replies.find("anna", "1") is reply
        assert replies.find("ben", "1") is None
        assert replies.find("anna", "") is None
        replies.forget("anna")
        assert replies.find("anna", "1") is None
        for number in "abc":
            replies.begin("ben", number)
        assert replies.find("ben", "a") is None
        assert replies.find("ben", "c") is not None

    asyncio.run(talk())
