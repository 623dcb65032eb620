"""Turns of one sender keep their order, nobody waits for another's, and too many are turned away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from assistant.overload import turns as module
from assistant.overload.ear import Ear
from assistant.overload.line import CALM, GRAVE
from assistant.overload.turns import AT_ONCE, MOST_OF_ONE, RESERVED, Full, Turns


def _note(log: list[str], name: str, until: asyncio.Event | None = None) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        log.append(name)
        if until is not None:
            await until.wait()

    return work


def test_turns_of_one_sender_come_one_after_the_other() -> None:
    async def run() -> list[str]:
        turns, log = Turns(), []

        def work(name: str) -> Callable[[], Awaitable[None]]:
            async def inner() -> None:
                log.append(f"begin {name}")
                await asyncio.sleep(0.01)
                log.append(f"end {name}")

            return inner

        await asyncio.gather(*(turns.run("anna", CALM, work(name)) for name in "abc"))
        return log

    assert asyncio.run(run()) == [f"{what} {name}" for name in "abc" for what in ("begin", "end")]


def test_turns_of_several_senders_run_together() -> None:
    async def run() -> int:
        turns, log, gate = Turns(), [], asyncio.Event()
        tasks = [asyncio.create_task(turns.run(s, CALM, _note(log, s, gate))) for s in "abc"]
        await asyncio.sleep(0.01)
        begun = len(log)
        gate.set()
        await asyncio.gather(*tasks)
        return begun

    assert asyncio.run(run()) == AT_ONCE - RESERVED == 3


def test_senders_whose_turns_hang_hold_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD", 0.02)

    async def run() -> list[str]:
        turns, log, never = Turns(longest=50), [], asyncio.Event()
        hanging = [
            asyncio.create_task(turns.run(f"slow {i}", CALM, _note([], "", never)))
            for i in range(30)
            for _ in range(3)
        ]
        await asyncio.sleep(0.5)
        await asyncio.wait_for(turns.run("other", CALM, _note(log, "other")), 5)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        return log

    assert asyncio.run(run()) == ["other"]


def test_an_emergency_goes_before_calm_turns_and_has_a_place_of_its_own() -> None:
    async def run() -> list[str]:
        turns, log, gate = Turns(), [], asyncio.Event()
        tasks = [
            asyncio.create_task(turns.run(f"calm {i}", CALM, _note(log, "calm", gate))) for i in range(6)
        ]
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(turns.run("grave", GRAVE, _note(log, "grave"))))
        await asyncio.sleep(0.01)
        begun = list(log)
        gate.set()
        await asyncio.gather(*tasks)
        return begun

    assert asyncio.run(run()) == ["calm"] * 3 + ["grave"]


def test_a_turn_that_finds_no_room_is_turned_away_and_one_of_an_emergency_is_not() -> None:
    async def run() -> None:
        turns, gate = Turns(longest=5), asyncio.Event()
        tasks = [asyncio.create_task(turns.run(f"calm {i}", CALM, _note([], "", gate))) for i in range(8)]
        await asyncio.sleep(0)
        assert not turns.has_room("another", CALM)
        with pytest.raises(Full):
            await turns.run("another", CALM, _note([], ""))
        assert turns.has_room("another", GRAVE)
        await turns.run("another", GRAVE, _note([], ""))
        assert turns.counts["shed"] == 1
        gate.set()
        await asyncio.gather(*tasks)
        assert turns.has_room("another", CALM)

    asyncio.run(run())


def test_one_sender_cannot_fill_the_queue_alone() -> None:
    async def run() -> None:
        turns, gate = Turns(longest=50), asyncio.Event()
        tasks = [
            asyncio.create_task(turns.run("flood", CALM, _note([], "", gate))) for _ in range(MOST_OF_ONE + 1)
        ]
        await asyncio.sleep(0)
        with pytest.raises(Full):
            await turns.run("flood", CALM, _note([], ""))
        await turns.run("other", CALM, _note([], ""))
        gate.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_a_turn_that_fails_or_is_given_up_leaves_its_place_to_the_next() -> None:
    async def run() -> list[str]:
        turns, log, never = Turns(longest=2), [], asyncio.Event()

        async def broken() -> None:
            raise ValueError("broken")

        for _ in range(10):
            with pytest.raises(ValueError, match="broken"):
                await turns.run("anna", CALM, broken)
        given_up = [asyncio.create_task(turns.run("anna", CALM, _note([], "", never))) for _ in range(2)]
        await asyncio.sleep(0.01)
        for task in reversed(given_up):
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        await asyncio.wait_for(turns.run("anna", CALM, _note(log, "next")), 5)
        return log

    assert asyncio.run(run()) == ["next"]


def test_no_turn_begins_while_a_message_is_not_triaged_and_not_for_ever_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> None:
        ear = Ear()
        turns, log = Turns(ear=ear), []
        async with ear.turn("hello"):
            task = asyncio.create_task(turns.run("anna", CALM, _note(log, "turn")))
            await asyncio.sleep(0.01)
            assert log == []
        await task
        assert log == ["turn"]
        monkeypatch.setattr(module, "LONGEST_UNHEARD", 0.02)
        async with ear.turn("hello"):
            await asyncio.wait_for(turns.run("anna", CALM, _note(log, "again")), 5)
        assert log == ["turn", "again"]

    asyncio.run(run())
