"""Whatever is sent, nothing falls over: bodies to the parsers, and thousands of requests to a bot."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.chat_channel import ChatChannel
from assistant.guard import Incoming, Refusal, parse, parse_sender
from assistant.security import offered, sessions
from assistant.web_channel import RestChannel
from tests.channels.vendors import Vendors

FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
VALUES = st.recursive(
    SCALARS,
    lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(max_size=8), v, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(("message", "sender", "message_id", "metadata", "country", "text", "x"))
BODIES = st.binary(max_size=400) | st.dictionaries(KEYS, VALUES, max_size=6).map(
    lambda body: json.dumps(body).encode()
)

TELEGRAM = st.sampled_from(
    ("update_id", "message", "edited_message", "callback_query", "chat", "from", "id", "text", "type", "data",
     "message_id", "caption", "voice", "reply_to_message", "language_code", "is_bot")
)  # fmt: skip
SLACK = st.sampled_from(
    ("type", "event", "event_id", "user", "text", "channel", "ts", "subtype", "bot_id", "files",
     "challenge", "authorizations", "payload", "actions", "value")
)  # fmt: skip
MESSENGER = st.sampled_from(
    ("object", "entry", "messaging", "sender", "recipient", "id", "message", "mid", "text", "attachments",
     "postback", "payload", "quick_reply", "is_echo", "timestamp", "type")
)  # fmt: skip
TWILIO = st.sampled_from(
    (
        "From",
        "To",
        "Body",
        "MessageSid",
        "NumMedia",
        "MediaContentType0",
        "OptOutType",
        "ButtonPayload",
        "Latitude",
    )
)


def trees(keys: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Return bodies with a vendor's own words in the wrong places."""
    values = st.recursive(
        SCALARS | keys,
        lambda v: st.lists(v, max_size=3) | st.dictionaries(keys, v, max_size=5),
        max_leaves=25,
    )
    return values.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200)


@FEW
@given(BODIES)
def test_the_guard_reads_any_body_or_refuses_it(body: bytes) -> None:
    found = parse(body)
    if isinstance(found, Refusal):
        assert 400 <= found.status < 500
        assert found.body()["text"]
    else:
        assert isinstance(found, Incoming)
        assert found.text.strip()
        assert found.sender.strip()
        found.text.encode("utf-8")
        assert isinstance(parse_sender(body), (str, Refusal))


@FEW
@given(st.text(max_size=120), st.text(max_size=64))
def test_any_sender_has_a_conversation_that_nobody_else_has(sender: str, message_id: str) -> None:
    incoming = Incoming(sender or "x", "hello", {}, message_id, bool(sender))
    named, shown = ChatChannel().named(incoming)
    assert named.sender.startswith("chat:")
    assert sessions.conversation(shown) == named.sender
    assert RestChannel().named(incoming) == (incoming, incoming.sender)


@FEW
@given(st.text(max_size=60))
def test_any_text_is_a_text_or_an_offered_button(text: str) -> None:
    assert isinstance(offered.as_text("somebody", text), str)
    assert isinstance(offered.as_text("somebody", f"/{text}"), str)


@pytest.fixture(scope="module")
def channels() -> dict[str, Any]:
    from assistant.channels.messenger import MessengerChannel
    from assistant.channels.slack import SlackChannel
    from assistant.channels.telegram import TelegramChannel
    from assistant.channels.twilio import SmsChannel, WhatsAppChannel

    with pytest.MonkeyPatch.context() as patch:
        for name, value in Vendors().environment().items():
            patch.setenv(name, value)
        made = (MessengerChannel, SlackChannel, TelegramChannel, SmsChannel, WhatsAppChannel)
        return {channel.key: channel() for channel in made}


def is_received(channel: Any, body: bytes, kind: str) -> bool:
    """Say whether a signed body gives messages, or an error that the channel's ``receive`` acknowledges."""
    request = SimpleNamespace(headers={"content-type": kind}, args={}, path="/", query_string="")
    try:
        messages = channel.read(request, body)
    except Exception:
        return True
    return all(
        isinstance(m.text, str) and isinstance(m.person, str) and isinstance(m.id, str) for m in messages
    )


@FEW
@given(data=st.data())
@pytest.mark.parametrize("name", ["telegram", "slack", "messenger"])
def test_a_vendors_body_gives_messages_of_text_or_an_error(
    channels: Any, name: str, data: st.DataObject
) -> None:
    keys = {"telegram": TELEGRAM, "slack": SLACK, "messenger": MESSENGER}[name]
    assert is_received(channels[name], data.draw(trees(keys)), "application/json")


@FEW
@given(form=st.dictionaries(TWILIO, st.text(max_size=40)))
@pytest.mark.parametrize("name", ["sms", "whatsapp"])
def test_any_form_of_twilios_is_read(channels: Any, name: str, form: dict[str, str]) -> None:
    from urllib.parse import urlencode

    body = urlencode(form, errors="replace").encode()
    for message in channels[name].read(SimpleNamespace(headers={}), body):
        assert message.person == form["From"]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_thousand_bad_requests_bring_no_error_no_empty_answer_and_no_growth() -> None:
    from security import fuzz

    with fuzz.bot() as running:
        result = fuzz.run(running, 1000, seconds=60, seed=7)
    assert not result.faults, str(result)
    assert result.inputs > 200


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_fuzzer_sees_a_reply_that_is_not_as_described(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from security import fuzz

    wrong = tmp_path / "openapi.yml"
    text = fuzz.SCHEMA.read_text("utf-8")
    wrong.write_text(
        text.replace("properties: {status: {type: string}}", "properties: {status: {type: integer}}")
    )
    monkeypatch.setattr(fuzz, "SCHEMA", wrong)
    with fuzz.bot() as running:
        result = fuzz.run(running, 30, seconds=30, seed=7)
    assert any("status" in fault for fault in result.faults)
