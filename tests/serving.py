"""Real servers for tests: started once, shared, ended with the test run."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent
WEBHOOK = "/webhooks/rest/webhook"
PATIENCE = 200.0  # seconds until a server must be up, on a busy machine

Messages = list[dict[str, Any]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running ``python -m assistant serve``."""

    process: subprocess.Popen[str]
    port: int
    log: Path
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, verify=False))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def output(self) -> str:
        return self.log.read_text("utf-8")

    def post(self, body: Any, **kwargs: Any) -> httpx.Response:
        """Send a body, as JSON unless it is bytes."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(self.url + WEBHOOK, content=content, **kwargs)

    def say(self, text: str, sender: str | None = None, **metadata: str) -> Messages:
        """Return the messages of a plain reply."""
        reply = self.post({"sender": sender or uuid.uuid4().hex, "message": text, "metadata": metadata})
        assert reply.status_code == 200, reply.text
        messages: Messages = reply.json()
        assert messages, "an empty reply"
        return messages

    def stream(self, text: str, sender: str | None = None) -> Iterator[tuple[float, dict[str, Any]]]:
        """Yield the messages of a streamed reply with the seconds that each took to come."""
        body = {"sender": sender or uuid.uuid4().hex, "message": text}
        begin = time.monotonic()
        with self.client.stream("POST", f"{self.url}{WEBHOOK}?stream=true", json=body) as reply:
            assert reply.status_code == 200
            for line in reply.iter_lines():
                if line:
                    yield time.monotonic() - begin, json.loads(line)

    def stop(self, number: int = signal.SIGINT) -> tuple[int, float]:
        """Send a signal and return exit code and the seconds until the end."""
        begin = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(20), time.monotonic() - begin


def texts(messages: Messages) -> list[str]:
    return [m["text"] for m in messages if "text" in m]


def verdicts(messages: Messages) -> list[dict[str, Any]]:
    return [m["custom"]["triage"] for m in messages if "triage" in m.get("custom", {})]


def fact_ids(messages: Messages) -> list[str]:
    return [m["custom"]["fact"]["id"] for m in messages if "fact" in m.get("custom", {})]


def environment(**changes: str) -> dict[str, str]:
    kept = {
        k: v
        for k, v in os.environ.items()
        if k not in ("REST_TOKEN", "SESSION_SECRET", "DEFAULT_COUNTRY", "ACTION_ENDPOINT_URL")
    }
    return {**kept, "MISSES": "", **changes}


def start(**changes: str) -> Server:
    """Start a server with a conversation file of its own and wait until it says that it is ready."""
    folder = Path(tempfile.mkdtemp(prefix="baclofen-server-"))
    log, port = folder / "log.txt", free_port()
    defaults = {"DATABASE": str(folder / "conversations.db"), "BACLOFEN_MODELS": str(models())}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve"],
            cwd=ROOT,
            env=environment(**{**defaults, "PORT": str(port), **changes}),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    server = Server(process, port, log)
    atexit.register(end, process, folder)
    wait_until(lambda: "Open http" in server.output() or process.poll() is not None)
    assert process.poll() is None, server.output()
    return server


def wait_until(holds: Any, seconds: float = PATIENCE) -> None:
    end_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end_at, "it took too long"
        time.sleep(0.05)


def end(process: subprocess.Popen[str], folder: Path | None = None) -> None:
    with contextlib.suppress(OSError):
        process.kill()
    process.wait(10)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


@functools.lru_cache(maxsize=1)
def shared() -> Server:
    """Return the server that most tests share."""
    return start()


@functools.lru_cache(maxsize=1)
def models() -> Path:
    """Return the folder of models; a model for the present data is trained elsewhere when there is none."""
    kept = ROOT / "models"
    newest = max((p.stat().st_mtime for p in kept.glob("*.tar.gz")), default=0.0)
    sources = [
        *(ROOT / "data/nlu").glob("*.yml"),
        *map(ROOT.joinpath, ("data/rules.yml", "domain.yml", "config.yml")),
    ]
    if newest >= max(path.stat().st_mtime for path in sources) and (kept / "manifest.json").is_file():
        return kept
    folder = Path(tempfile.mkdtemp(prefix="baclofen-models-"))
    atexit.register(shutil.rmtree, folder, True)
    (folder / "encoder").symlink_to(kept / "encoder")
    if (kept / "reader").is_dir():
        shutil.copytree(kept / "reader", folder / "reader")
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "train"],
        cwd=ROOT,
        env=environment(BACLOFEN_MODELS=str(folder)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder


def prepare(session: pytest.Session) -> None:
    """Have a model ready when a test of this session starts a server."""
    if session.items and not session.config.option.collectonly:
        needs_server = any("server" in getattr(item, "fixturenames", ()) for item in session.items)
        if needs_server or any(
            "outages" in item.nodeid or "launcher" in item.nodeid for item in session.items
        ):
            models()
