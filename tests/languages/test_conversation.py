"""A conversation is answered in the language that its user writes."""

from __future__ import annotations

import pytest

from assistant import wire
from assistant.conversation import Conversation, hear


def languages(*texts: str, **metadata: str) -> list[str]:
    """Return the language of the reply to each message of a conversation."""
    conversation, result = Conversation(), []
    for text in texts:
        heard = hear(text, conversation, metadata)
        conversation = Conversation.from_slots(heard.after.to_slots())
        result.append(heard.language)
    return result


@pytest.mark.parametrize(
    ("text", "language"),
    [("no respira", "es"), ("il respire pas", "fr"), ("er atmet nicht", "de"), ("nn si sveglia", "it")],
)
def test_it_is_what_the_user_writes(text: str, language: str) -> None:
    assert languages(text) == [language]


def test_what_the_user_writes_counts_for_more_than_what_the_client_says() -> None:
    assert languages("mi hijo no despierta", language="en") == ["es"]
    assert languages("my son wont wake up", language="es") == ["en"]


def test_where_the_text_does_not_tell_the_client_does() -> None:
    assert languages("baclofen 25", language="pt") == ["pt"]


def test_a_client_that_says_something_else_than_a_language_is_not_believed() -> None:
    assert languages("baclofen 25", language="../../etc") == ["en"]


def test_where_nobody_tells_it_is_english() -> None:
    assert languages("baclofen 25") == ["en"]


def test_it_is_kept_until_the_user_clearly_writes_in_another() -> None:
    assert languages("no respira", "ok", "25 mg", "112", "👍") == ["es"] * 5
    assert languages("no respira", "she is still not breathing, please help us") == ["es", "en"]


def test_a_button_does_not_change_it() -> None:
    assert languages("no respira", "/what_is_baclofen", "/goodbye") == ["es", "es", "es"]


def test_it_outlives_what_rasa_stores() -> None:
    held = hear("no respira", Conversation(), {"language": "de"}).after
    again = Conversation.from_slots(held.to_slots())
    assert (again.written, again.asked, again.language) == ("es", "de", "es")


@pytest.mark.parametrize("stored", ["es", 5, ["es"], {"written": 7}, None])
def test_what_an_older_version_stored_breaks_nothing(stored: object) -> None:
    assert Conversation.from_slots({"language": stored}).language == "en"


def test_a_language_is_no_country() -> None:
    place = hear("no respira", Conversation()).place
    assert place is not None
    assert place.is_default
    assert place.country is not None
    assert place.country.code == "US"


@pytest.mark.parametrize("text", ["no respira", "il respire pas", "er atmet nicht", "ela não acorda"])
def test_the_same_text_gets_the_same_first_sentence_before_rasa_and_in_it(text: str) -> None:
    guard, policy = hear(text, Conversation()), hear(text, Conversation())
    first = wire.spoken_actions(guard.level)[0]
    assert wire.reply(first, guard).text == wire.reply(first, policy).text
