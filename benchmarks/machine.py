"""Describes the machine and the versions that a run was made on."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("rasa", "rasa-sdk", "sanic", "tensorflow", "onnxruntime", "numpy")


def describe() -> dict[str, str]:
    """Return what a reader needs to judge the figures."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file() and (
        found := re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text("utf-8"), re.M)
    ):
        return found[1]
    return platform.processor() or platform.machine()
