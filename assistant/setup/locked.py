"""Locked environments of their own, below ``.cache``, for tools that cannot live beside Rasa's pins."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Sequence

from assistant.setup.packages import find_uv, get_uv, uv_environment
from assistant.setup.steps import House, Screen


class EnvironmentFailure(Exception):
    """The environment cannot be made; the message says why."""


def environment(house: House, requirements: Path, folder: Path, title: str) -> Path:
    """Return the Python of an environment, which is made where it is missing.

    Args:
        requirements: every package with its hashes; nothing else is installed.
        folder: its name ends with a hash of ``requirements``.
        title: said while it is made.

    Raises:
        EnvironmentFailure: the packages cannot be installed.
    """
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    folder = folder.with_name(f"{folder.name}-{digest}")
    if not (folder / "whole").is_file():
        print(f"{title} (a minute) …", file=sys.stderr, flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        uv = find_uv(house, os.environ) or get_uv(house, Screen(), folder.parent / "uv.log")
        run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], house.root)
        # --no-deps: everything is listed; what is not is left out on purpose.
        install = [uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        run([*install, "--python", str(folder / "bin" / "python"), "-r", str(requirements)], house.root)
        (folder / "whole").touch()
    return folder / "bin" / "python"


def run(command: Sequence[str], folder: Path) -> None:
    """Run a command of the set-up.

    Raises:
        EnvironmentFailure: it failed.
    """
    done = subprocess.run(
        list(command),
        cwd=folder,
        env=uv_environment(os.environ),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise EnvironmentFailure(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
