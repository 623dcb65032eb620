"""The manifest of the trained files: what is loaded is what was trained, byte for byte.

It finds a damaged, half-copied or exchanged file. It is no signature: who can write the manifest can write
the models, too, so the folder belongs to the operator alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

NAME = "manifest.json"


class Changed(Exception):
    """A file that is not the one that was trained; the text is a line for the operator."""


def add(folder: Path, *names: str) -> None:
    """List files that were just trained; earlier ones stay listed as they were while they exist.

    Raises:
        OSError: a file or the folder cannot be used.
    """
    files = {name: digest for name, digest in _listed(folder).items() if (folder / name).is_file()}
    files |= {name: sha256(folder / name) for name in names}
    draft = folder / f"{NAME}.draft"
    draft.write_text(json.dumps({"sha256": files}, indent=1, sort_keys=True), "utf-8")
    os.replace(draft, folder / NAME)


def verify(path: Path) -> None:
    """Compare a file with the manifest of the folder it lies in.

    Raises:
        Changed: it is missing, not listed, or another one than was trained.
    """
    expected = _listed(path.parent).get(path.name)
    if expected is None:
        raise Changed(f"{path.name} is not listed in {NAME}")
    try:
        actual = sha256(path)
    except OSError:
        raise Changed(f"{path.name} is missing") from None
    if actual != expected:
        raise Changed(f"{path.name} is not the file that was trained: its SHA-256 differs from {NAME}")


def _listed(folder: Path) -> dict[str, str]:
    try:
        files = json.loads((folder / NAME).read_text("utf-8"))["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return files if isinstance(files, dict) else {}


def sha256(path: Path) -> str:
    """Return the checksum of a file, read in pieces.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()
