"""``python -m benchmarks.intents``: our intent classifier beside Rasa's default one (DIET), same examples.

Both learn from ``data/nlu`` and are asked the questions of ``tests/questions``, which neither has seen. Our
sentence encoder was fine-tuned on the examples too, not on the questions; its training is not counted. What
follows the classifier in the bot (names of medicines, two questions at once) is left out on both sides.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from statistics import median
from typing import Any

from baclofen import facts
from baclofen.classifier import TextClassifier
from baclofen.encoder import Encoder
from baclofen.paths import ROOT
from benchmarks import machine
from benchmarks.processes import Finished, ProcessError, finish
from benchmarks.triage import diet
from evaluation import intents, questions

CACHE = Path(__file__).parent / "cache"
RESULTS = Path(__file__).parent / "intents.md"
EPOCHS = 100
THRESHOLDS = {"ours": 0.2, "diet": 0.3}
"""Below it a question counts as not understood: that of our config.yml, and that of ``rasa init``."""

Guess = tuple[str, float]
NAMES = {"ours": "ours: n-grams and fine-tuned MiniLM", "diet": "Rasa's default: DIET"}


def main(given: Sequence[str]) -> int:
    """Train, ask and write the table; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intents", description=__doc__.split("\n")[0])
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of DIET")
    parser.add_argument("--step", choices=("train", "ours", "diet"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(given)
    if options.step:
        step(options.step, options.folder)
        return 0
    rows = []
    try:
        for name in NAMES:
            folder, training = trained(name, options.epochs)
            asked = _child(name, folder)
            rows.append(row(name, training, asked, json.loads((folder / "asked.json").read_text("utf-8"))))
    except ProcessError as error:
        print(error, file=sys.stderr)
        return 1
    page = text(rows, shlex.join(["python", "-m", "benchmarks.intents", *given]), options.epochs)
    RESULTS.write_text(page, "utf-8")
    print(page)
    return 0


def trained(name: str, epochs: int) -> tuple[Path, Finished]:
    """Return the folder of a trained classifier and what its training took."""
    if name == "diet":
        known = intents.read_examples()
        pairs: Any = list(zip(known.texts, known.intents, strict=True))
        return diet.trained(pairs, epochs, CACHE, {})
    folder = CACHE / "intents-ours"
    folder.mkdir(parents=True, exist_ok=True)
    return folder, _child("train", folder)


def _child(name: str, folder: Path) -> Finished:
    command = [sys.executable, "-m", "benchmarks.intents", "--step", name, "--folder", str(folder.resolve())]
    return finish(command, ROOT, folder / f"{name}.log")


def step(name: str, folder: Path) -> None:
    """Do one measured step in a process of its own."""
    if name == "train":
        known = intents.read_examples()
        TextClassifier.train(known.texts, known.intents, encoder=Encoder.load()).save(folder)
        return
    guess = _ours(folder) if name == "ours" else _diet(folder)
    found: list[dict[str, Any]] = []
    guess("what is baclofen")  # warm
    for kind in ("single", "outside"):
        for line in (questions.FOLDER / f"{kind}.jsonl").open(encoding="utf-8"):
            entry = json.loads(line)
            begin = time.perf_counter()
            intent, chance = guess(entry["text"])
            seconds = time.perf_counter() - begin
            wanted = [entry["fact"], *entry.get("also", ())] if kind == "single" else []
            found.append(
                {"kind": kind, "wanted": wanted, "got": intent, "chance": chance, "seconds": seconds}
            )
    (folder / "asked.json").write_text(json.dumps(found), "utf-8")


def _ours(folder: Path) -> Callable[[str], Guess]:
    model = TextClassifier.load(folder, Encoder.load())

    def guess(words: str) -> Guess:
        chances = model.predict_proba([words])[0]
        return model.labels[int(chances.argmax())], float(chances.max())

    return guess


def _diet(folder: Path) -> Callable[[str], Guess]:
    from rasa.core.agent import Agent

    loop = asyncio.new_event_loop()
    agent = Agent.load(str(folder / f"{diet.MODEL}.tar.gz"))

    def guess(words: str) -> Guess:
        intent = loop.run_until_complete(agent.parse_message(words))["intent"]
        return str(intent["name"]), float(intent["confidence"])

    return guess


def row(name: str, training: Finished, asked: Finished, found: Sequence[dict[str, Any]]) -> list[str]:
    """Return the line of a classifier."""
    known = facts.load()
    single = [entry for entry in found if entry["kind"] == "single"]
    outside = [entry for entry in found if entry["kind"] == "outside"]
    answered = [e for e in single if e["chance"] >= THRESHOLDS[name]]
    silent = [e for e in outside if e["chance"] < THRESHOLDS[name] or e["got"] not in known]
    return [
        NAMES[name],
        f"{_share(_right(single)):.1f}",
        f"{_share(_right(answered)):.1f} of {100 * len(answered) / len(single):.1f}",
        f"{100 * len(silent) / len(outside):.1f}",
        f"{training.processor_s:.0f}",
        f"{training.peak_mib:.0f}",
        f"{1000 * median(e['seconds'] for e in found):.1f}",
        f"{asked.peak_mib:.0f}",
    ]


def _right(entries: Sequence[dict[str, Any]]) -> list[bool]:
    return [entry["got"] in entry["wanted"] for entry in entries]


def _share(marks: Sequence[bool]) -> float:
    return 100 * sum(marks) / len(marks) if marks else 0.0


def text(rows: Sequence[Sequence[str]], command: str, epochs: int) -> str:
    """Return the page of results."""
    known = intents.read_examples()
    head = (
        *("classifier", "right, %", "right of answered, %", "outside refused, %", "training, CPU s"),
        *("training, MiB", "ms a message", "asking, MiB"),
    )
    lines = [
        "# Our intent classifier beside Rasa's default",
        "",
        f"`{command}` on {datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC,",
        f"{machine.describe()['processor']}.",
        "",
        f"Both learn the same {len(known.texts)} examples of {len(set(known.intents))} intents (DIET",
        f"for {epochs} epochs, the pipeline of `rasa init`) and are asked the same unseen",
        "[questions](../tests/questions/README.md). *right*: the likeliest intent is the wanted one,",
        "whatever its confidence. *answered*: at or above the fallback threshold of each configuration.",
        "*outside refused*: questions that have nothing to do with baclofen; they get no curated answer.",
        "",
        f"| {' | '.join(head)} |",
        "|---" + "|---:" * (len(head) - 1) + "|",
        *(f"| {' | '.join(each)} |" for each in rows),
        "",
        (__doc__ or "").split("\n\n", 1)[1].strip(),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
