"""Nobody on a page can choose whose conversation it is; danger is answered with any id or none."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from assistant.security import sessions
from tests.security.conftest import SECRET
from tests.serving import Server, texts, verdicts

EMERGENCY = "he is not breathing"
NOW = 1_800_000_000.0


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_SECRET", SECRET)


def chat(bot: Server, message: str, sender: Any = None, path: str = "webhook", **more: Any) -> httpx.Response:
    body = {"message": message, **({} if sender is None else {"sender": sender}), **more}
    return bot.client.post(f"{bot.url}/webhooks/chat/{path}", json=body)


def opened(bot: Server) -> str:
    return str(bot.client.post(f"{bot.url}/webhooks/chat/session").json()["sender"])


def test_an_id_names_one_conversation_and_another_id_another() -> None:
    first, second = sessions.issue(NOW), sessions.issue(NOW)
    assert sessions.conversation(first, NOW) == sessions.conversation(first, NOW + 3600)
    assert sessions.conversation(first, NOW) != sessions.conversation(second, NOW)
    assert str(sessions.conversation(first, NOW)).removeprefix("chat:") not in first


def test_a_changed_id_is_none() -> None:
    nonce, until, mac = sessions.issue(NOW).split(".")
    later = str(int(until) + 1)
    flipped = mac[:-1] + ("0" if mac[-1] != "0" else "1")
    for forged in (
        f"{nonce}.{later}.{mac}", f"{'0' * 32}.{until}.{mac}", f"{nonce}.{until}.{flipped}", f"{nonce}.",
        f"{nonce}.{until}.{mac}\n", f"{nonce}.{until}.{mac}x", nonce, "", "anna", "\ud83d",
    ):  # fmt: skip
        assert sessions.conversation(forged, NOW) is None


def test_an_id_of_another_secret_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    session = sessions.issue(NOW)
    monkeypatch.setenv("SESSION_SECRET", "6" * 64)
    assert sessions.conversation(session, NOW) is None
    monkeypatch.setenv("SESSION_SECRET", "")
    assert sessions.conversation(session, NOW) is None
    assert sessions.conversation(sessions.issue(NOW), NOW) is not None


def test_an_id_ends_after_a_day_but_still_deletes() -> None:
    session = sessions.issue(NOW)
    assert sessions.conversation(session, NOW + sessions.LIFETIME - 3601) is not None
    assert sessions.conversation(session, NOW + sessions.LIFETIME + 1) is None
    assert sessions.conversation(session, NOW + sessions.LIFETIME + 1, even_expired=True) is not None


def test_a_conversation_that_goes_on_is_renewed_and_stays_the_same() -> None:
    session, later = sessions.issue(NOW), NOW + sessions.LIFETIME * 0.7
    fresh = sessions.renewed(session, later)
    assert fresh != session
    assert sessions.conversation(fresh, later) == sessions.conversation(session, later)
    assert sessions.renewed(session, NOW + 60) == session


def test_an_issued_id_is_taken_and_told_again(bot: Server) -> None:
    session = opened(bot)
    assert {m["recipient_id"] for m in chat(bot, EMERGENCY, session).json()} == {session}
    later = chat(bot, "what do I do while waiting", session).json()
    assert "911" in texts(later)[0]


@pytest.mark.parametrize(
    "sender", [None, "", "anna", 7, {"a": 1}, "x" * 5000, "0" * 32 + ".9999999999." + "0" * 64]
)
@pytest.mark.parametrize("path", ["webhook", "webhook?stream=true"])
def test_danger_is_answered_without_a_valid_id_and_a_fresh_one_comes_with_it(
    bot: Server, sender: Any, path: str
) -> None:
    reply = chat(bot, EMERGENCY, sender, path)
    assert reply.status_code == 200
    assert "911" in reply.text.partition('"custom"')[0]
    if path == "webhook":
        ids = {message["recipient_id"] for message in reply.json()}
        assert len(ids) == 1
        assert sessions.conversation(ids.pop()) is not None


def test_the_fresh_id_goes_on_with_the_conversation(bot: Server) -> None:
    session = chat(bot, EMERGENCY).json()[0]["recipient_id"]
    assert "911" in texts(chat(bot, "what do I do while waiting", session).json())[0]


def test_nobody_gets_into_a_conversation_by_naming_it(bot: Server) -> None:
    session = opened(bot)
    chat(bot, EMERGENCY, session)
    inside = sessions.conversation(session)
    nonce, until, mac = session.split(".")
    for named in (inside, nonce, f"{nonce}.{int(until) + 3600}.{mac}"):
        assert verdicts(chat(bot, "hello", named).json()) == []
    assert verdicts(bot.say("hello", session)) == []


def test_a_first_message_that_is_sent_again_is_answered_once(bot: Server) -> None:
    name = str(uuid.uuid4())
    first, again = (chat(bot, EMERGENCY, "", message_id=name).json() for _ in range(2))
    assert first == again
    other = chat(bot, "hello", "", message_id=str(uuid.uuid4())).json()
    assert other[0]["recipient_id"] != first[0]["recipient_id"]


def test_a_message_id_that_can_be_guessed_shares_nothing(bot: Server) -> None:
    first, again = (chat(bot, EMERGENCY, "", message_id="1").json() for _ in range(2))
    assert first[0]["recipient_id"] != again[0]["recipient_id"]


def test_only_who_holds_the_id_deletes(bot: Server) -> None:
    session = opened(bot)
    chat(bot, EMERGENCY, session)
    url = f"{bot.url}/webhooks/chat/delete"
    for named in (sessions.conversation(session), "anna", session[:-1]):
        refused = bot.client.post(url, json={"sender": named})
        assert refused.status_code == 403
        assert "911" in refused.json()["text"]
    assert "911" in texts(chat(bot, "what do I do while waiting", session).json())[0]
    assert bot.client.post(url, json={"sender": session}).json() == {"deleted": True}
    assert verdicts(chat(bot, "hello", session).json()) == []
