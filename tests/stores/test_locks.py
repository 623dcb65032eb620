"""The lock store: one message of a sender after the other, over processes, and no wait for a dead Redis."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator

import pytest

from assistant.stores import locks, tickets
from assistant.stores.locks import ConversationLocks
from assistant.stores.tickets import Tickets
from baclofen.paths import ROOT
from tests.servers.real import RedisServer


@pytest.fixture
def sender() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def own_redis(redis_server: RedisServer) -> Iterator[RedisServer]:
    """The shared server, well again after a test that has hurt it."""
    yield redis_server
    redis_server.thaw()
    if not redis_server.is_up():
        redis_server.start()


def _locks(server: RedisServer) -> ConversationLocks:
    """Return a lock store as another process would have it."""
    return ConversationLocks(tickets=Tickets(server.url))


async def _hold(store: ConversationLocks, sender: str, order: list[str], name: str, seconds: float) -> None:
    async with store.lock(sender):
        order.append(f"{name} begins")
        await asyncio.sleep(seconds)
        order.append(f"{name} ends")


IN_ORDER = ["first begins", "first ends", "second begins", "second ends"]


def test_a_second_message_of_a_sender_waits_for_the_first_and_not_much_longer(sender: str) -> None:
    order: list[str] = []

    async def go() -> float:
        store = ConversationLocks()
        begin = time.monotonic()
        await asyncio.gather(
            _hold(store, sender, order, "first", 0.1), _hold(store, sender, order, "second", 0)
        )
        return time.monotonic() - begin

    assert asyncio.run(go()) < 0.9
    assert order == IN_ORDER


@pytest.mark.slow
def test_messages_to_two_processes_keep_their_order(redis_server: RedisServer, sender: str) -> None:
    order: list[str] = []

    async def go() -> None:
        stores = [_locks(redis_server), _locks(redis_server)]
        for store in stores:  # as when a bot starts: the first lock connects
            async with store.lock(sender):
                pass
        turns = []
        for number in range(20):
            turns.append(asyncio.create_task(_hold(stores[number % 2], sender, order, str(number), 0.01)))
            await asyncio.sleep(0.03)
        await asyncio.gather(*turns)

    asyncio.run(go())
    assert order == [f"{number} {what}" for number in range(20) for what in ("begins", "ends")]


@pytest.mark.slow
def test_another_sender_does_not_wait(redis_server: RedisServer, sender: str) -> None:
    async def go() -> float:
        one, other = _locks(redis_server), _locks(redis_server)
        order: list[str] = []
        slow = asyncio.create_task(_hold(one, sender, order, "slow", 1))
        await asyncio.sleep(0.1)
        begin = time.monotonic()
        await _hold(other, sender + "x", order, "quick", 0)
        spent = time.monotonic() - begin
        await slow
        return spent

    assert asyncio.run(go()) < 0.5


@pytest.mark.slow
def test_two_real_processes_never_hold_the_lock_at_once(redis_server: RedisServer) -> None:
    command = [sys.executable, "-m", "tests.stores.hold", redis_server.url, "60"]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    spans = []
    for number, process in enumerate(running):
        output, _ = process.communicate(timeout=100)
        spans += [(*map(float, line.split()), number) for line in output.splitlines()]
    spans.sort()
    assert len(spans) == 120
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))
    assert len({number for *_, number in spans}) == 2


@pytest.mark.slow
def test_nothing_is_left_in_redis_and_no_sender_is_named(redis_server: RedisServer, sender: str) -> None:
    async def go() -> list[bytes]:
        async with _locks(redis_server).lock(sender):
            return list(redis_server.client().keys())

    held = asyncio.run(go())
    assert held
    assert all(sender.encode() not in key for key in held)
    assert redis_server.client().keys() == []


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["killed", "frozen"])
def test_a_redis_that_is_away_costs_one_message_a_moment_and_the_others_nothing(
    own_redis: RedisServer, sender: str, fault: str
) -> None:
    async def go() -> list[float]:
        store = _locks(own_redis)
        async with store.lock(sender):
            pass
        own_redis.kill() if fault == "killed" else own_redis.freeze()
        spent = []
        for _ in range(10):
            begin = time.monotonic()
            async with store.lock(sender):
                spent.append(time.monotonic() - begin)
        return spent

    spent = asyncio.run(go())
    assert spent[0] < 0.5
    assert max(spent[1:]) < 0.1


@pytest.mark.slow
def test_without_redis_the_order_is_kept_within_the_process(own_redis: RedisServer, sender: str) -> None:
    order: list[str] = []

    async def go() -> None:
        store = _locks(own_redis)
        own_redis.kill()
        await asyncio.gather(
            _hold(store, sender, order, "first", 0.05), _hold(store, sender, order, "second", 0)
        )

    asyncio.run(go())
    assert order == IN_ORDER


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["killed", "frozen"])
def test_locks_are_shared_again_when_redis_is_back(own_redis: RedisServer, sender: str, fault: str) -> None:
    order: list[str] = []

    async def go() -> None:
        one, other = _locks(own_redis), _locks(own_redis)
        own_redis.kill() if fault == "killed" else own_redis.freeze()
        for store in (one, other):
            async with store.lock(sender):
                assert store.breaker.is_failing
        own_redis.start() if fault == "killed" else own_redis.thaw()
        for store in (one, other):
            store.breaker.try_now()
            async with store.lock(sender + "x"):
                assert not store.breaker.is_failing
        first = asyncio.create_task(_hold(one, sender + "y", order, "first", 0.2))
        await asyncio.sleep(0.05)
        await asyncio.gather(first, _hold(other, sender + "y", order, "second", 0))

    asyncio.run(go())
    assert order == IN_ORDER


@pytest.mark.slow
def test_a_redis_that_is_killed_in_mid_turn_stops_no_turn(own_redis: RedisServer, sender: str) -> None:
    async def go() -> None:
        store = _locks(own_redis)
        async with store.lock(sender):
            own_redis.kill()
        async with store.lock(sender):
            pass

    asyncio.run(go())


@pytest.mark.slow
def test_the_place_of_a_dead_process_is_given_up(
    redis_server: RedisServer, sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "LEASE_SECONDS", 0.5)

    async def go() -> float:
        dead = Tickets(redis_server.url)
        await dead.join(sender)
        begin = time.monotonic()
        async with _locks(redis_server).lock(sender):
            return time.monotonic() - begin

    assert 0.4 < asyncio.run(go()) < 2


@pytest.mark.slow
def test_the_place_of_a_long_turn_is_not_given_up(
    redis_server: RedisServer, sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(locks, "RENEW_SECONDS", 0.1)
    order: list[str] = []

    async def go() -> None:
        one, other = _locks(redis_server), _locks(redis_server)
        first = asyncio.create_task(_hold(one, sender, order, "first", 1.5))
        await asyncio.sleep(0.05)
        await asyncio.gather(first, _hold(other, sender, order, "second", 0))

    asyncio.run(go())
    assert order == IN_ORDER


@pytest.mark.slow
def test_who_gives_up_waiting_leaves_no_place_behind(redis_server: RedisServer, sender: str) -> None:
    async def go() -> float:
        one, other = _locks(redis_server), _locks(redis_server)
        async with one.lock(sender):
            waiting = asyncio.create_task(_hold(other, sender, [], "waiting", 0))
            await asyncio.sleep(0.1)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        begin = time.monotonic()
        async with one.lock(sender):
            return time.monotonic() - begin

    assert asyncio.run(go()) < 0.5
