"""A checkout in a folder of its own, with a stand-in for the bot, for the tests of the set-up."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from assistant import bootstrap
from assistant.setup import packages, steps
from assistant.setup.steps import House

ROOT = Path(bootstrap.__file__).resolve().parent.parent
UV = packages.find_uv(House(ROOT), os.environ)

BOT = """
import os, pathlib, sys, time
models = pathlib.Path("models")
if sys.argv[1] == "train":
    with open("trained", "a") as file:
        file.write(".")
    print("learning", flush=True)
    time.sleep(float(os.environ.get("TRAINING_TAKES", "0")))
    with open(os.environ.get("TRAINING_WRITES", "models/bot.tar.gz"), "w") as file:
        file.write("new")
else:
    print(f"ready at {os.environ['HOST']}:{os.environ['PORT']}", flush=True)
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A checkout whose packages are installed (this Python stands in for them) and whose bot is small."""
    house = House(tmp_path / "checkout")
    shutil.copytree(ROOT / "assistant" / "setup", house.root / "assistant" / "setup")
    shutil.copy(ROOT / "assistant" / "bootstrap.py", house.root / "assistant")
    shutil.copy(ROOT / "Makefile", house.root)
    (house.root / "assistant" / "__init__.py").touch()
    (house.root / "assistant" / "__main__.py").write_text(BOT)
    (house.root / "data").mkdir()
    (house.root / "data" / "words.yml").write_text("floppy: emergency\n")
    (house.root / "requirements.txt").write_text("")
    house.python.parent.mkdir(parents=True)
    house.python.symlink_to(sys.executable)
    steps.write_json(house.installed, {"requirements.txt": steps.sha256(house.root / "requirements.txt")})
    return house


@pytest.fixture
def bare(house: House, tmp_path: Path) -> House:
    """The same checkout before any set-up, with one small locked package to install from a folder."""
    shutil.rmtree(house.venv)
    wheel = tmp_path / "wheels" / "tiny-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "tiny.py,,\ntiny-1.0.dist-info/RECORD,,\n")
    lock = f"tiny==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
    (house.root / "requirements.txt").write_text(lock)
    (house.root / "requirements-dev.txt").write_text(lock)
    return house


def surroundings(house: House, **more: str) -> dict[str, str]:
    """The environment of a machine that has uv, a folder of wheels, and no index."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "BACLOFEN_", "PYTEST_"))}
    env["PATH"] = os.pathsep.join([str(Path(UV or "/").parent), env["PATH"]])
    env |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "UV_OFFLINE": "1"}
    env |= {
        "PIP_FIND_LINKS": str(house.root.parent / "wheels"),
        "UV_CACHE_DIR": str(house.root.parent / "uv"),
    }
    return {**env, **more}


def start(house: House, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-IS", str(house.root / "assistant" / "bootstrap.py"), *arguments]
    return subprocess.run(
        command, env=surroundings(house, **more), capture_output=True, text=True, timeout=60
    )


def trainings(house: House) -> int:
    counter = house.root / "trained"
    return len(counter.read_text()) if counter.exists() else 0


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])
