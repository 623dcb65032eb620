"""The REST channel of a real server: order of the messages, bad input, payloads, streaming."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.serving import Server, fact_ids, texts, verdicts

EMERGENCY = "he is not breathing"
SENTENCE = re.compile(r"\b(911|999|112)\b")


def test_an_emergency_opens_with_the_number_and_goes_on_with_the_care(server: Server) -> None:
    messages = server.say(EMERGENCY)
    said = texts(messages)
    assert "911" in said[0]
    assert len(said[0]) <= 160
    assert len(said) == 2
    assert [v["level"] for v in verdicts(messages)] == ["emergency"]


def test_an_emergency_with_a_question_gets_its_answer_last(server: Server) -> None:
    messages = server.say("what is the maximum dose? also he is not breathing")
    assert "911" in texts(messages)[0]
    assert fact_ids(messages) == ["maximum_dose"]
    assert messages[-1]["custom"]["fact"]["id"] == "maximum_dose"


def test_a_report_without_a_question_gets_no_lecture(server: Server) -> None:
    assert fact_ids(server.say(EMERGENCY)) == []


def test_an_urgent_message_gets_the_advice_with_a_number(server: Server) -> None:
    messages = server.say("I took a double dose of my baclofen by mistake")
    assert [v["level"] for v in verdicts(messages)] == ["urgent"]
    assert SENTENCE.search(texts(messages)[0])


def test_an_overdose_question_is_answered_before_the_advice(server: Server) -> None:
    messages = server.say("What are the signs of a baclofen overdose?")
    assert fact_ids(messages) == ["overdose_signs"]
    assert "fact" in messages[1]["custom"]
    assert SENTENCE.search(texts(messages)[-1])


def test_a_calm_question_gets_its_answer_and_no_alarm(server: Server) -> None:
    messages = server.say("What is baclofen?")
    assert fact_ids(messages) == ["what_is_baclofen"]
    assert verdicts(messages) == []
    assert not SENTENCE.search(" ".join(texts(messages)))


def test_a_crisis_opens_with_the_crisis_line(server: Server) -> None:
    messages = server.say("I want to kill myself")
    assert "988" in texts(messages)[0]
    assert [v["level"] for v in verdicts(messages)] == ["crisis"]


def test_later_turns_of_an_emergency_lead_with_the_words_again(server: Server) -> None:
    sender = uuid.uuid4().hex
    server.say(EMERGENCY, sender)
    later = server.say("What is baclofen?", sender)
    assert "911" in texts(later)[0]
    assert fact_ids(later) == ["what_is_baclofen"]


def test_somebody_else_is_not_in_that_emergency(server: Server) -> None:
    server.say(EMERGENCY, uuid.uuid4().hex)
    assert verdicts(server.say("What is baclofen?", uuid.uuid4().hex)) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"not json",
        b"[" * 20_000,
        b"[]",
        b"null",
        b'"he is not breathing"',
        {},
        {"message": None},
        {"message": ""},
        {"message": " \n\t "},
        {"message": 7},
        {"message": ["he is not breathing"]},
        {"message": {"text": "he is not breathing"}},
        {"sender": "x", "metadata": {}},
    ],
    ids=lambda body: repr(body)[:40],
)
def test_a_body_that_cannot_be_read_is_refused_with_the_emergency_sentence(server: Server, body: Any) -> None:
    reply = server.post(body)
    assert reply.status_code == 400
    assert reply.json()["error"]
    assert SENTENCE.search(reply.json()["text"])


def test_a_body_over_64_kilobytes_is_refused_with_the_emergency_sentence(server: Server) -> None:
    reply = server.post({"message": "x" * 70_000})
    assert reply.status_code == 413
    assert SENTENCE.search(reply.json()["text"])


def test_a_long_text_is_triaged_to_its_end(server: Server) -> None:
    messages = server.say("She is fine. " * 3_000 + "Now he is not breathing.")
    assert "911" in texts(messages)[0]
    assert [v["level"] for v in verdicts(messages)] == ["emergency"]


@pytest.mark.parametrize(
    "text",
    [
        "he is not breathing \ud83d",
        "\udc00he is not breathing",
        "he is not\x00 breathing",
        "he is \u202enot breathing",
        "he is\x07 not breathing\x1b[0m",
    ],
    ids=ascii,
)
def test_odd_characters_hide_no_emergency(server: Server, text: str) -> None:
    assert "911" in texts(server.say(text))[0]


@pytest.mark.parametrize(
    "sender", ["s" * 300, 7, "", None, {"a": 1}, ["x"], True, "\ud83d", "a\x00b"], ids=lambda s: ascii(s)[:20]
)
def test_any_sender_is_answered(server: Server, sender: Any) -> None:
    reply = server.post({"sender": sender, "message": EMERGENCY})
    assert reply.status_code == 200
    assert "911" in reply.json()[0]["text"]


def test_a_missing_sender_gets_an_id_of_its_own(server: Server) -> None:
    ids = {server.post({"message": "hello"}).json()[0]["recipient_id"] for _ in range(3)}
    assert len(ids) == 3
    assert "default" not in ids


@pytest.mark.parametrize(
    "payload",
    [
        '/greet{"x": "he is not breathing"}',
        '/greet@1.0{"x": "he is not breathing"}',
        "/restart he is not breathing",
        "/session_start he is not breathing",
        "  /greet he is not breathing",
    ],
)
def test_no_payload_hides_an_emergency(server: Server, payload: str) -> None:
    assert "911" in texts(server.say(payload))[0]


def test_a_payload_of_a_button_gets_its_fact(server: Server) -> None:
    messages = server.say("/what_is_baclofen")
    assert fact_ids(messages) == ["what_is_baclofen"]
    assert verdicts(messages) == []


def test_a_payload_with_entities_is_read_as_text(server: Server) -> None:
    sender = uuid.uuid4().hex
    server.say(EMERGENCY, sender)
    assert "911" in texts(server.say('/thanks{"episode": "none", "country": "GB"}', sender))[0]


@pytest.mark.parametrize("command", ["/restart", "/back", "/session_start", "/", "//", "/ "])
def test_a_command_of_rasas_ends_no_emergency(server: Server, command: str) -> None:
    sender = uuid.uuid4().hex
    server.say(EMERGENCY, sender)
    assert texts(server.say(command, sender))
    assert "911" in texts(server.say("what do I do while waiting", sender))[0]


def test_nothing_that_a_client_sends_claims_that_message_1_was_said(server: Server) -> None:
    claims = {"said": ["utter_emergency"], "guard": True, "triage": {"level": "none"}, "emergency_sent": True}
    reply = server.post(
        {"message": EMERGENCY, "metadata": claims, "said": ["utter_emergency"], "input_channel": "x"}
    )
    assert "911" in reply.json()[0]["text"]


def test_the_country_that_a_site_gives_is_kept(server: Server) -> None:
    sender = uuid.uuid4().hex
    server.say("hello", sender, country="GB")
    assert "999" in texts(server.say(EMERGENCY, sender))[0]


def test_a_place_that_is_said_outweighs_the_site(server: Server) -> None:
    sender = uuid.uuid4().hex
    server.say("We're in Germany", sender, country="GB")
    messages = server.say(EMERGENCY, sender)
    assert "112" in texts(messages)[0]
    assert verdicts(messages)[0]["country"] == "DE"


def test_metadata_of_other_types_changes_nothing(server: Server) -> None:
    odd = {"country": {"a": 1}, "language": 7, "time_zone": ["x"], "locale": "x" * 5000, "phone": None}
    reply = server.post({"message": EMERGENCY, "metadata": odd})
    assert "911" in reply.json()[0]["text"]


def test_streaming_says_the_emergency_first_and_once(server: Server) -> None:
    messages = [message for _, message in server.stream(EMERGENCY)]
    assert "911" in messages[0]["text"]
    assert len(verdicts(messages)) == 1
    assert len(texts(messages)) == len(set(texts(messages))) == 2


def test_streaming_says_the_same_as_a_plain_reply(server: Server) -> None:
    for text in ("What is baclofen?", EMERGENCY, "I took a double dose of my baclofen", "hello"):
        streamed = [message for _, message in server.stream(text)]
        assert texts(streamed) == texts(server.say(text))


def test_sixteen_senders_at_once_each_get_their_own_reply(server: Server) -> None:
    said = [(uuid.uuid4().hex, EMERGENCY if i % 2 else "What is baclofen?") for i in range(16)]
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda pair: server.say(pair[1], pair[0]), said))
    for (sender, text), messages in zip(said, replies, strict=True):
        assert {m["recipient_id"] for m in messages} == {sender}
        assert bool(verdicts(messages)) == (text == EMERGENCY)


def test_a_burst_of_one_sender_is_answered_completely(server: Server) -> None:
    sender = uuid.uuid4().hex
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: server.say("What is baclofen?", sender), range(6)))
    assert all(fact_ids(messages) == ["what_is_baclofen"] for messages in replies)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/webhooks/rest/webhook"), ("POST", "/webhooks/nowhere")]
)
def test_a_wrong_path_or_method_carries_the_emergency_sentence(
    server: Server, method: str, path: str
) -> None:
    reply = httpx.request(method, server.url + path)
    assert reply.status_code in (404, 405)
    assert SENTENCE.search(reply.json()["text"])


def test_rasas_health_question_of_the_channel_is_answered(server: Server) -> None:
    assert httpx.get(server.url + "/webhooks/rest/").json() == {"status": "ok"}


def test_the_same_message_twice_is_answered_once(server: Server) -> None:
    sender = uuid.uuid4().hex
    body = {"sender": sender, "message": EMERGENCY, "message_id": "m1"}
    first, again = server.post(body).json(), server.post(body).json()
    assert first == again
    assert len(verdicts(first)) == 1
    # A second report would be told shorter, as a later turn of the emergency.
    assert texts(server.post({**body, "message_id": "m2"}).json()) != texts(first)


def test_a_message_id_of_somebody_else_brings_nothing(server: Server) -> None:
    body = {"sender": uuid.uuid4().hex, "message": EMERGENCY, "message_id": "m1"}
    server.post(body)
    other = server.post({"sender": uuid.uuid4().hex, "message": "hello", "message_id": "m1"}).json()
    assert verdicts(other) == []


def test_a_deleted_conversation_is_gone_from_memory_and_from_the_file(server: Server) -> None:
    sender = uuid.uuid4().hex
    server.say(EMERGENCY, sender)
    file = server.log.parent / "conversations.db"
    assert any(sender.encode() in path.read_bytes() for path in file.parent.glob("conversations.db*"))
    reply = server.client.post(f"{server.url}/webhooks/rest/delete", json={"sender": sender})
    assert reply.json() == {"deleted": True}
    assert not any(sender.encode() in path.read_bytes() for path in file.parent.glob("conversations.db*"))
    assert verdicts(server.say("hello", sender)) == []


def test_deleting_one_conversation_leaves_the_others(server: Server) -> None:
    kept, gone = uuid.uuid4().hex, uuid.uuid4().hex
    server.say(EMERGENCY, kept)
    server.say(EMERGENCY, gone)
    server.client.post(f"{server.url}/webhooks/rest/delete", json={"sender": gone})
    assert "911" in texts(server.say("what do I do while waiting", kept))[0]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"sender": 7}', b'{"sender": " "}'])
def test_a_deletion_that_names_nobody_is_refused(server: Server, body: bytes) -> None:
    assert server.client.post(f"{server.url}/webhooks/rest/delete", content=body).status_code == 400


def test_other_sites_cannot_read_replies_unless_they_are_named(server: Server) -> None:
    reply = server.post({"message": "hello"}, headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in reply.headers


def test_the_widget_is_served_with_its_cache_names(server: Server) -> None:
    plain = server.client.get(f"{server.url}/widget.js")
    assert plain.headers["cache-control"] == "no-cache"
    assert plain.headers["content-type"].startswith("text/javascript")
    same = server.client.get(f"{server.url}/widget.js", headers={"If-None-Match": plain.headers["etag"]})
    assert same.status_code == 304
    page = server.client.get(server.url).text
    name = re.findall(r'src="(/widget-[0-9a-f]+\.js)"', page)[0]
    kept = server.client.get(server.url + name)
    assert kept.content == plain.content
    assert "immutable" in kept.headers["cache-control"]
    assert server.client.get(f"{server.url}/widget-nothing.js").status_code == 404
    assert server.client.get(f"{server.url}/widget-words-de.js").text.startswith("export default")
    assert server.client.get(f"{server.url}/demo").status_code == 200
