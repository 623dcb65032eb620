"""Where the tools live."""

from __future__ import annotations

from pathlib import Path

from assistant.setup.locked import environment
from assistant.setup.steps import House
from baclofen.paths import ROOT

HERE = Path(__file__).parent
CACHE = ROOT / ".cache" / "security"


def python(name: str) -> Path:
    """Return the Python of an environment: ``audit`` or ``fuzz``.

    Raises:
        EnvironmentFailure: the packages cannot be installed.
    """
    requirements = HERE / "requirements" / f"{name}.txt"
    return environment(House(ROOT), requirements, CACHE / name, f"Making the environment for {name}")
