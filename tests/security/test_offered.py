"""A button counts only where it was offered; any other command is read as a text."""

from __future__ import annotations

import uuid

import pytest

from assistant.security import offered
from baclofen import facts
from tests.channels.people import somebody
from tests.channels.vendors import TwilioCaller, Vendors
from tests.serving import Server, fact_ids, texts

QUESTION = next(
    fact.id for fact in facts.load().values() if fact.id not in offered.starters() and fact.level == "none"
)


def test_a_button_that_was_offered_is_a_command_and_for_nobody_else() -> None:
    anna, bert = uuid.uuid4().hex, uuid.uuid4().hex
    offered.remember(anna, {"text": "?", "buttons": [{"title": "Yes", "payload": "/affirm"}]})
    assert offered.as_text(anna, " /affirm ") == " /affirm "
    assert offered.as_text(bert, "/affirm") == "affirm"
    offered.forget(anna)
    assert offered.as_text(anna, "/affirm") == "affirm"


def test_a_question_that_was_not_offered_is_asked_in_words() -> None:
    assert offered.as_text(uuid.uuid4().hex, f"/{QUESTION}") == facts.load()[QUESTION].question


def test_the_buttons_of_the_page_are_always_offered() -> None:
    assert offered.starters()
    for name in offered.starters():
        assert offered.as_text(uuid.uuid4().hex, f"/{name}") == f"/{name}"


def test_what_is_no_command_stays_as_it_is() -> None:
    for text in ("he is not breathing", "10/20 mg", '/affirm{"a": 1}', "/restart", ""):
        assert offered.as_text(uuid.uuid4().hex, text) == text


def test_only_the_latest_buttons_are_kept() -> None:
    sender = uuid.uuid4().hex
    for number in range(offered.EACH + 1):
        offered.remember(sender, {"buttons": [{"title": "x", "payload": f"/{number}"}]})
    assert list(offered._kept[sender])[0] == "/1"


def test_a_failure_leaves_no_command_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offered.payloads, "intent_of", lambda _: 1 / 0)
    assert offered.as_text("anna", "/affirm") == "affirm"
    assert offered.as_text("anna", "he is not breathing") == "he is not breathing"


def test_no_command_ends_an_emergency_on_text_messages(sms: TwilioCaller, vendors: Vendors) -> None:
    person = somebody("sms")
    sms.say("he is not breathing", person)
    count = len(vendors.wait(person))
    for command in ("/deny", "/restart", '/deny{"episode": null}'):
        sms.say(command, person)
        said = vendors.wait(person, count + 1)
        assert "999" in said[count].text
        count = len(said)


def test_an_offered_question_is_answered_and_one_that_was_not_is_read(bot: Server) -> None:
    sender = uuid.uuid4().hex
    assert texts(bot.say(f"/{QUESTION}", sender))
    asked = bot.say("baclofen", sender)
    payloads = [b["payload"] for m in asked for b in m.get("buttons", ())]
    named = [p for p in payloads if p[1:] in facts.load()]
    if named:
        assert fact_ids(bot.say(named[0], sender)) == [named[0][1:]]
