"""Asking on after an answer, two questions at once, other medicines by name: with the bot as it is served."""

from __future__ import annotations

import uuid

import httpx
import pytest

from baclofen import facts
from tests.serving import Server, fact_ids, shared, texts, verdicts


@pytest.fixture(scope="module")
def server() -> Server:
    return shared()


def _talk(server: Server, *said: str) -> list[list[dict[str, object]]]:
    sender = uuid.uuid4().hex
    return [server.say(words, sender) for words in said]


def test_an_answer_is_short_and_the_rest_comes_when_it_is_asked_for(server: Server) -> None:
    fact = facts.load()["storage"]
    first, more = _talk(server, "how do I store baclofen?", "tell me more")
    assert texts(first) == [fact.short]
    assert [button["title"] for button in first[0]["buttons"]] == ["Tell me more"]  # type: ignore[attr-defined]
    assert texts(more) == [fact.full]


def test_the_button_asks_for_more_like_the_words(server: Server) -> None:
    first, more = _talk(server, "how do I store baclofen?", "/follow_more")
    assert fact_ids(first) == fact_ids(more) == ["storage"]
    assert texts(more) == [facts.load()["storage"].full]


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ("source?", "This answer comes from:"),
        ("are you sure?", "No clinician has reviewed it yet."),
        ("say that simpler", "In short:"),
        ("what did I ask?", "You asked: How do I store baclofen?"),
    ],
)
def test_the_answer_before_can_be_asked_about(server: Server, asked: str, holds: str) -> None:
    _, reply = _talk(server, "how do I store baclofen?", asked)
    assert holds in texts(reply)[0]
    assert fact_ids(reply) == ["storage"]


def test_without_an_answer_before_it_asks_which_one_is_meant(server: Server) -> None:
    (reply,) = _talk(server, "source?")
    assert "which answer you mean" in texts(reply)[0]
    assert fact_ids(reply) == []


@pytest.mark.parametrize("number", ["2", "7", "12", "+1", "1."])
def test_a_bare_number_asks_nothing_and_offers_questions(server: Server, number: str) -> None:
    _, reply = _talk(server, "how do I store baclofen?", number)
    assert fact_ids(reply) == []
    assert reply[0]["buttons"]


def test_a_number_with_a_word_may_ask(server: Server) -> None:
    _, reply = _talk(server, "how do I store baclofen?", "2 what did I ask?")
    assert fact_ids(reply) == ["storage"]


def test_what_about_children_means_what_fits_the_answer_before(server: Server) -> None:
    assert fact_ids(_talk(server, "what are the signs of an overdose?", "and for kids?")[1]) == [
        "child_swallowed_some"
    ]
    assert fact_ids(_talk(server, "what is the usual starting dose?", "and for kids?")[1]) == ["children"]


def test_two_questions_in_one_message_are_both_answered_and_one_is_answered_once(server: Server) -> None:
    both, one = _talk(server, "what is baclofen and how do I store it?", "can I drive on baclofen?")
    assert fact_ids(both) == ["what_is_baclofen", "storage"]
    assert fact_ids(one) == ["driving"]


def test_a_named_medicine_is_told_by_its_group_and_an_unknown_name_is_not_guessed_at(server: Server) -> None:
    known, unknown = _talk(
        server, "can I take sertraline with baclofen?", "can I take qwertozil with baclofen?"
    )
    assert fact_ids(known) == ["antidepressants_with_baclofen"]
    assert texts(known)[0].startswith("Sertraline is in this group:")
    assert fact_ids(unknown) == ["other_medicines"]
    assert texts(unknown)[0].startswith("I do not know that medicine.")


def test_an_emergency_goes_before_two_questions(server: Server) -> None:
    (reply,) = _talk(server, "what is baclofen and how do I store it? she is not breathing")
    assert "911" in texts(reply)[0]
    assert verdicts(reply)[0]["level"] == "emergency"


def test_a_question_that_is_not_understood_offers_others_and_is_counted_without_its_words(
    server: Server,
) -> None:
    (reply,) = _talk(server, "baclofen zanzibar kite")
    assert fact_ids(reply) == []
    assert reply[-1].get("buttons")


@pytest.mark.parametrize("name", ["index.html", "overdose.html", "sources.html", "book.css", "search.js"])
def test_the_fact_book_is_served(server: Server, name: str) -> None:
    page = httpx.get(f"{server.url}{facts.BOOK}/{name}")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["nothing.html", "..%2Fpages.py", "base.html"])
def test_nothing_else_is_served_below_the_fact_book(server: Server, name: str) -> None:
    assert httpx.get(f"{server.url}{facts.BOOK}/{name}").status_code == 404


def test_the_short_address_leads_to_the_questions(server: Server) -> None:
    assert httpx.get(f"{server.url}{facts.BOOK}", follow_redirects=True).text.count("<h1>") == 1
