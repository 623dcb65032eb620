"""Asking a bot over its REST channel: senders, order, pauses and failures."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluation import bot
from evaluation.bot import BotError, Client, run_set, running_bot
from evaluation.rows import Conversation, LabelledSet, Row
from evaluation.score import judge
from tests.evaluation.standin import EMERGENCY, QUIET, standin


class Recorder:
    """Remembers what was asked; answers blue lips with an emergency."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def __call__(self, sender: str, message: str) -> Any:
        with self._lock:
            self.asked.append((sender, message))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return EMERGENCY if "blue" in message else QUIET
        finally:
            with self._lock:
                self.at_once -= 1


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def url(recorder: Recorder) -> Iterator[str]:
    with standin(recorder) as address:
        yield address


def labelled(count: int = 12) -> LabelledSet:
    messages = tuple(Row(f"m{number}", f"lips are blue {number}", "emergency") for number in range(count))
    talk = Conversation("c", (Row("c.1", "what is it", "none"), Row("c.2", "lips are blue", "emergency")))
    return LabelledSet(
        {"patients": messages}, (Row("f", "what for", "none", must=("muscle",)),), (talk, talk)
    )


def test_every_message_has_a_fresh_sender_and_the_turns_of_a_conversation_share_one(
    recorder: Recorder, url: str
) -> None:
    scored = run_set(Client(url), labelled())
    single = [sender for sender, message in recorder.asked if message.startswith("lips are blue ")]
    assert len(set(single)) == 12
    talks: dict[str, list[str]] = {}
    for sender, message in recorder.asked:
        if message in ("what is it", "lips are blue"):
            talks.setdefault(sender, []).append(message)
    assert list(talks.values()) == [["what is it", "lips are blue"]] * 2
    assert not set(talks) & set(single)
    assert all(verdict.helped for verdict in scored.all)
    assert len(scored.conversations) == 2


def test_no_more_than_four_messages_are_in_flight(recorder: Recorder, url: str) -> None:
    run_set(Client(url), labelled(40))
    assert 1 <= recorder.most_at_once <= 4


def test_a_reply_comes_with_its_messages_and_its_time(url: str) -> None:
    reply = Client(url + "/").ask("blue")
    assert reply.level == "emergency"
    assert reply.seconds > 0
    assert reply.error is None


def test_a_bot_that_asks_for_a_pause_is_asked_again() -> None:
    answers = iter([429, 429, QUIET])
    with standin(lambda *_: next(answers)) as address:
        assert Client(address).ask("hi").texts == ("Baclofen relaxes tight muscles.",)


@pytest.mark.parametrize(
    ("body", "error"), [(500, "HTTP status 500"), ({"text": "hi"}, "no list"), (["hi"], "no list")]
)
def test_an_answer_that_is_none_is_an_error_and_no_crash(body: Any, error: str) -> None:
    with standin(lambda *_: body) as address:
        reply = Client(address).ask("hi")
    assert error in (reply.error or "")
    assert reply.texts == ()


def test_a_bot_that_is_not_there_is_an_error_and_no_crash() -> None:
    with standin(lambda *_: QUIET) as address:
        assert Client(address).is_ready()
    assert not Client(address).is_ready()
    assert Client(address).ask("hi").error


def test_a_bot_that_does_not_start_is_explained_by_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot, "ROOT", tmp_path)  # no assistant package there
    with pytest.raises(BotError, match="ended with status 1(.|\n)*assistant"), running_bot():
        pass


@pytest.mark.slow
def test_the_real_bot_starts_answers_and_is_gone_afterwards() -> None:
    with running_bot() as address:
        reply = Client(address).ask("he took all his baclofen and I can't wake him up")
        assert judge(Row("e", "", "emergency"), reply).helped
    assert not Client(address).is_ready()
