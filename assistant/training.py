"""``python -m assistant train``: the learned reader and Rasa's model, in three lines."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from assistant.quiet import silence
from baclofen import manifest
from baclofen.paths import DATA, MODELS, ROOT

KEPT = 2
"""Models that stay: the new one and the one before it."""

FILES = (DATA / "nlu", DATA / "rules.yml")


def train() -> int:
    """Train what is out of date; return the exit code, 0 when a model is there in the end."""
    os.chdir(ROOT)
    silence()
    try:
        with quietly() as noise:
            learned = train_reader()
        print(f"The learned reader: {learned}.", flush=True)
        print("Rasa's model: training …", flush=True)
        with quietly() as noise:
            model = train_rasa()
    except (Exception, SystemExit):
        print(noise.getvalue().strip(), file=sys.stderr)
        traceback.print_exc()
        print("Training failed; the lines above say why.", file=sys.stderr)
        return 1
    print(f"Rasa's model: {model.relative_to(ROOT) if model.is_relative_to(ROOT) else model}.", flush=True)
    return 0


def train_reader() -> str:
    """Train the learned reader where it is out of date, and say what was done."""
    try:
        from baclofen import learned
    except ImportError:
        return "not part of this version"
    return "trained" if learned.train() else "up to date"


def train_rasa(output: Path = MODELS) -> Path:
    """Train Rasa's model and return its file; data that did not change are not learned again.

    Raises:
        RuntimeError: Rasa made no model.
    """
    import rasa.model_training

    result = rasa.model_training.train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(path) for path in FILES],
        output=str(output),
    )
    if result.code != 0 or not result.model:
        raise RuntimeError("Rasa made no model.")
    model = Path(result.model)
    model.touch()  # the newest file is the one that is served, also when nothing had to be learned
    manifest.add(output, model.name)
    for old in sorted(output.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
    return model


@contextlib.contextmanager
def quietly() -> Iterator[io.StringIO]:
    """Collect what is printed; it is shown only when something fails."""
    noise = io.StringIO()
    handler = logging.StreamHandler(noise)
    root = logging.getLogger()
    before = root.handlers[:]
    root.handlers[:] = [handler]
    try:
        with contextlib.redirect_stdout(noise), contextlib.redirect_stderr(noise):
            yield noise
    finally:
        root.handlers[:] = before
