"""The tracker store on a real PostgreSQL: shared by processes, away for a while, made late."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered

from assistant.stores import trackers
from assistant.stores.history import LONGEST
from assistant.stores.postgres import EventDatabase
from assistant.stores.trackers import SafeTrackerStore
from tests.servers.real import PostgresServer
from tests.stores.talk import say, texts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Slot auto-fill has been removed", "ignore::DeprecationWarning"),
]


@pytest.fixture
def sender() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def own_postgres(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """The shared server, well again after a test that has hurt it."""
    yield postgres
    postgres.thaw()
    if not postgres.is_up():
        postgres.start()


def _store(domain: Domain, server: PostgresServer) -> SafeTrackerStore:
    """Return a store as another process would have it: with a memory and connections of its own."""
    return SafeTrackerStore(domain, table=EventDatabase(server.url))


def _user_rows(server: PostgresServer, sender: str) -> list[object]:
    query = "SELECT data::json->>'text' FROM events WHERE sender_id = %s AND type_name = 'user' ORDER BY id"
    return [row[0] for row in server.ask(query, sender)]


def test_a_conversation_is_found_again_and_rasas_own_store_reads_it(
    domain: Domain, postgres: PostgresServer, sender: str
) -> None:
    async def go() -> None:
        for text in ("one", "two"):
            await say(_store(domain, postgres), sender, text)
        assert texts(await _store(domain, postgres).retrieve(sender)) == ["one", "two"]
        stock = SQLTrackerStore(
            domain, dialect="postgresql", host="127.0.0.1", port=postgres.port, db="postgres", username="bot"
        )
        assert texts(await stock.retrieve(sender)) == ["one", "two"]
        assert sender in await stock.keys()

    asyncio.run(go())


def test_each_process_sees_what_the_other_has_written(
    domain: Domain, postgres: PostgresServer, sender: str
) -> None:
    async def go() -> None:
        first, second = _store(domain, postgres), _store(domain, postgres)
        for number in range(6):
            tracker = await say((first, second)[number % 2], sender, str(number))
            assert texts(tracker) == [str(n) for n in range(number + 1)]

    asyncio.run(go())
    assert _user_rows(postgres, sender) == [str(n) for n in range(6)]


def test_a_process_that_wrote_last_reads_nothing_anew(
    domain: Domain, postgres: PostgresServer, sender: str
) -> None:
    async def go() -> None:
        store = _store(domain, postgres)
        tracker = await say(store, sender, "one")
        assert await store.retrieve(sender) is tracker

    asyncio.run(go())


def test_slots_of_another_process_are_known_to_the_guard(
    domain: Domain, postgres: PostgresServer, sender: str
) -> None:
    async def go() -> None:
        first, second = _store(domain, postgres), _store(domain, postgres)
        await say(first, sender, "one")
        own = await first.latest_slots(sender)
        assert own is not None
        assert own["heard_at"] == 0
        tracker = await say(second, sender, "two")
        tracker.update(SlotSet("language", {"written": "fr"}))
        await second.save(tracker)
        slots = await first.latest_slots(sender)
        assert slots is not None
        assert slots["language"] == {"written": "fr"}
        assert time.time() - slots["heard_at"] < 60

    asyncio.run(go())


def test_messages_of_one_sender_written_at_the_same_moment_are_all_kept(
    domain: Domain, postgres: PostgresServer, sender: str
) -> None:
    async def go() -> None:
        stores = [_store(domain, postgres) for _ in range(4)]
        await say(stores[0], sender, "begin")
        for number in range(5):
            await asyncio.gather(*(say(store, sender, f"{number}{i}") for i, store in enumerate(stores)))
        for store in stores:
            tracker = await store.retrieve(sender)
            wanted = ["begin", *(f"{n}{i}" for n in range(5) for i in range(4))]
            assert sorted(map(str, texts(tracker))) == sorted(wanted)

    asyncio.run(go())
    rows = _user_rows(postgres, sender)
    assert len(rows) == len(set(rows)) == 21


@pytest.mark.parametrize("fault", ["killed", "frozen"])
def test_what_an_outage_held_back_is_written_once_when_the_database_is_back(
    domain: Domain,
    own_postgres: PostgresServer,
    sender: str,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(trackers, "REST_SECONDS", 0.5)

    async def go() -> None:
        store = _store(domain, own_postgres)
        await say(store, sender, "one")
        own_postgres.kill() if fault == "killed" else own_postgres.freeze()
        begin = time.monotonic()
        for text in ("two", "three"):
            assert texts(await say(store, sender, text))[0] == "one"
        assert time.monotonic() - begin < 2
        await say(store, sender + "-new", "zanzibar")
        own_postgres.start() if fault == "killed" else own_postgres.thaw()
        await asyncio.sleep(3)  # nobody writes meanwhile
        assert _user_rows(own_postgres, sender) == ["one", "two", "three"]
        assert _user_rows(own_postgres, sender + "-new") == ["zanzibar"]
        await say(store, sender, "four")

    asyncio.run(go())
    assert _user_rows(own_postgres, sender) == ["one", "two", "three", "four"]
    said = [record.getMessage() for record in caplog.records if record.name.startswith("assistant.stores")]
    assert [line.split(":")[0] for line in said] == ["DATABASE_URL"] * 2
    assert sender not in "".join(said)
    assert "zanzibar" not in "".join(said)


def test_a_conversation_begun_in_an_outage_takes_up_what_the_database_knows(
    domain: Domain, own_postgres: PostgresServer, sender: str
) -> None:
    async def go() -> None:
        before = _store(domain, own_postgres)
        tracker = await say(before, sender, "one")
        tracker.update(SlotSet("language", {"written": "fr"}))
        await before.save(tracker)
        own_postgres.kill()
        store = _store(domain, own_postgres)
        assert texts(await say(store, sender, "two")) == ["two"]
        own_postgres.start()
        store.breaker.try_now()
        again = await say(store, sender, "three")
        assert texts(again) == ["one", "two", "three"]
        assert again.get_slot("language") == {"written": "fr"}
        # A process that begins now finds the slot as well.
        fresh = await _store(domain, own_postgres).retrieve(sender)
        assert fresh is not None
        assert fresh.get_slot("language") == {"written": "fr"}

    asyncio.run(go())
    assert _user_rows(own_postgres, sender) == ["one", "two", "three"]


def test_the_table_is_made_when_the_database_comes_late_and_by_several_at_once(
    domain: Domain, own_postgres: PostgresServer, sender: str
) -> None:
    async def go() -> None:
        stores = [_store(domain, own_postgres) for _ in range(3)]
        own_postgres.kill()
        await asyncio.gather(*(say(store, f"{sender}{i}", "one") for i, store in enumerate(stores)))
        own_postgres.start()
        own_postgres.ask("DROP TABLE IF EXISTS events")
        for store in stores:
            store.breaker.try_now()
        await asyncio.gather(*(say(store, f"{sender}{i}", "two") for i, store in enumerate(stores)))

    asyncio.run(go())
    for number in range(3):
        assert _user_rows(own_postgres, f"{sender}{number}") == ["one", "two"]


def test_more_than_can_be_held_drops_the_oldest_conversation_and_counts(
    domain: Domain, own_postgres: PostgresServer, sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trackers, "HELD_EVENTS", 20)
    before = trackers.dropped["DATABASE_URL"]

    async def go() -> None:
        store = _store(domain, own_postgres)
        own_postgres.kill()
        for number in range(4):  # 7 events each
            await say(store, f"{sender}{number}", "one")
        own_postgres.start()
        store.breaker.try_now()
        for number in range(4):
            await say(store, f"{sender}{number}", "two")

    asyncio.run(go())
    kept = [_user_rows(own_postgres, f"{sender}{number}") for number in range(4)]
    assert kept == [["two"], ["two"], ["one", "two"], ["one", "two"]]
    assert trackers.dropped["DATABASE_URL"] - before == 14


def test_a_long_conversation_is_read_back_in_part_with_the_slots_of_old(
    domain: Domain, postgres: PostgresServer, sender: str
) -> None:
    async def go() -> None:
        store = _store(domain, postgres)
        tracker = await say(store, sender, "first")
        tracker.update(SlotSet("language", {"written": "fr"}))
        for number in range(1000):
            tracker.update(UserUttered(str(number), {"name": "greet"}))
        await store.save(tracker)
        fresh = await _store(domain, postgres).retrieve(sender)
        assert fresh is not None
        assert len(fresh.events) <= LONGEST + len(domain.slots)
        assert texts(fresh)[-1] == "999"
        assert fresh.get_slot("language") == {"written": "fr"}

    asyncio.run(go())
    assert len(_user_rows(postgres, sender)) == 1001


@pytest.mark.parametrize("odd", ["a'; DROP TABLE events; --", "nul\0", "\ud800", "x" * 300])
def test_an_odd_sender_is_kept_and_stops_nothing(domain: Domain, postgres: PostgresServer, odd: str) -> None:
    async def go() -> None:
        await say(_store(domain, postgres), odd, "one")
        assert texts(await _store(domain, postgres).retrieve(odd))[-1] == "one"

    asyncio.run(go())


def test_a_deleted_conversation_is_gone_from_memory_and_database(
    domain: Domain, postgres: PostgresServer, sender: str
) -> None:
    async def go() -> None:
        store = _store(domain, postgres)
        await say(store, sender, "one")
        assert await store.delete(sender)
        assert await store.retrieve(sender) is None

    asyncio.run(go())
    assert _user_rows(postgres, sender) == []
