"""``python -m benchmarks.scale [--quick] [--default full|light|none] [--parts …] [--output FOLDER]``.

``--redraw`` writes the pages anew from the ``results.json`` that is there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from baclofen import facts
from baclofen.paths import DATA, ROOT
from benchmarks import default_bot, machine, questions
from benchmarks.processes import ProcessError
from benchmarks.scale import abreast, fleet, growth, pages, probes
from tests.servers.real import missing

PARTS = ("processes", "history", "conversations", "signs", "facts")
HERE = Path(__file__).parent
BOTS: dict[str, Callable[[], default_bot.DefaultBot] | None] = {
    "full": lambda: default_bot.trained(quick=False),
    "light": default_bot.light,
    "none": None,
}


def arguments(given: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description="Scale and growth.")
    parser.add_argument("--quick", action="store_true", help="one round, nothing a hundredfold")
    parser.add_argument("--default", choices=BOTS, default="full", help="how the default bot is trained")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument(
        "--default-processes", type=int, default=fleet.SIZE, help="of the default bot, at most"
    )
    parser.add_argument("--redraw", action="store_true", help="only write the pages anew")
    parser.add_argument("--output", type=Path, help="folder of the results (here; results/scale if partial)")
    return parser.parse_args(given)


def main(given: list[str]) -> int:
    """Measure and write the results; return the exit code."""
    options = arguments(given)
    is_partial = options.quick or options.default == "none"
    output: Path = options.output or (ROOT / "results" / "scale" if is_partial else HERE)
    if lacking := missing("redis-server", "postgresql"):
        print(f"Redis and PostgreSQL are needed; {lacking}.", file=sys.stderr)
        return 1
    output.mkdir(parents=True, exist_ok=True)
    record = output / "results.json"
    found = json.loads(record.read_text("utf-8")) if record.is_file() else {}
    if not options.redraw:
        made = {
            "command": shlex.join(["python", "-m", "benchmarks.scale", *given]),
            "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
            "machine": machine.describe(),
        }
        try:
            for part, content in measure(options):  # what was found is kept if a later part fails
                found[part] = {**made, **content}
                record.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        except ProcessError as error:
            print(error, file=sys.stderr)
            return 1
    pages.write(found, output, ROOT / "docs" / "capacity.md" if output == HERE else output / "capacity.md")
    print((output / "results.md").read_text("utf-8"))
    return 0


def measure(options: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each part and what was found.

    Raises:
        ProcessError: a bot does not run.
    """
    live = [part for part in ("processes", "history", "conversations") if part in options.parts]
    if live:
        train = BOTS[options.default]
        bot = train() if train and set(live) - {"conversations"} else None
        with fleets(bot, options.default_processes) as running:
            for part in live:
                print(f"{part} …", flush=True)
                found = LIVE[part](running, options.quick)
                if bot is not None and part != "conversations":
                    found["default_bot"] = {"kind": options.default, "epochs": bot.epochs}
                yield part, found
    factors = probes.FACTORS[:2] if options.quick else probes.FACTORS
    for kind in (kind for kind in probes.KINDS if kind in options.parts):
        print(f"{kind} …", flush=True)
        yield kind, {"points": [probes.measure(kind, factor).to_dict() for factor in factors]}


@contextlib.contextmanager
def fleets(bot: default_bot.DefaultBot | None, size: int) -> Iterator[list[fleet.Fleet]]:
    """Run ours and, where there is one, the default bot beside it; who is not asked uses no processor."""
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baclofen-scale-")))
        for name in ("ours", "default"):
            (scratch / name).mkdir()
        running = [stack.enter_context(fleet.ours(scratch / "ours"))]
        if bot is not None:
            running.append(stack.enter_context(fleet.default(bot, scratch / "default", size)))
        yield running


def texts() -> dict[str, tuple[str, ...]]:
    """Return the messages by kind."""
    calm = frozenset(fact.id for fact in facts.load().values() if fact.level == "none")
    examples = questions.read(DATA / "nlu")
    return {kind: questions.messages(kind, examples, calm) for kind in questions.KINDS}


def abreast_part(running: list[fleet.Fleet], quick: bool) -> dict[str, Any]:
    """Measure one, two and four processes, and what ours leaves in the stores."""
    before, load = running[0].stored(), os.getloadavg()[0]
    cells = abreast.measure(running, texts(), abreast.QUICK if quick else abreast.FULL)
    effort = abreast.QUICK if quick else abreast.FULL
    rounds = effort.rounds * len(abreast.PROCESSES)
    messages = (effort.warm_up + rounds * effort.conversations) * abreast.TURNS
    return {
        "load_before": round(load, 2),
        "rounds": effort.rounds,
        "users": abreast.USERS,
        "cells": [cell.to_dict() for cell in cells],
        "each_round": [cell.each_round() for cell in cells],
        "stored": [before, running[0].stored()],
        "messages": messages,
        "bot_mib": {one.name: round(one.bot_mib(), 1) for one in running},
    }


def history_part(running: list[fleet.Fleet], quick: bool) -> dict[str, Any]:
    """Measure a conversation that gets long."""
    sizes = growth.HISTORY[:2] if quick else growth.HISTORY
    asked = texts()["fact"]
    return {"points": {one.name: [p.to_dict() for p in growth.history(one, asked, sizes)] for one in running}}


def conversations_part(running: list[fleet.Fleet], quick: bool) -> dict[str, Any]:
    """Measure more and more open conversations; ours alone."""
    sizes = growth.OPEN[:2] if quick else growth.OPEN
    points = growth.conversations(running[0], texts()["fact"], sizes)
    return {"points": {"ours": [point.to_dict() for point in points]}}


LIVE = {"processes": abreast_part, "history": history_part, "conversations": conversations_part}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
