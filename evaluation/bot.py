"""Starts the chatbot, asks it over its REST channel, and stops it again."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from baclofen.paths import ROOT
from evaluation.rows import Conversation, LabelledSet, Row
from evaluation.score import Reply, Verdict, judge

IN_FLIGHT = 4
START_WITHIN = 240.0
ANSWER_WITHIN = 60.0
MOST_RETRIES = 20
LONGEST_PAUSE = 30.0
OWN_SETTINGS = ("ACTION_ENDPOINT_URL", "REST_TOKEN")
"""Settings of the person's own bot that the measured one does not take over."""


class BotError(Exception):
    """The bot did not start or cannot be reached."""


@dataclass(frozen=True)
class Scored:
    """The verdicts on one folder: messages by file, questions, and turns by conversation."""

    messages: dict[str, tuple[Verdict, ...]]
    facts: tuple[Verdict, ...]
    conversations: dict[str, tuple[Verdict, ...]]

    @property
    def of_messages(self) -> list[Verdict]:
        return [verdict for group in self.messages.values() for verdict in group]

    @property
    def of_turns(self) -> list[Verdict]:
        return [verdict for turns in self.conversations.values() for verdict in turns]

    @property
    def all(self) -> list[Verdict]:
        return [*self.of_messages, *self.facts, *self.of_turns]


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Return an opener that takes no proxy to this machine itself."""
    if urllib.parse.urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1"):
        return urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener()


class Client:
    """Talks to a bot as any caller of its REST channel does.

    Args:
        url: address of the bot, without a path.
        token: value of REST_TOKEN, where the bot asks for one.
    """

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        self._open = _opener(self.url).open
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def is_ready(self) -> bool:
        """Return whether the bot says that it can answer."""
        try:
            with self._open(self.url + "/health/ready", timeout=5) as response:
                return bool(response.status == 200)
        except (OSError, ValueError):
            return False

    def ask(self, text: str, sender: str | None = None) -> Reply:
        """Send one message; wait and try again where the bot asks for a pause (status 429)."""
        body = json.dumps({"sender": sender or new_sender(), "message": text}).encode()
        request = urllib.request.Request(f"{self.url}/webhooks/rest/webhook", body, self._headers)
        for _ in range(MOST_RETRIES):
            begin = time.perf_counter()
            try:
                with self._open(request, timeout=ANSWER_WITHIN) as response:
                    messages = json.load(response)
                if not isinstance(messages, list) or not all(isinstance(m, dict) for m in messages):
                    return Reply(error="the answer is no list of messages")
                return Reply(tuple(messages), time.perf_counter() - begin)
            except urllib.error.HTTPError as error:
                if error.code != 429:
                    return Reply(error=f"HTTP status {error.code}")
                time.sleep(_pause(error.headers.get("Retry-After")))
            except (OSError, ValueError) as error:
                return Reply(error=f"{type(error).__name__}: {error}")
        return Reply(error=f"told to wait {MOST_RETRIES} times")


def new_sender() -> str:
    """Return a sender that nobody has used."""
    return "evaluation-" + uuid.uuid4().hex


def _pause(asked: str | None) -> float:
    try:
        return min(max(float(asked or 1), 0.1), LONGEST_PAUSE)
    except ValueError:  # a date
        return 1.0


def run_set(client: Client, labelled: LabelledSet) -> Scored:
    """Send a whole labelled set, fresh senders, some at a time, and judge the replies. One line a file."""
    with ThreadPoolExecutor(IN_FLIGHT) as pool:

        def rows(name: str, group: Sequence[Row]) -> tuple[Verdict, ...]:
            begin = time.monotonic()
            verdicts = tuple(pool.map(lambda row: judge(row, client.ask(row.text)), group))
            _done(name, len(group), begin)
            return verdicts

        messages = {name: rows(name, group) for name, group in labelled.messages.items()}
        facts = rows("facts", labelled.facts) if labelled.facts else ()
        begin = time.monotonic()
        talks = list(pool.map(lambda talk: _talk(client, talk), labelled.conversations))
        if talks:
            _done("conversations", sum(map(len, talks)), begin)
    names = (f"{number}:{talk.id}" for number, talk in enumerate(labelled.conversations))
    return Scored(messages, facts, dict(zip(names, talks, strict=True)))


def _done(name: str, count: int, begin: float) -> None:
    print(f"  {name}: {count} messages in {time.monotonic() - begin:.0f} s", flush=True)


def _talk(client: Client, conversation: Conversation) -> tuple[Verdict, ...]:
    sender = new_sender()
    return tuple(judge(turn, client.ask(turn.text, sender)) for turn in conversation.turns)


def free_port() -> int:
    """Return a port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_bot(start_within: float = START_WITHIN) -> Iterator[str]:
    """Run the bot with an empty conversation file and the default settings; yield its address.

    Raises:
        BotError: it ended, or was not ready in time; the message holds the end of its log.
    """
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="baclofen-evaluation-bot-") as folder:
        log = Path(folder) / "bot.log"
        env = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
        env |= {"HOST": "127.0.0.1", "PORT": str(port), "DEFAULT_COUNTRY": "US"}
        env["DATABASE"] = str(Path(folder) / "conversations.db")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "assistant", "serve"], cwd=ROOT, env=env, stdout=output, stderr=output
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(process, url, log, start_within)
            yield url
        finally:
            _stop(process)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path, within: float) -> None:
    client, end = Client(url), time.monotonic() + within
    while not client.is_ready():
        if process.poll() is not None:
            raise BotError(f"The bot ended with status {process.returncode}.\n{_tail(log)}")
        if time.monotonic() > end:
            raise BotError(f"The bot was not ready after {within:.0f} s.\n{_tail(log)}")
        time.sleep(0.5)


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
