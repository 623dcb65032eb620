"""The peers' environment: medspaCy wants an older spaCy than ours, so they live in a place of their own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from assistant.setup.packages import find_uv, get_uv, uv_environment
from assistant.setup.steps import House, Screen
from baclofen.paths import ROOT

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
CACHE = ROOT / ".cache" / "triage"

ONE_CORE = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
)
"""The environment of a process that shall not use a second core."""


class EnvironmentFailure(Exception):
    """The environment cannot be made; the message says why."""


def python() -> Path:
    """Return the Python of the peers' environment, which is made where it is missing.

    Raises:
        EnvironmentFailure: the packages cannot be installed.
    """
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:16]
    folder = CACHE / f"environment-{digest}"
    if not (folder / "whole").is_file():
        print("Making the peers' environment (a minute) …", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        house = House(ROOT)
        uv = find_uv(house, os.environ) or get_uv(house, Screen(), CACHE / "uv.log")
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        # --no-deps: everything is listed; what is not is left out on purpose, see overrides.txt.
        install = [uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        _run([*install, "--python", str(folder / "bin" / "python"), "-r", str(REQUIREMENTS)])
        (folder / "whole").touch()
    return folder / "bin" / "python"


def published_encoder(peers_python: Path) -> Path:
    """Return the folder of the encoder as published, which is written where it is missing.

    Raises:
        EnvironmentFailure: it cannot be written.
    """
    folder = CACHE / "published-encoder"
    if not (folder / "SHA256SUMS").is_file():
        _run([str(peers_python), "-m", "benchmarks.triage.frozen", str(folder)])
    return folder


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env=uv_environment(os.environ), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise EnvironmentFailure(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
