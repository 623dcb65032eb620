"""Training: done again only when something that it depends on has changed."""

from __future__ import annotations

import ast
import contextlib
import os
import re
from pathlib import Path
from typing import Iterable, Mapping

from assistant.setup.steps import (
    DISK_FULL,
    NO_RIGHT,
    Failure,
    House,
    Screen,
    alone,
    explain,
    last_line,
    need_writable,
    read_json,
    sha256,
    work,
    write_json,
)

TRAINED_CODE = (
    "baclofen/learned.py",
    "baclofen/classifier.py",
    "baclofen/encoder.py",
    "assistant/intent_classifier.py",
)
"""Modules whose own code, or code they import from this project, decides what training yields."""


def training_inputs(house: House) -> dict[str, str]:
    """Return the SHA-256 of everything that decides what training yields, by path.

    Contents count, times do not: the data, Rasa's two files, the encoder, the locked packages, and the
    modules in ``TRAINED_CODE`` with every module of this project that they import.
    """
    files = {house.root / name for name in ("config.yml", "domain.yml", "requirements.txt")}
    for folder in (house.data, house.models / "encoder"):
        files.update(
            p
            for p in folder.rglob("*")
            if not re.search(r"/(\.|__pycache__|.*~$)", f"/{p.relative_to(folder)}")
        )
    files.update(imported(house.root, TRAINED_CODE))
    return {os.path.relpath(str(p), str(house.root)): sha256(p) for p in sorted(files) if p.is_file()}


def imported(root: Path, names: Iterable[str]) -> set[Path]:
    """Return the modules below ``root`` that are named or are imported, at any depth, by those named."""
    waiting, seen = [root / name for name in names], set()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        for node in ast.walk(ast.parse(path.read_bytes())):
            dotted: list[str] = []
            if isinstance(node, ast.Import):
                dotted = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                package = list(path.relative_to(root).parts[: -node.level]) if node.level else []
                base = ".".join([*package, *([node.module] if node.module else [])])
                dotted = [base, *(f"{base}.{alias.name}" for alias in node.names)]
            for name in dotted:
                place = root.joinpath(*name.split("."))
                waiting += [place.with_suffix(".py"), place / "__init__.py"]
    return seen


def trained_files(house: House) -> list[str]:
    """Return the names of the model files that must be there, the newest archive among them."""
    files = [
        p
        for p in house.models.rglob("*")
        if p.is_file() and p.parent.name != "encoder" and p != house.fingerprint
    ]
    archives = sorted((p for p in files if p.name.endswith(".tar.gz")), key=lambda p: p.stat().st_mtime)
    files = [p for p in files if p not in archives[:-1] and not p.name.startswith(".")]
    return sorted(str(p.relative_to(house.models)) for p in files)


def why_train(house: House, inputs: Mapping[str, str]) -> str | None:
    """Return why training is needed, None when the models belong to these inputs."""
    record = read_json(house.fingerprint)
    if not record or any(not (house.models / name).exists() for name in record.get("models", [])):
        return "no finished model yet"
    before = record.get("inputs", {})
    changed = sorted(name for name in {*before, *inputs} if before.get(name) != inputs.get(name))
    if not changed:
        return None
    return (
        f"{changed[0]} changed" if len(changed) == 1 else f"{changed[0]} and {len(changed) - 1} more changed"
    )


def train(house: House, screen: Screen, always: bool = False) -> None:
    """Train when the inputs changed since the models were made.

    The record of the models goes before training starts, so that a training cut short is done again,
    while the former models stay where they are.
    """
    reason = "asked for" if always else why_train(house, training_inputs(house))
    if reason is None:
        return
    need_writable(house.models)
    with alone(house, screen):
        inputs = training_inputs(house)
        reason = reason if always else why_train(house, inputs)
        if reason is None:
            return
        log = house.cache / "train.log"
        log.write_text("", encoding="utf-8")
        with contextlib.suppress(FileNotFoundError):
            house.fingerprint.unlink()
        screen.step(f"Training ({reason}; a minute or so)")
        env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        problem = work([str(house.python), "-m", "assistant", "train"], log, screen, env, echo=True)
        screen.done()
        if problem is not None:
            failed = f"Training failed: {last_line(problem)}."
            advice = explain(problem, failed, house.models)
            raise Failure(f"{advice if advice in (DISK_FULL, NO_RIGHT) else failed} Details: {log}")
        write_json(house.fingerprint, {"inputs": inputs, "models": trained_files(house)})
