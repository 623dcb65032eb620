"""``python -m benchmarks [--quick] [--only ours] [--as-trained] [--output FOLDER]``."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from baclofen import facts
from baclofen.paths import DATA, ROOT
from benchmarks import default_bot, machine, questions, report
from benchmarks.measure import FULL, QUICK, System, measure
from benchmarks.processes import Finished, ProcessError
from benchmarks.systems import Default, Echo, Ours


def arguments(given: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Speed and memory, side by side."
    )
    parser.add_argument("--quick", action="store_true", help="few messages, the default bot barely trained")
    parser.add_argument("--only", choices=["ours"], help="leave the default bot out")
    parser.add_argument("--as-trained", action="store_true", help="take our models as they are")
    parser.add_argument(
        "--output", type=Path, help="folder of the results (benchmarks; results/benchmarks if partial)"
    )
    return parser.parse_args(given)


def main(given: list[str]) -> int:
    """Measure and write the results; return the exit code."""
    options = arguments(given)
    effort = QUICK if options.quick else FULL
    is_partial = options.quick or options.only or options.as_trained
    output = options.output or ROOT / ("results/benchmarks" if is_partial else "benchmarks")
    load = os.getloadavg()[0]
    calm = frozenset(fact.id for fact in facts.load().values() if fact.level == "none")
    examples = questions.read(DATA / "nlu")
    texts = {kind: questions.messages(kind, examples, calm) for kind in questions.KINDS}
    try:
        with tempfile.TemporaryDirectory(prefix="baclofen-benchmark-") as scratch:
            bot, training, systems = prepare(options, Path(scratch))
            found = measure(systems, texts, effort)
    except ProcessError as error:
        print(error, file=sys.stderr)
        return 1
    run = report.Run(
        command=shlex.join(["python", "-m", "benchmarks", *given]),
        date=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        machine=machine.describe(),
        load=(round(load, 2), round(os.getloadavg()[0], 2)),
        effort=effort,
        is_quick=options.quick,
        epochs=bot.epochs if bot else None,
        distinct={kind: len(texts[kind]) for kind in questions.KINDS},
        found=found,
        training=training,
    )
    report.write(run, output)
    print((output / "results.md").read_text("utf-8"))
    return 0


def prepare(
    options: argparse.Namespace, scratch: Path
) -> tuple[default_bot.DefaultBot | None, dict[str, Finished], list[System]]:
    """Train both bots and return the default one, what training took, and the systems to measure."""
    bot = None
    training: dict[str, Finished] = {}
    if options.only is None:
        print("Training the default bot (minutes; kept for the next run) …", flush=True)
        bot = default_bot.trained(options.quick)
        training["default"] = bot.training
        print(f"  {bot.training.seconds:.0f} s{' in an earlier run' if bot.is_cached else ''}", flush=True)
    ours = Ours()
    if not options.as_trained:
        print("Training ours …", flush=True)
        training["ours"] = ours.train(scratch)
        print(f"  {training['ours'].seconds:.0f} s", flush=True)
    return bot, training, [Echo(), ours, *([Default(bot)] if bot else [])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
