"""The three that are measured: the floor, ours and the default bot. Each starts, answers, and ends."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

import yaml

from baclofen.paths import MODELS, ROOT
from benchmarks import default_bot, questions
from benchmarks.load import PATH, Connection, Messages
from benchmarks.processes import (
    Finished,
    ProcessError,
    finish,
    free_port,
    processor_seconds,
    resident_mib,
    start,
    stop,
    tail,
)

START_WITHIN = 240.0
FIRST_QUESTION = "what is baclofen"
ASK_AGAIN = 0.1
IsRight = Callable[[str, Messages], bool]


@dataclass
class Running:
    """A system that has answered its first question.

    Attributes:
        processes: by name; the one that answers is called ``bot``.
        start_s: from the start of its processes to the first answer.
        start_processor_s: processor time that this took.
    """

    port: int
    processes: dict[str, Popen[bytes]]
    logs: Path
    start_s: float
    start_processor_s: float

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self.processes.values()]

    def check(self) -> None:
        """Raise ProcessError where one of its processes has ended: its figures then count for nothing."""
        check(self.processes, self.logs)

    def memory_mib(self) -> dict[str, float]:
        """Return the resident memory by name of the process."""
        return {name: resident_mib(process.pid) for name, process in self.processes.items()}


@dataclass(frozen=True)
class Command:
    """One process of a system."""

    arguments: list[str]
    folder: Path = ROOT
    env: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def running(
    commands: dict[str, Command],
    port: int,
    is_first: Callable[[Messages], bool],
    logs: Path,
    within: float = START_WITHIN,
) -> Iterator[Running]:
    """Start the processes of a system together, wait for its first answer, and end them afterwards.

    Args:
        within: seconds that they have for it.

    Raises:
        ProcessError: one of them ended, or there was no answer in time.
    """
    processes: dict[str, Popen[bytes]] = {}
    begin = time.perf_counter()
    try:
        for name, command in commands.items():
            log = logs / f"{name}.log"
            processes[name] = start(command.arguments, command.folder, log, command.env)
        asyncio.run(_first_answer(port, processes, is_first, logs, within))
        took = time.perf_counter() - begin
        used = processor_seconds([process.pid for process in processes.values()])
        yield Running(port, processes, logs, took, used)
    finally:
        for process in processes.values():
            stop(process)


def check(processes: dict[str, Popen[bytes]], logs: Path) -> None:
    """Raise ProcessError where one of the processes has ended; the message holds the end of its log."""
    for name, process in processes.items():
        if process.poll() is not None:
            raise ProcessError(f"{name} ended with {process.returncode}.\n{tail(logs / f'{name}.log')}")


async def _first_answer(
    port: int,
    processes: dict[str, Popen[bytes]],
    is_first: Callable[[Messages], bool],
    logs: Path,
    within: float,
) -> None:
    end = time.monotonic() + within
    while time.monotonic() < end:
        check(processes, logs)
        connection = Connection("127.0.0.1", port)
        with contextlib.suppress(OSError, ValueError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            content = {"sender": f"start-{time.monotonic()}", "message": FIRST_QUESTION}
            if is_first((await connection.post(PATH, content)).messages()):
                await connection.close()
                return
        await connection.close()
        await asyncio.sleep(ASK_AGAIN)
    raise ProcessError("No answer in time.\n" + "\n".join(tail(logs / f"{name}.log") for name in processes))


class Echo:
    """The floor."""

    name = "floor"

    def run(self, logs: Path) -> contextlib.AbstractContextManager[Running]:
        """Start it (see ``running``)."""
        port = free_port()
        commands = {"bot": Command([sys.executable, "-m", "benchmarks.echo"], env={"PORT": str(port)})}
        return running(commands, port, bool, logs)

    def is_right(self, kind: str, messages: Messages) -> bool:
        """Return whether an answer is of the kind that was asked for."""
        return bool(messages[0].get("text"))


class Ours:
    """This project's bot with its default settings, as it is trained or trained anew."""

    name = "ours"

    def __init__(self) -> None:
        self._models = MODELS

    def train(self, scratch: Path) -> Finished:
        """Train everything from nothing into a folder, and serve that from then on (see ``finish``)."""
        self._models = scratch / "models"
        self._models.mkdir()
        (self._models / "encoder").symlink_to(MODELS / "encoder")
        env = {"BACLOFEN_MODELS": str(self._models), "RASA_CACHE_DIRECTORY": str(scratch / "cache")}
        command = [sys.executable, "-m", "assistant", "train"]
        return finish(command, ROOT, scratch / "train.log", env)

    def run(self, logs: Path) -> contextlib.AbstractContextManager[Running]:
        """Start it (see ``running``)."""
        port = free_port()
        env = {
            "BACLOFEN_MODELS": str(self._models),
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "DATABASE": str(logs / "conversations.db"),
            "DEFAULT_COUNTRY": "US",
            "ACTION_ENDPOINT_URL": "",
            "REST_TOKEN": "",
        }
        command = Command([sys.executable, "-m", "assistant", "serve"], env=env)
        return running({"bot": command}, port, lambda messages: self.is_right("fact", messages), logs)

    def is_right(self, kind: str, messages: Messages) -> bool:
        """Return whether an answer is of the kind that was asked for."""
        customs = [message.get("custom") or {} for message in messages]
        levels = {custom["triage"]["level"] for custom in customs if "triage" in custom}
        if kind == "emergency":
            return bool(levels & {"emergency", "crisis"})
        if kind == "fact":
            return any("fact" in custom for custom in customs)
        return (
            bool(messages[0].get("text")) and not levels and not any("fact" in custom for custom in customs)
        )


class Default:
    """The default Rasa bot and its action server."""

    name = "default"

    def __init__(self, bot: default_bot.DefaultBot) -> None:
        self._bot = bot
        said = default_bot.words_of(bot)
        self._emergency = [said["emergency"], said["emergency_details"]]
        self._talk = {said[intent] for intent in questions.SMALL_TALK}
        self._facts = set(said.values()) - self._talk - {*self._emergency, said["default"]}

    def run(self, logs: Path) -> contextlib.AbstractContextManager[Running]:
        """Start it (see ``running``)."""
        port, action_port = free_port(), free_port()
        endpoints = logs / "endpoints.yml"
        endpoints.write_text(
            yaml.safe_dump({"action_endpoint": {"url": f"http://localhost:{action_port}/webhook"}}), "utf-8"
        )
        rasa, folder = [sys.executable, "-m", "rasa", "run"], self._bot.folder
        serve = [
            *rasa,
            "-i",
            "127.0.0.1",
            "-p",
            str(port),
            "-m",
            str(self._bot.model),
            "--endpoints",
            str(endpoints),
        ]
        act = [*rasa, "actions", "-p", str(action_port)]
        commands = {
            "bot": Command(serve, folder),
            "action server": Command(act, folder, {"SANIC_HOST": "127.0.0.1"}),
        }
        return running(commands, port, bool, logs)

    def is_right(self, kind: str, messages: Messages) -> bool:
        """Return whether an answer is of the kind that was asked for."""
        texts = [message.get("text", "") for message in messages]
        if kind == "emergency":
            return texts == self._emergency
        return len(texts) == 1 and texts[0] in (self._facts if kind == "fact" else self._talk)
