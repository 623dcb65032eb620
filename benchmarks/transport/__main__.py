"""``python -m benchmarks.transport``: measures both transports and writes ``results.md`` beside this file."""

from __future__ import annotations

import asyncio
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path

from assistant import widget_build
from baclofen.paths import ROOT
from benchmarks import processes
from benchmarks.transport.clients import Answer, Rest, Socket
from benchmarks.transport.cutting import Proxy

HERE = Path(__file__).parent
ASKED = {"an emergency": "he is not breathing", "a fact": "What is baclofen?"}
ROUNDS = 30
CUTS = 20
CLIENT = "socket.io-client@4.8.4"
Client = Callable[[int], Rest | Socket]
CLIENTS: tuple[Client, ...] = (Rest, Socket)

PARTS = """
import os, sys, time, psutil
import rasa.core.channels.rest, sanic
before, memory, begin = set(sys.modules), psutil.Process().memory_info().rss, time.perf_counter()
import rasa.core.channels.socketio
took = (time.perf_counter() - begin) * 1000
print(len(set(sys.modules) - before), psutil.Process().memory_info().rss - memory, took)
"""


async def first_words(port: int, client: Client, text: str, is_new: bool) -> list[float]:
    """Return milliseconds to the first message, connecting each time or over a connection that stands.

    A new sender each time: the first turn of a conversation is the one that matters.
    """
    times = []
    for _ in range(ROUNDS):
        if is_new:
            begin = asyncio.get_running_loop().time()
            async with client(port) as opened:
                connected = (asyncio.get_running_loop().time() - begin) * 1000
                times.append(connected + ((await opened.ask(text)).first_ms or float("inf")))
        else:
            async with client(port) as opened:
                await opened.ask("hello")
                times.append((await opened.ask(text)).first_ms or float("inf"))
    return times


async def cut(port: int, client: Client, whole: int) -> tuple[int, int, int]:
    """Cut the connection after the first words; return answers with a loss, messages lost, messages twice."""
    lost, repeated, harmed = 0, 0, 0
    async with Proxy(port, b"Call 911") as proxy:
        for _ in range(CUTS):
            async with client(proxy.port) as opened:
                proxy.armed = True
                answer: Answer = await opened.ask(ASKED["an emergency"])
                missing = whole - len(answer.messages)
                harmed, lost, repeated = harmed + (missing > 0), lost + missing, repeated + answer.repeated
    return harmed, lost, repeated


def browser_bytes() -> tuple[int, int]:
    """Return what each transport adds to a page, bundled, minified and packed: ours, Socket.IO's client."""
    environment = widget_build.node_environment()
    source = ROOT / "assistant" / "widget"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "install", "--silent", "--no-save", "--prefix", folder, CLIENT],
            cwd=folder, env=environment, check=True,
        )  # fmt: skip
        entry = Path(folder) / "entry.js"
        entry.write_text('import { io } from "socket.io-client"; globalThis.io = io;', "utf-8")
        sizes = []
        for path in (source / "src" / "client.js", entry):
            bundled = subprocess.run(
                [source / "node_modules" / ".bin" / "esbuild", path, "--bundle", "--minify", "--format=esm"],
                cwd=source, env=environment, check=True, capture_output=True,
            ).stdout  # fmt: skip
            sizes.append(len(gzip.compress(bundled, 9)))
    return sizes[0], sizes[1]


def server_parts() -> tuple[int, float, float]:
    """Return modules, MiB and milliseconds that Socket.IO adds to a server that has Rasa and Sanic."""
    out = subprocess.run([sys.executable, "-c", PARTS], cwd=ROOT, check=True, capture_output=True, text=True)
    modules, memory, took = out.stdout.split()[-3:]
    return int(modules), int(memory) / 2**20, float(took)


async def measure(port: int) -> str:
    """Return the results as Markdown."""
    rows = []
    for name, text in ASKED.items():
        for is_new in (True, False):
            cells = []
            for client in CLIENTS:
                times = sorted(await first_words(port, client, text, is_new))
                cells.append(f"{statistics.median(times):.1f} / {times[len(times) * 95 // 100]:.1f}")
            way = "new connection" if is_new else "standing connection"
            rows.append(f"| first message of {name}, {way}, ms (median / 95 %) | {' | '.join(cells)} |")
    async with Rest(port) as opened:
        whole = len((await opened.ask(ASKED["an emergency"])).messages)
    harmed = [await cut(port, client, whole) for client in CLIENTS]
    rows.append(
        f"| answers that lost something of {CUTS} cut after message 1 | {harmed[0][0]} | {harmed[1][0]} |"
    )
    rows.append(f"| messages lost of {CUTS * whole} | {harmed[0][1]} | {harmed[1][1]} |")
    rows.append(f"| messages that came again, and are shown once | {harmed[0][2]} | {harmed[1][2]} |")
    ours, theirs = browser_bytes()
    rows.append(f"| bytes in the page, packed | {ours} | {theirs} |")
    modules, memory, took = server_parts()
    rows.append(
        "| modules, MiB and ms of import added to a server of Rasa, which imports both "
        f"| 0 | {modules}, {memory:.1f}, {took:.0f} |"
    )
    return "\n".join(["| | streaming REST | Socket.IO |", "|---|---|---|", *rows])


def main() -> None:
    """Start the server, measure, write."""
    port = processes.free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PORT": str(port), "HOST": "127.0.0.1", "DATABASE": "", "REST_TOKEN": ""}
        server = processes.start(
            [sys.executable, "-m", "benchmarks.transport.server"], ROOT, Path(folder) / "log", environment
        )
        try:
            _wait(port)
            table = asyncio.run(measure(port))
        finally:
            processes.stop(server)
    before = (HERE / "results.md").read_text("utf-8") if (HERE / "results.md").exists() else "\n\n"
    head, _, _ = before.partition("| | streaming REST")
    (HERE / "results.md").write_text(
        f"{head}{table}\n\nLoad while measuring: {os.getloadavg()[0]:.1f}.\n", "utf-8"
    )
    print(table)


def _wait(port: int) -> None:
    import time

    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not get ready")


if __name__ == "__main__":
    main()
