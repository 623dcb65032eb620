"""The event broker on a real RabbitMQ: in order, bounded, and never in the way."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator

import aio_pika
import pytest
from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from assistant.stores import broker
from assistant.stores.broker import QUEUE, EventStream
from tests.servers.real import RabbitServer

CONFIG = EndpointConfig(type="assistant.stores.broker.EventStream")


@pytest.fixture
def own_rabbit(rabbit: RabbitServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[RabbitServer]:
    """The shared server with an empty queue, well again after a test that has hurt it."""
    monkeypatch.setenv("RABBITMQ_URL", rabbit.url)
    monkeypatch.setattr(broker, "REST_SECONDS", 0.3)
    asyncio.run(_received(rabbit, 0))
    yield rabbit
    rabbit.thaw()
    if not rabbit.is_up():
        rabbit.start()


async def _received(server: RabbitServer, count: int, seconds: float = 30) -> list[int]:
    """Take events from the queue until ``count`` have come, then what is left."""
    connection = await aio_pika.connect(server.url, timeout=10)
    channel = await connection.channel()
    queue = await channel.declare_queue(QUEUE, durable=True)
    numbers: list[int] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        message = await queue.get(no_ack=True, fail=False)
        if message is not None:
            numbers.append(json.loads(message.body)["number"])
        elif len(numbers) >= count:
            break
        else:
            await asyncio.sleep(0.1)
    await connection.close()
    return numbers


def test_without_an_address_there_is_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RABBITMQ_URL", "")
    assert asyncio.run(EventBroker.create(CONFIG)) is None


def test_a_broker_that_is_down_delays_no_start_and_no_event_and_drops_the_oldest(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RABBITMQ_URL", "amqp://guest:secret@127.0.0.1:1/")
    monkeypatch.setattr(broker, "BUFFERED", 10)
    before = broker.dropped["RABBITMQ_URL"]

    async def go() -> float:
        begin = time.monotonic()
        stream = await EventBroker.create(CONFIG)
        assert isinstance(stream, EventStream)
        for number in range(25):
            stream.publish({"number": number, "text": "zanzibar"})
        spent = time.monotonic() - begin
        await asyncio.sleep(0.2)
        assert not stream._is_connected
        assert len(stream._buffer) == 10
        await stream.close()
        return spent

    assert asyncio.run(go()) < 0.5
    assert broker.dropped["RABBITMQ_URL"] - before == 15
    said = [record.getMessage() for record in caplog.records if record.name.startswith("assistant.stores")]
    assert len(said) == 2
    assert "zanzibar" not in "".join(said)
    assert "secret" not in "".join(said)


@pytest.mark.slow
def test_events_arrive_in_order_and_once(own_rabbit: RabbitServer) -> None:
    async def go() -> list[int]:
        stream = await EventBroker.create(CONFIG)
        assert isinstance(stream, EventStream)
        for number in range(500):
            stream.publish({"number": number})
        found = await _received(own_rabbit, 500)
        await stream.close()
        return found

    assert asyncio.run(go()) == list(range(500))


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["killed", "frozen"])
def test_events_of_an_outage_arrive_afterwards(
    own_rabbit: RabbitServer, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "PATIENCE", 2.0)

    async def go() -> set[int]:
        stream = await EventBroker.create(CONFIG)
        assert isinstance(stream, EventStream)
        stream.publish({"number": 0})
        found = await _received(own_rabbit, 1)
        own_rabbit.kill() if fault == "killed" else own_rabbit.freeze()
        begin = time.monotonic()
        for number in range(1, 50):
            stream.publish({"number": number})
        assert time.monotonic() - begin < 0.1
        await asyncio.sleep(3)
        own_rabbit.launch() if fault == "killed" else own_rabbit.thaw()
        await asyncio.get_running_loop().run_in_executor(None, own_rabbit.wait)
        await asyncio.sleep(3)
        found += await _received(own_rabbit, 49)
        await stream.close()
        return set(found)

    assert asyncio.run(go()) == set(range(50))
