"""The guard: what it accepts, what it remembers, and what it does not wait for."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from assistant import conversation
from assistant.conversation import Conversation, Whereabouts
from assistant.guard import LARGEST_BODY, Guard, Incoming, Refusal, parse

EMERGENCY = "he is not breathing"


def _hear(
    guard: Guard, text: str, sender: str = "a", slots: Any = None, **metadata: str
) -> conversation.Heard:
    async def read(_: str) -> Any:
        if isinstance(slots, Exception):
            raise slots
        if slots == "slow":
            await asyncio.sleep(5)
        return slots

    return asyncio.run(guard.hear(Incoming(sender, text, metadata), read))


def test_a_proper_body_is_accepted() -> None:
    body = {"sender": "me", "message": "hi", "metadata": {"country": " GB ", "other": "x", "phone": 7}}
    assert parse(json.dumps(body).encode()) == Incoming("me", "hi", {"country": "GB"})


def test_a_body_of_exactly_the_limit_is_accepted_and_a_byte_more_is_not() -> None:
    frame = len(json.dumps({"message": ""}))
    fits = json.dumps({"message": "x" * (LARGEST_BODY - frame)}).encode()
    assert isinstance(parse(fits), Incoming)
    refusal = parse(fits + b" ")
    assert isinstance(refusal, Refusal)
    assert refusal.status == 413


def test_invalid_utf_8_is_read_as_far_as_it_goes() -> None:
    incoming = parse(b'{"message": "he is not breathing \xff\xfe"}')
    assert isinstance(incoming, Incoming)
    assert incoming.text.startswith(EMERGENCY)


def test_a_long_sender_keeps_its_conversation_and_another_one_does_not_share_it() -> None:
    ids = [
        parse(json.dumps({"sender": s, "message": "x"}).encode()) for s in ("a" * 300, "a" * 300, "a" * 301)
    ]
    senders = [i.sender for i in ids if isinstance(i, Incoming)]
    assert senders[0] == senders[1] != senders[2]
    assert all(len(s) <= 255 for s in senders)


def test_a_refusal_names_the_number_of_the_country() -> None:
    refusal = parse(b'{"message": 7, "metadata": {"country": "GB"}}')
    assert isinstance(refusal, Refusal)
    assert "999" in refusal.body()["text"]


def test_an_emergency_is_remembered_and_a_calm_message_is_not() -> None:
    guard = Guard()
    assert _hear(guard, EMERGENCY).first_time
    later = _hear(guard, "what do I do while waiting")
    assert later.level == "emergency"
    assert not later.first_time
    assert _hear(guard, "What is baclofen?", "b").level == "none"


def test_the_oldest_conversation_is_forgotten_first() -> None:
    guard = Guard(size=2)
    for sender in "abc":
        _hear(guard, EMERGENCY, sender)
    assert _hear(guard, "What is baclofen?", "c").level == "emergency"
    assert _hear(guard, "What is baclofen?", "a").level == "none"


def test_what_the_tracker_holds_is_taken_up() -> None:
    first = _hear(Guard(), EMERGENCY, country="GB")
    later = _hear(Guard(), "what do I do while waiting", slots=first.after.to_slots())
    assert later.level == "emergency"
    assert later.place is not None
    assert later.place.country is not None
    assert later.place.country.code == "GB"


@pytest.mark.parametrize(
    "slots",
    [
        "slow",
        OSError("down"),
        None,
        {"episode": "nonsense", "country": 7, "language": []},
        {"episode": {"level": 1}},
    ],
    ids=str,
)
def test_a_tracker_that_is_slow_dead_or_odd_leaves_the_raw_text_to_decide(slots: Any) -> None:
    begin = time.monotonic()
    assert _hear(Guard(), EMERGENCY, slots=slots).level == "emergency"
    assert time.monotonic() - begin < 1


def test_readers_that_fail_are_answered_like_an_emergency(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(conversation, "triage", fails)
    heard = _hear(Guard(), "What is baclofen?")
    assert heard.level == "emergency"
    assert heard.is_grave


def test_a_place_that_was_said_is_kept_and_a_weaker_hint_does_not_replace_it() -> None:
    guard = Guard()
    _hear(guard, "We're in Germany")
    heard = _hear(guard, EMERGENCY, country="GB")
    assert heard.after.where == Whereabouts(said="DE", given="GB")
    assert heard.place is not None
    assert heard.place.country is not None
    assert heard.place.country.code == "DE"


def test_a_conversation_survives_the_slots() -> None:
    heard = _hear(Guard(), EMERGENCY, country="FR", language="fr", phone="+33123")
    slots = json.loads(json.dumps(heard.after.to_slots()))
    assert Conversation.from_slots(slots) == heard.after


@pytest.mark.parametrize("language", ["<script>", "e" * 60, "e", "12"])
def test_a_language_that_is_none_is_not_taken_up(language: str) -> None:
    assert _hear(Guard(), "hi", language=language).language == "en"


def test_a_button_has_the_level_of_its_fact_and_no_other() -> None:
    assert _hear(Guard(), "/what_is_baclofen").level == "none"
    assert _hear(Guard(), "/sign_breathing").level == "awareness"
    assert _hear(Guard(), "/lethal_dose").level == "crisis"
    assert _hear(Guard(), "/greet").level == "none"


def test_a_button_ends_no_emergency() -> None:
    guard = Guard()
    _hear(guard, EMERGENCY)
    assert _hear(guard, "/what_is_baclofen").level == "emergency"
    assert _hear(guard, "/goodbye").level in ("emergency", "urgent")


def _shared(monkeypatch: pytest.MonkeyPatch, calm: bool, heard_in: float, own_in: float = 0.0) -> str:
    """Return the level of a follow-up after an emergency here and news of another process.

    Args:
        monkeypatch: sets the shared database. calm: what the other process holds.
        heard_in, own_in: seconds from now, see ``ReadSlots``.
    """
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/bot")
    guard = Guard()
    said, elsewhere = ("hello", EMERGENCY) if not calm else (EMERGENCY, "hello")
    _hear(guard, said)
    slots = {
        **_hear(Guard(), elsewhere, "b").after.to_slots(),
        "heard_at": time.time() + heard_in,
        "own_at": time.time() + own_in,
    }
    return _hear(guard, "what do I do while waiting", slots=slots).level


def test_an_emergency_that_another_process_has_heard_since_is_taken_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _shared(monkeypatch, calm=False, heard_in=0.1, own_in=-10) == "emergency"


def test_what_another_process_has_heard_before_is_not_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _shared(monkeypatch, calm=True, heard_in=-10) == "emergency"
    assert _shared(monkeypatch, calm=False, heard_in=-10) != "emergency"


def test_a_calm_word_elsewhere_ends_no_emergency_whose_turn_is_not_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _shared(monkeypatch, calm=True, heard_in=5, own_in=-10) == "emergency"


def test_what_another_process_holds_counts_when_nothing_is_on_its_way_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _shared(monkeypatch, calm=True, heard_in=5, own_in=1) != "emergency"


def test_without_a_shared_database_what_is_held_is_not_asked_for_again() -> None:
    guard = Guard()
    _hear(guard, EMERGENCY)
    slots = {"heard_at": time.time() + 5, "own_at": time.time() + 5}
    assert _hear(guard, "what do I do while waiting", slots=slots).level == "emergency"
