"""Where a first look finds danger is triaged first; nobody is passed over for ever."""

from __future__ import annotations

import asyncio

import pytest

from assistant.overload import ear as module
from assistant.overload.ear import HOPS, IN_A_ROW, Ear
from baclofen import first_look, learned, rules
from baclofen.triage import triage

UNSEEN_BY_RULES = "swallowed about 20 of them"
CALM = "good night"
GRAVE = "he is not breathing"


def _order(texts: list[str]) -> list[str]:
    """Return the messages as they were triaged, had they all come at the same moment."""

    async def run() -> list[str]:
        ear, log = Ear(), []

        async def hear(text: str) -> None:
            async with ear.turn(text):
                log.append(text)

        await asyncio.gather(*map(hear, texts))
        return log

    return asyncio.run(run())


def test_of_many_messages_those_with_a_sign_are_triaged_first_and_all_of_them_are() -> None:
    texts = ["hello", "thanks", "what is baclofen", GRAVE, CALM]
    order = _order(texts)
    assert order[1] == GRAVE, "the first was taken when nobody else was there"
    assert sorted(order) == sorted(texts)


def test_an_emergency_that_the_rules_do_not_see_goes_before_calm_messages_too() -> None:
    assert not rules.read(UNSEEN_BY_RULES).findings
    assert triage(UNSEEN_BY_RULES).level == "emergency"
    assert _order(["hello", "thanks", CALM, UNSEEN_BY_RULES])[1] == UNSEEN_BY_RULES


def test_what_cannot_be_looked_at_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(rules, "reading", broken)
    assert first_look.rank(CALM) == first_look.GRAVE


def test_without_the_learned_reader_the_rules_alone_say_who_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(learned, "load", lambda: None)
    ranks = [first_look.rank(text) for text in (GRAVE, "i feel a bit dizzy on baclofen", CALM)]
    assert ranks == [first_look.GRAVE, first_look.LIKELY, first_look.OTHER]


def test_a_calm_message_is_not_overtaken_for_ever() -> None:
    graves = [f"{GRAVE} {'!' * count}" for count in range(3 * IN_A_ROW)]
    order = _order(["hello", CALM, *graves])
    assert order.index(CALM) == 1 + IN_A_ROW


def test_an_emergency_never_waits_for_two_calm_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    graves = [f"{GRAVE} {'!' * count}" for count in range(5 * IN_A_ROW)]
    order = _order(["hello", *[CALM] * 30, *graves])
    last = order.index(graves[-1])
    calm = [text == CALM for text in order[:last]]
    assert any(calm)
    assert not any(one and other for one, other in zip(calm, calm[1:], strict=False))


def test_who_gives_up_waiting_leaves_the_order_of_the_others_as_it_was() -> None:
    async def run() -> list[str]:
        ear, log = Ear(), []

        async def hear(text: str) -> None:
            async with ear.turn(text):
                log.append(text)
                await asyncio.sleep(0.01)

        tasks = [asyncio.create_task(hear(text)) for text in ("hello", GRAVE, "thanks", CALM)]
        await asyncio.sleep(0.005)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with ear.turn("again"):
            log.append("again")
        return log

    assert asyncio.run(run()) == ["hello", "thanks", CALM, "again"]
    assert module.EAR is not None


def test_what_is_said_to_one_goes_out_before_the_next_is_triaged() -> None:
    async def run() -> list[str]:
        ear, log = Ear(), []

        async def answer(name: str) -> None:
            async with ear.turn("he is not breathing"):
                log.append(f"heard {name}")
            log.append(f"said {name}")

        await asyncio.gather(*map(answer, "abcd"))
        return log

    order = asyncio.run(run())
    assert all(order.index(f"said {a}") <= order.index(f"heard {b}") + 1 for a, b in ("ab", "bc", "cd"))


def test_a_message_that_comes_while_others_are_triaged_is_in_the_line_before_the_next_is_chosen() -> None:
    async def run() -> list[str]:
        ear, log = Ear(), []

        async def hear(text: str) -> None:
            async with ear.turn(text):
                log.append(text)

        async def arrive(text: str) -> None:
            for _ in range(HOPS - 2):  # as from its connection to the line
                await asyncio.sleep(0)
            await hear(text)

        async with ear.turn("hello"):
            others = [asyncio.create_task(hear(text)) for text in ("thanks", CALM)]
            await asyncio.sleep(0)
        await asyncio.gather(*others, arrive(GRAVE))
        return log

    assert asyncio.run(run())[0] == GRAVE


def test_those_who_wait_for_quiet_go_on_one_by_one_and_a_message_goes_before_the_next() -> None:
    async def run() -> list[str]:
        ear, log = Ear(), []

        async def work(name: str) -> None:
            await ear.quiet(5)
            log.append(name)

        async def hear(text: str) -> None:
            async with ear.turn(text):
                log.append(text)

        async with ear.turn("hello"):
            working = [asyncio.create_task(work(name)) for name in "abc"]
            await asyncio.sleep(0)
        while not log:
            await asyncio.sleep(0)
        await hear(GRAVE)
        await asyncio.wait_for(asyncio.gather(*working), 1)
        return log

    assert asyncio.run(run()) == ["a", GRAVE, "b", "c"]


def test_quiet_that_does_not_come_is_not_waited_for_and_leaves_nobody_behind() -> None:
    async def run() -> None:
        ear = Ear()
        async with ear.turn("hello"):
            await ear.quiet(0.01)
            await ear.quiet(0.01)
            late = asyncio.create_task(ear.quiet(5))
            await asyncio.sleep(0)
        await asyncio.wait_for(late, 1)
        await asyncio.wait_for(ear.quiet(5), 1)

    asyncio.run(run())
