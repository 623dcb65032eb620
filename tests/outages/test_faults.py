"""Redis, PostgreSQL, RabbitMQ and the action server killed, frozen, slow or late, one at a time.

Each time users are answered, the first words of an emergency come within a second, nothing that was stored or
should have been is lost, and all is well again without a restart of the bot.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.outages import faults
from tests.outages.faults import SLOW, Answers, Arrangement, arrange, ask, note, published, stored, wait_until

pytestmark = [pytest.mark.outages, pytest.mark.slow, pytest.mark.timeout(300)]

VARIABLES = {
    "Redis": "REDIS_URL",
    "PostgreSQL": "DATABASE_URL",
    "RabbitMQ": "RABBITMQ_URL",
    "action server": "ACTION_ENDPOINT_URL",
}
BEFORE, DURING, AFTER = "What is baclofen?", "What is the maximum dose?", "Can I drive on baclofen?"


@pytest.fixture(scope="module")
def direct() -> Iterator[Arrangement]:
    arrangement = arrange()
    yield arrangement
    arrangement.close()


@pytest.fixture(scope="module")
def proxied() -> Iterator[Arrangement]:
    arrangement = arrange(through_proxies=True)
    yield arrangement
    arrangement.close()


@pytest.fixture(scope="module")
def late() -> Iterator[Arrangement]:
    arrangement = arrange(is_up=False)
    yield arrangement
    arrangement.close()


def _check(answers: Answers) -> None:
    assert answers.streamed < 1
    assert answers.plain < 1
    assert answers.question < 8


def _returns(running: Arrangement) -> int:
    return running.bot.output().count("can be used again")


def _failures(running: Arrangement) -> int:
    return running.bot.output().count("cannot be used")


@pytest.mark.parametrize("fault", ["killed", "frozen"])
@pytest.mark.parametrize("name", VARIABLES)
def test_a_server_that_goes_away_and_comes_back_costs_no_answer_and_loses_nothing(
    direct: Arrangement, name: str, fault: str
) -> None:
    sender, server = uuid.uuid4().hex, direct.server(name)
    direct.bot.say(BEFORE, sender)
    failures, returns = _failures(direct), _returns(direct)
    server.kill() if fault == "killed" else server.freeze()
    answers = ask(direct.bot)
    direct.bot.say(DURING, sender)
    wait_until(lambda: _failures(direct) > failures)
    server.start() if fault == "killed" else server.thaw()
    said = [BEFORE, DURING]

    def is_back() -> bool:
        if name != "PostgreSQL":  # what is held for the database is written without another message
            said.append(AFTER)
            direct.bot.say(AFTER, sender)
        return _returns(direct) > returns and (
            name != "PostgreSQL" or stored(direct.database, sender) == said
        )

    back = wait_until(is_back)
    said.append(AFTER)
    direct.bot.say(AFTER, sender)
    wait_until(lambda: stored(direct.database, sender) == said)
    texts: set[str] = set()
    wait_until(lambda: bool(texts.update(published(direct.rabbit))) or {*said, faults.GRAVE} <= texts)
    _check(answers)
    _check(ask(direct.bot))
    note(name, fault, answers, back, "every message stored once and in order, every event published")


@pytest.mark.parametrize("name", VARIABLES)
def test_a_slow_server_costs_no_answer_and_loses_nothing(proxied: Arrangement, name: str) -> None:
    sender, proxy = uuid.uuid4().hex, proxied.proxies[VARIABLES[name]]
    proxied.bot.say(BEFORE, sender)
    proxy.delay = SLOW
    answers = ask(proxied.bot)
    proxied.bot.say(DURING, sender)
    proxy.delay = 0.0
    back = wait_until(lambda: stored(proxied.database, sender) == [BEFORE, DURING])
    texts: set[str] = set()
    wait_until(
        lambda: bool(texts.update(published(proxied.rabbit))) or {BEFORE, DURING, faults.GRAVE} <= texts
    )
    _check(answers)
    note(
        name,
        f"slow ({2 * SLOW} s)",
        answers,
        back,
        "every message stored once and in order, every event published",
    )


def test_servers_that_refuse_at_the_start_stop_nothing_and_are_used_when_they_come(late: Arrangement) -> None:
    sender = uuid.uuid4().hex
    late.bot.say(BEFORE, sender)
    answers = ask(late.bot)
    _check(answers)
    said = [BEFORE]
    for name in VARIABLES:
        late.server(name).launch()
        late.server(name).wait()

        def is_used(name: str = name) -> bool:
            said.append(AFTER)
            late.bot.say(AFTER, sender)
            return f"{VARIABLES[name]}: the server or file can be used again" in late.bot.output()

        back = wait_until(is_used)
        note(name, "refused at start", answers, back, "what came before is stored and published afterwards")
    wait_until(lambda: stored(late.database, sender) == said)
    texts: set[str] = set()
    wait_until(lambda: bool(texts.update(published(late.rabbit))) or {BEFORE, AFTER, faults.GRAVE} <= texts)


def test_nothing_of_a_conversation_and_no_password_stands_in_the_log(direct: Arrangement) -> None:
    direct.bot.say("zanzibar, he is not breathing", "sender-quagga")
    for word in ("zanzibar", "quagga", "guest:", "Traceback"):
        assert word not in direct.bot.output()
