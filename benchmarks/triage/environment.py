"""The peers' environment: medspaCy wants an older spaCy than ours, so they live in a place of their own."""

from __future__ import annotations

from pathlib import Path

from assistant.setup.locked import EnvironmentFailure, environment, run
from assistant.setup.steps import House
from baclofen.paths import ROOT

__all__ = ["CACHE", "ONE_CORE", "REQUIREMENTS", "EnvironmentFailure", "published_encoder", "python"]

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
CACHE = ROOT / ".cache" / "triage"

ONE_CORE = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
)
"""The environment of a process that shall not use a second core."""


def python() -> Path:
    """Return the Python of the peers' environment, which is made where it is missing.

    What ``overrides.txt`` names is left out on purpose.

    Raises:
        EnvironmentFailure: the packages cannot be installed.
    """
    return environment(House(ROOT), REQUIREMENTS, CACHE / "environment", "Making the peers' environment")


def published_encoder(peers_python: Path) -> Path:
    """Return the folder of the encoder as published, which is written where it is missing.

    Raises:
        EnvironmentFailure: it cannot be written.
    """
    folder = CACHE / "published-encoder"
    if not (folder / "SHA256SUMS").is_file():
        run([str(peers_python), "-m", "benchmarks.triage.frozen", str(folder)], ROOT)
    return folder
