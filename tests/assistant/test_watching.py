"""One bot, watched in every way at once, in its most talkative mode: what it tells, what it never tells."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests import serving
from tests.assistant.collector import Collector
from tests.serving import Server, fact_ids, texts, verdicts

NAME, WORD, PHONE, SENDER, ID = "Quagmira", "zanzibarquux", "7700900123", "okapi-sender-77", "kudu-message-5"
CANARIES = (NAME, WORD, PHONE, SENDER, ID)

SAID = {
    "emergency": "he is not breathing",
    "crisis": "i want to kill myself",
    "urgent": "i took a double dose of baclofen by mistake",
    "awareness": "what are the signs of a baclofen overdose",
    "none": "hello",
}


class Watched:
    """The bot, its collector, and where it keeps things."""

    def __init__(self, folder: Path) -> None:
        self.collector = Collector()
        self.database, self.review = folder / "c.db", folder / "review.jsonl"
        self.server: Server = serving.start(
            LOG_LEVEL="debug",
            LOG_FORMAT="json",
            OTEL_EXPORTER_OTLP_ENDPOINT=self.collector.url,
            OTEL_BSP_SCHEDULE_DELAY="100",
            DATABASE=str(self.database),
            REVIEW=str(self.review),
            ACTIONS_PACKAGE="tests.outages.bad_actions",
        )

    def figure(self, name: str, **labels: str) -> float:
        """Return a figure of /metrics; of one with labels, the one that has these."""
        for family in text_string_to_metric_families(httpx.get(self.server.url + "/metrics").text):
            for sample in family.samples:
                if sample.name == name and sample.labels == labels:
                    return sample.value
        raise AssertionError(f"no {name} {labels}")

    def turns(self, level: str) -> float:
        return self.figure("baclofen_messages_total", channel="rest", level=level)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.server.output().splitlines()]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    found = Watched(tmp_path_factory.mktemp("watched"))
    yield found
    found.server.stop()
    found.collector.close()


def test_the_server_is_up_before_anything_is_watched(watched: Watched) -> None:
    assert watched.server.process.poll() is None


@pytest.mark.parametrize("level", SAID)
def test_a_message_is_counted_by_its_channel_and_level(watched: Watched, level: str) -> None:
    before = watched.figure("baclofen_messages_total", channel="rest", level=level)
    others = [watched.figure("baclofen_messages_total", channel="rest", level=e) for e in SAID if e != level]
    watched.server.say(SAID[level])
    assert watched.figure("baclofen_messages_total", channel="rest", level=level) == before + 1
    assert [
        watched.figure("baclofen_messages_total", channel="rest", level=e) for e in SAID if e != level
    ] == others


def test_the_time_to_message_1_is_measured_for_every_message(watched: Watched) -> None:
    watched.server.say(SAID["emergency"])
    labels = {"channel": "rest", "level": "emergency"}
    before = watched.figure("baclofen_first_message_seconds_count", **labels)
    list(watched.server.stream(SAID["emergency"]))
    assert watched.figure("baclofen_first_message_seconds_count", **labels) == before + 1
    assert 0 < watched.figure("baclofen_first_message_seconds_sum", **labels) < 60


def test_the_readers_that_found_a_sign_are_counted(watched: Watched) -> None:
    before = watched.figure("baclofen_readers_total", reader="rules")
    watched.server.say(SAID["emergency"])
    watched.server.say(SAID["none"])
    assert watched.figure("baclofen_readers_total", reader="rules") == before + 1


def test_a_message_that_comes_again_is_a_duplicate_and_one_without_an_id_is_not(watched: Watched) -> None:
    before = watched.figure("baclofen_duplicates_total", channel="rest")
    body = {"sender": uuid.uuid4().hex, "message": "hello"}
    for _ in range(2):
        watched.server.post(body)
    assert watched.figure("baclofen_duplicates_total", channel="rest") == before
    for _ in range(2):
        watched.server.post(body | {"message_id": "one"})
    assert watched.figure("baclofen_duplicates_total", channel="rest") == before + 1


def test_a_question_that_is_not_understood_is_a_fallback(watched: Watched) -> None:
    before = [watched.figure("baclofen_fallbacks_total", kind=k) for k in ("unsure", "out_of_scope")]
    watched.server.say("asdf qwer zxcv")
    watched.server.say("who won the football last night")
    watched.server.say("hello")
    after = [watched.figure("baclofen_fallbacks_total", kind=k) for k in ("unsure", "out_of_scope")]
    assert after == [before[0] + 1, before[1] + 1]


def test_a_refusal_is_counted_by_its_status(watched: Watched) -> None:
    watched.server.post(b"no json")
    assert watched.figure("baclofen_refusals_total", status="400") >= 1


def test_model_data_and_facts_are_shown_by_fingerprint_and_number(watched: Watched) -> None:
    page = httpx.get(watched.server.url + "/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    assert "baclofen_build_info{" in page.text
    assert watched.figure("baclofen_facts") > 100
    assert watched.figure("baclofen_facts_overdue") >= 0


def test_failing_actions_make_it_degraded_and_not_unready(watched: Watched) -> None:
    before = watched.figure("baclofen_action_failures_total", action="action_answer_question")
    watched.server.say("What is baclofen?")
    assert watched.figure("baclofen_action_failures_total", action="action_answer_question") == before + 1
    ready = httpx.get(watched.server.url + "/health/ready", timeout=20)
    assert ready.status_code == 200
    assert ready.json() == {"status": "degraded", "faults": [], "degraded": ["actions"]}
    assert watched.figure("baclofen_ready") == 1
    assert watched.figure("baclofen_degraded") == 1


def test_the_probe_leaves_no_conversation_behind(watched: Watched) -> None:
    httpx.get(watched.server.url + "/health/ready", timeout=20)
    with sqlite3.connect(watched.database) as connection:
        assert connection.execute("SELECT count(*) FROM events WHERE sender_id = 'probe'").fetchone()[0] == 0
    assert "not breathing" not in watched.database.read_bytes().decode("latin-1")


def test_every_turn_has_one_line_with_what_was_heard(watched: Watched) -> None:
    def turns() -> list[dict[str, Any]]:
        return [line for line in watched.lines() if line["event"] == "turn"]

    before = len(turns())
    watched.server.say(SAID["emergency"])
    serving.wait_until(lambda: len(turns()) == before + 1, 5)
    line = turns()[-1]
    assert (line["level"], line["channel"], line["readers"]) == ("emergency", "rest", "rules")
    assert 0 <= line["first_seconds"] <= line["seconds"] < 60
    assert line["severity"] == "info"


def test_the_parts_of_a_turn_are_spans_of_one_trace(watched: Watched) -> None:
    def emergencies() -> list[str]:
        spans = watched.collector.spans()
        return [s["trace"] for s in spans if s["attributes"].get("level") == "emergency"]

    def whole() -> list[dict[str, Any]]:
        return [s for s in watched.collector.spans() if s["trace"] in emergencies()[before : before + 1]]

    serving.wait_until(lambda: len(emergencies()) == watched.turns("emergency"), 10)
    before = len(emergencies())
    watched.server.say(SAID["emergency"])

    names = {"turn", "guard", "nlu", "policy", "action", "send"}
    serving.wait_until(lambda: {s["name"] for s in whole()} >= names, 10)
    spans = whole()
    root = next(s for s in spans if s["name"] == "turn")
    assert root["attributes"] == {"channel": "rest", "level": "emergency", "readers": "rules"}
    assert all(s["parent"] for s in spans if s is not root)
    actions = [s["attributes"]["action"] for s in spans if s["name"] == "action"]
    assert "utter_emergency" in actions


def test_no_word_number_name_or_id_of_a_user_is_told_anywhere(watched: Watched) -> None:
    server, answers = watched.server, []
    metadata = {"phone": f"+44{PHONE}", "country": WORD, "language": WORD, "time_zone": NAME, "locale": NAME}
    for number, said in enumerate([*SAID.values(), "/restart", f'/greet{{"x": "{WORD}"}}', "tell me more"]):
        text = f"{said}. {NAME} {WORD} {PHONE}" if not said.startswith("/") else said
        body = {"sender": f"{SENDER}", "message": text, "message_id": f"{ID}-{number}", "metadata": metadata}
        assert server.post(body).status_code == 200
        assert server.post({**body, "message_id": None}, params={"stream": "true"}).status_code == 200
    for bad in (
        f'{{"message": 7, "sender": "{SENDER}", "x": "{WORD}"}}'.encode(),
        f'{{"message": "{WORD}'.encode(),
        json.dumps([WORD, NAME]).encode(),
        json.dumps({"sender": SENDER, "message": WORD * 9000}).encode(),
    ):
        answers.append(server.post(bad).text)
    for path in (f"/{WORD}", f"/webhooks/{WORD}", f"/webhooks/rest/{WORD}?q={PHONE}", f"/facts/{WORD}"):
        answers.append(httpx.get(server.url + path).text.replace(path.partition("?")[0], ""))
    answers += [
        httpx.get(server.url + p, timeout=20).text for p in ("/metrics", "/health/ready", "/health/live")
    ]
    server.post(json.dumps({"sender": "another", "message": "hello"}).encode())
    serving.wait_until(lambda: watched.review.exists(), 10)
    told = {
        "the log": server.output(),
        "answers": "\n".join(answers),
        "spans": b"".join(watched.collector.bodies).decode("latin-1"),
        "rows for review": watched.review.read_text("utf-8"),
    }
    assert "turn" in told["the log"]
    assert "turn" in told["spans"]
    found = [(where, canary) for where, text in told.items() for canary in CANARIES if canary in text]
    assert found == []
    kept = b"".join(file.read_bytes() for file in watched.database.parent.glob("c.db*")).decode("latin-1")
    assert SENDER in kept, "the conversation is kept under its sender"
    assert [canary for canary in CANARIES if canary != SENDER and canary in kept] == []


def test_what_is_kept_for_review_has_no_sender_and_says_what_was_heard(watched: Watched) -> None:
    sender = uuid.uuid4().hex
    watched.server.say("hello", sender)
    watched.server.say(f"my son {NAME} took 41 baclofen and wont wake up", sender)

    def rows() -> list[dict[str, Any]]:
        return [json.loads(line) for line in watched.review.read_text("utf-8").splitlines()]

    serving.wait_until(lambda: watched.review.exists() and any("41" in row["text"] for row in rows()), 10)
    row = next(row for row in rows() if "41" in row["text"])
    assert row["text"] == "my son [name] took 41 baclofen and wont wake up"
    assert (row["kind"], row["level"]) == ("escalation", "emergency")
    assert "hard_to_wake" in row["signs"]
    assert "hello" not in [row["text"] for row in rows()]
    assert sender not in watched.review.read_text("utf-8")


def test_every_line_of_the_log_is_a_json_object(watched: Watched) -> None:
    lines = watched.lines()
    assert lines
    assert all({"time", "severity", "logger", "event"} <= line.keys() for line in lines)


def test_without_an_endpoint_nothing_of_opentelemetry_is_loaded() -> None:
    code = "import sys; from assistant import observe, tracing; tracing.install(); print([*sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=serving.ROOT,
        env=serving.environment(OTEL_EXPORTER_OTLP_ENDPOINT=""),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "assistant.tracing" in done.stdout
    assert "opentelemetry" not in done.stdout


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_conversation_still_works_from_what_is_kept(tmp_path: Path) -> None:
    database, sender = str(tmp_path / "c.db"), uuid.uuid4().hex
    first = serving.start(DATABASE=database)
    first.say("he is not breathing", sender, phone=f"+44{PHONE}")
    first.say("What is baclofen?", calm := uuid.uuid4().hex)
    first.stop()
    assert PHONE not in Path(database).read_bytes().decode("latin-1")
    dead = f"http://127.0.0.1:{serving.free_port()}"  # a collector that is down holds nothing up
    second = serving.start(DATABASE=database, OTEL_EXPORTER_OTLP_ENDPOINT=dead)
    try:
        said = second.say("what do I do while waiting", sender)
        assert "999" in texts(said)[0], "country and emergency are remembered"
        assert verdicts(said)[0]["level"] == "emergency"
        assert fact_ids(second.say("tell me more", calm)) == ["what_is_baclofen"]
        assert PHONE not in second.output()
    finally:
        second.stop()
