"""What is accepted stands on the disk until it is answered; a disk that fails stops nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from assistant.channels.messages import Address, Received
from assistant.journal import journal as module
from assistant.journal.file import SUFFIX, JournalFile, Line, read
from assistant.journal.journal import Journal
from assistant.journal.recovery import gravest_first

SECRET = "zebrafinch"


def _message(text: str, person: str = "1", number: str = "9") -> dict[str, Any]:
    return Received(number, person, Address("1", reply_to="2"), text, metadata={"locale": "en-GB"}).to_dict()


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob(f"*{SUFFIX}"))


def _wait(holds: Any) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


def _left_by_a_killed_process(folder: Path, *texts: str) -> None:
    """Have a process accept messages and kill it."""
    code = (
        "import asyncio, sys, time\n"
        "from pathlib import Path\n"
        "from assistant.channels.messages import Address, Received\n"
        "from assistant.journal.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]) / 'c.db')\n"
        "held = [journal.accept('sms', Received(t, t, Address('1'), t).to_dict()) for t in sys.argv[2:]]\n"
        "held[0].expects('a'); held[0].trying('a'); held[0].sent('a')\n"
        "held[0].expects('b'); held[0].trying('b')\n"
        "assert all(h.on_disk.result(10) for h in held)\n"
        "journal.accept('sms', {}).on_disk.result(10)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), *texts], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def test_a_message_is_on_the_disk_before_it_is_acknowledged_and_gone_when_it_is_answered(
    tmp_path: Path,
) -> None:
    async def run() -> None:
        journal = Journal(tmp_path / "c.db")
        held = journal.accept("sms", _message(SECRET))
        assert await held.wait(10)
        assert SECRET.encode() in _bytes(tmp_path)
        assert held.expects("part")
        held.complete()
        await asyncio.sleep(0.1)
        assert SECRET.encode() in _bytes(tmp_path), "a part is still to be sent"
        held.sent("part")
        held.settled()
        await asyncio.to_thread(_wait, lambda: not _bytes(tmp_path))
        journal.close()
        assert not list(tmp_path.glob(f"*{SUFFIX}"))

    asyncio.run(run())


def test_an_answered_message_is_overwritten_while_another_one_waits(tmp_path: Path) -> None:
    async def run() -> None:
        journal = Journal(tmp_path / "c.db")
        done, waits = journal.accept("sms", _message(SECRET)), journal.accept("sms", _message("another"))
        await waits.wait(10)
        done.complete()
        await asyncio.to_thread(_wait, lambda: SECRET.encode() not in _bytes(tmp_path))
        assert b"another" in _bytes(tmp_path)
        journal.close()

    asyncio.run(run())


def test_a_text_is_erased_after_its_time_although_nothing_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.3)
    monkeypatch.setattr(module, "SWEEP", 0.05)

    async def run() -> None:
        journal = Journal(tmp_path / "c.db")
        held = journal.accept("sms", _message(SECRET))
        assert await held.wait(10)
        assert not held.is_expired
        await asyncio.to_thread(_wait, lambda: SECRET.encode() not in _bytes(tmp_path))
        assert held.is_expired
        journal.close()

    asyncio.run(run())
    assert module.LONGEST == 0.3


def test_nobody_but_the_owner_may_read_it(tmp_path: Path) -> None:
    file = JournalFile(tmp_path, "c")
    assert file.path.stat().st_mode & 0o777 == 0o600
    file.close()


def test_the_next_process_finds_what_a_killed_one_had_accepted_and_what_it_had_sent(tmp_path: Path) -> None:
    _left_by_a_killed_process(tmp_path, "first", "second")

    async def run() -> None:
        journal = Journal(tmp_path / "c.db")
        first, second, _ = await journal.recovered("sms")
        assert [held.content["text"] for held in (first, second)] == ["first", "second"]
        assert first.is_recovered
        assert not first.expects("a"), "the vendor has it"
        assert first.expects("a"), "the answer says it twice"
        assert first.expects("b"), "nobody knows whether the vendor has it"
        assert second.expects("a")
        assert journal.counts["in_doubt"] == 1
        assert await journal.recovered("sms") == []
        assert len(list(tmp_path.glob(f"*{SUFFIX}"))) == 1, "the old file is gone"
        journal.close()

    asyncio.run(run())


def test_a_message_survives_a_second_kill(tmp_path: Path) -> None:
    _left_by_a_killed_process(tmp_path, "first")
    between = JournalFile(tmp_path, "c")
    assert [line.content["text"] for line in between.take_over() if line.content] == ["first"]
    os.close(between._handle)  # what a kill does
    after = JournalFile(tmp_path, "c")
    found = next(line for line in after.take_over() if line.content)
    assert found.content["text"] == "first"
    assert found.sent == {"a": 1}
    after.close()


def test_another_living_process_keeps_what_it_holds(tmp_path: Path) -> None:
    one = JournalFile(tmp_path, "c")
    one.write(Line("1", "sms", time.time(), _message("mine")))
    other = JournalFile(tmp_path, "c")
    assert other.take_over() == []
    assert b"mine" in one.path.read_bytes()
    one.close()
    other.close()


def test_a_line_that_was_cut_short_costs_no_other_line() -> None:
    whole = Line("1", "sms", 1.0, {"text": "whole"}).to_bytes()
    cut = Line("2", "sms", 1.0, {"text": "cut"}).to_bytes()[:30]
    after = Line("3", "sms", 1.0, {"text": "after"}).to_bytes()
    assert [line.id for line in read(whole + cut + after)] == ["1", "3"]


def test_a_file_that_never_empties_does_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.journal.file.COMPACT_FROM", 20_000)
    file = JournalFile(tmp_path, "c")
    keeper = Line("keeper", "sms", time.time(), _message("kept"))
    file.write(keeper)
    for number in range(300):
        line = Line(str(number), "sms", time.time(), _message(SECRET))
        file.write(line)
        file.erase(line)
    assert file.path.stat().st_size < 21_000
    assert SECRET.encode() not in _bytes(tmp_path)
    assert [line.id for line in read(_bytes(tmp_path))] == ["keeper"]
    assert len(list(tmp_path.glob(f"*{SUFFIX}"))) == 1
    file.close()


@pytest.mark.parametrize("path", ["no/such/folder/c.db", "/proc/c.db"])
def test_without_a_place_to_write_a_message_goes_on_at_once_and_it_is_said_once(
    tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        journal = Journal(tmp_path / path)
        for _ in range(3):
            held = journal.accept("sms", _message(SECRET))
            begin = time.monotonic()
            assert not await held.wait(10)
            assert time.monotonic() - begin < 5
            held.complete()
        assert journal.counts["not_held"] == 3
        assert await journal.recovered("sms") == []
        journal.close()

    asyncio.run(run())
    assert len([r for r in caplog.records if "journal" in r.getMessage()]) == 1
    assert SECRET not in caplog.text


def test_a_full_disk_is_left_alone_for_a_while_and_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REST", 0.1)
    real, is_full = os.pwrite, [False]

    def pwrite(handle: int, data: Any, offset: int) -> int:
        if is_full[0]:
            raise OSError(28, "No space left on device")
        return real(handle, data, offset)

    monkeypatch.setattr("assistant.journal.file.os.pwrite", pwrite)

    async def run() -> None:
        journal = Journal(tmp_path / "c.db")
        assert await journal.accept("sms", _message("one")).wait(10)
        is_full[0] = True
        assert not await journal.accept("sms", _message("two")).wait(10)
        is_full[0] = False
        await asyncio.sleep(0.15)
        assert await journal.accept("sms", _message("three")).wait(10)
        assert [line.content["text"] for line in read(_bytes(tmp_path))] == ["one", "three"]
        journal.close()

    asyncio.run(run())


def test_what_a_full_disk_cannot_hold_again_is_answered_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _left_by_a_killed_process(tmp_path, SECRET)

    def append(self: JournalFile, data: bytes) -> tuple[int, int]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(JournalFile, "_append", append)
    file = JournalFile(tmp_path, "c")
    assert SECRET in [line.content.get("text") for line in file.take_over()]
    assert SECRET.encode() not in _bytes(tmp_path)
    file.close()


def test_a_disk_that_hangs_holds_up_an_acknowledgement_a_moment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [3.0]
    monkeypatch.setattr("assistant.journal.file.os.fdatasync", lambda _: time.sleep(seconds[0]))

    async def run() -> None:
        journal = Journal(tmp_path / "c.db")
        begin = time.monotonic()
        assert not await journal.accept("sms", _message("one")).wait()
        assert time.monotonic() - begin < 2
        seconds[0] = 0.0
        assert await journal.accept("sms", _message("two")).wait(10), "it goes on when the disk does"
        journal.close()

    asyncio.run(run())


def test_without_a_file_nothing_is_held_and_nothing_is_written(tmp_path: Path) -> None:
    async def run() -> None:
        journal = Journal(None)
        held = journal.accept("sms", _message(SECRET))
        assert not await held.wait()
        held.complete()
        assert await journal.recovered("sms") == []

    asyncio.run(run())
    assert not list(tmp_path.iterdir())


def test_a_message_comes_back_from_the_journal_as_it_was() -> None:
    message = Received(
        "9",
        "1",
        Address("1", "2", "3", "4"),
        "ü",
        "voice",
        {"locale": "de"},
        True,
        False,
        ("5", Address("5")),
    )
    assert (
        Received.from_dict(__import__("json").loads(__import__("json").dumps(message.to_dict()))) == message
    )


def test_people_in_danger_are_answered_first_and_each_in_their_order(tmp_path: Path) -> None:
    async def run() -> list[str]:
        journal = Journal(tmp_path / "c.db")
        said = (
            ("What is baclofen?", "calm"),
            ("hello", "afraid"),
            ("thanks", "calm"),
            ("he is not breathing", "afraid"),
        )
        held = [journal.accept("sms", _message(text, person)) for text, person in said]
        order = [message.text async for _, message in gravest_first(held)]
        journal.close()
        return order

    assert asyncio.run(run()) == ["hello", "he is not breathing", "What is baclofen?", "thanks"]


def test_what_is_no_message_any_more_is_erased_and_stops_nothing(tmp_path: Path) -> None:
    async def run() -> list[str]:
        journal = Journal(tmp_path / "c.db")
        held = [journal.accept("sms", {"old": "shape"}), journal.accept("sms", _message("hello"))]
        order = [message.text async for _, message in gravest_first(held)]
        await held[1].wait(10)
        await asyncio.to_thread(_wait, lambda: b"shape" not in _bytes(tmp_path))
        journal.close()
        return order

    assert asyncio.run(run()) == ["hello"]
