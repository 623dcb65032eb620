"""The sender, against a small real server."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from benchmarks.figures import Sample
from benchmarks.load import TURNS, Answer, Connection, send

Reply = Callable[[dict[str, Any], asyncio.StreamWriter], Awaitable[None]]

PAUSE = 1.0
"""Seconds between the two messages of the streamed answer."""


async def read_request(reader: asyncio.StreamReader) -> tuple[str, dict[str, Any]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length:")[1].split("\r\n")[0])
    return head.split(" ")[1], json.loads(await reader.readexactly(length))


def plain(content: Any, status: str = "200 OK", more: str = "") -> bytes:
    body = json.dumps(content).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


async def echo(heard: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    writer.write(plain([{"recipient_id": heard["sender"], "text": heard["message"]}]))


class Server:
    """Answers every request with ``reply`` and keeps what it heard."""

    def __init__(self, reply: Reply = echo) -> None:
        self.heard: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.connections = 0
        self._reply = reply

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while not writer.is_closing():
                path, content = await read_request(reader)
                self.paths.append(path)
                self.heard.append(content)
                await self._reply(content, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def __aenter__(self) -> tuple[str, int]:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        return host, port

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()


def ask(server: Server, count: int, senders: int = 1, right: bool = True, stream: bool = False) -> Sample:
    async def all_of_it() -> Sample:
        async with server as address:
            return await send(address, itertools.cycle("ab"), count, senders, lambda _: right, stream)

    return asyncio.run(all_of_it())


def post(server: Server, times: int = 1) -> list[Answer]:
    async def all_of_it() -> list[Answer]:
        async with server as address:
            connection = Connection(*address)
            answers = [await connection.post("/", {"sender": "s", "message": "m"}) for _ in range(times)]
            await connection.close()
            return answers

    return asyncio.run(all_of_it())


def test_every_message_is_sent_once_and_timed() -> None:
    server = Server()
    sample = ask(server, 25)
    assert len(server.heard) == len(sample.times_ms) == 25
    assert (sample.wrong, sample.failed) == (0, 0)
    assert all(time > 0 for time in sample.times_ms)


def test_the_texts_are_taken_in_turn() -> None:
    server = Server()
    ask(server, 4)
    assert [heard["message"] for heard in server.heard] == ["a", "b", "a", "b"]


def test_a_new_conversation_begins_after_ten_messages() -> None:
    server = Server()
    ask(server, 2 * TURNS + 1)
    senders = [heard["sender"] for heard in server.heard]
    assert len(set(senders)) == 3
    assert senders.count(senders[0]) == TURNS


def test_a_conversation_goes_on_for_ten_messages() -> None:
    server = Server()
    ask(server, TURNS)
    assert len({heard["sender"] for heard in server.heard}) == 1


def test_many_users_have_conversations_and_connections_of_their_own() -> None:
    async def slow(heard: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        await echo(heard, writer)

    server = Server(slow)
    sample = ask(server, 32, senders=8)
    assert len(server.heard) == len(sample.times_ms) == 32
    assert len({heard["sender"] for heard in server.heard}) == server.connections == 8


def test_one_user_keeps_the_connection() -> None:
    server = Server()
    ask(server, 12)
    assert server.connections == 1


def test_a_connection_that_the_server_closes_is_opened_again() -> None:
    async def close(heard: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        await echo(heard, writer)
        await writer.drain()
        writer.close()

    server = Server(close)
    assert ask(server, 3).failed == 0
    assert server.connections == 3


def test_an_answer_of_another_kind_is_counted_as_wrong() -> None:
    assert ask(Server(), 3, right=False).wrong == 3


@pytest.mark.parametrize(
    "answer", [plain([]), plain([{"text": "x"}], "500 Oops"), plain("words"), plain([1])]
)
def test_an_empty_or_broken_answer_is_counted_as_failed(answer: bytes) -> None:
    async def broken(_: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    sample = ask(Server(broken), 3)
    assert (sample.failed, sample.wrong) == (3, 0)


def test_no_server_is_counted_as_failed() -> None:
    async def all_of_it() -> Sample:
        async with Server() as address:
            pass
        return await send(address, iter("aa"), 2, 1, bool)

    sample = asyncio.run(all_of_it())
    assert (sample.failed, sample.times_ms) == (2, ())


async def in_two_parts(heard: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    """Stream two messages; the second comes only after a while."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for number in (1, 2):
        line = json.dumps({"text": str(number)}).encode() + b"\n"
        writer.write(b"%x\r\n" % len(line) + line + b"\r\n")
        await writer.drain()
        if number == 1:
            await asyncio.sleep(PAUSE)
    writer.write(b"0\r\n\r\n")


def test_a_stream_is_timed_up_to_its_first_message() -> None:
    server = Server(in_two_parts)
    sample = ask(server, 1, stream=True)
    assert sample.failed == 0
    assert sample.times_ms[0] < PAUSE * 1000
    assert server.paths == ["/webhooks/rest/webhook?stream=true"]


def test_a_whole_answer_is_timed_up_to_its_end() -> None:
    server = Server(in_two_parts)
    sample = ask(server, 1)
    assert sample.times_ms[0] >= PAUSE * 1000
    assert server.paths == ["/webhooks/rest/webhook"]


def test_a_stream_is_read_into_its_messages_and_the_connection_used_again() -> None:
    server = Server(in_two_parts)
    first, second = post(server, times=2)
    assert first.messages() == second.messages() == [{"text": "1"}, {"text": "2"}]
    assert server.connections == 1


def test_a_stream_of_one_message_is_a_list_too() -> None:
    assert Answer(200, b'{"text": "1"}\n', 1.0, 1.0).messages() == [{"text": "1"}]
