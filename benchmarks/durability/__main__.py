"""``python -m benchmarks.durability [--kills 200] [--output FOLDER]``."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shlex
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from baclofen.paths import ROOT
from benchmarks import machine
from benchmarks.durability.bot import Bot
from benchmarks.durability.rounds import Rounds
from benchmarks.durability.vendor import Vendor
from benchmarks.processes import ProcessError


@dataclass(frozen=True)
class Found:
    """What came of all rounds.

    Attributes:
        unanswered: a line for each message that was accepted and not answered.
        waits: seconds from the bot's return to the first words of each recovered emergency.
    """

    counts: Counter[str]
    unanswered: tuple[str, ...]
    waits: tuple[float, ...]
    seconds: float


async def kill_often(kills: int, seed: int = 0) -> Found:
    """Kill a bot so many times.

    Raises:
        ProcessError: it did not come up.
    """
    chance = random.Random(seed)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="baclofen-durability-") as folder:
        vendor = Vendor(chance)
        await vendor.start()
        bot = Bot(Path(folder), vendor.environment())
        rounds = Rounds(bot, vendor, chance)
        try:
            await bot.start()
            while rounds.counts["kills"] < kills:
                await rounds.play()
                if rounds.counts["kills"] % 10 == 0:
                    print(
                        f"  {rounds.counts['kills']} kills, {len(rounds.unanswered)} unanswered", flush=True
                    )
        finally:
            bot.kill()
            await vendor.stop()
    return Found(rounds.counts, tuple(rounds.unanswered), tuple(rounds.waits), time.monotonic() - begin)


def page(found: Found, command: str, load: tuple[float, float]) -> str:
    """Return the results as Markdown."""
    counts, waits = found.counts, sorted(found.waits)
    rows = [
        ("kills (`SIGKILL`), some of them during recovery", counts["kills"]),
        ("messages by a messaging channel", counts["messages"]),
        ("of these, emergencies", counts["emergencies"]),
        ("accepted messages that stood in the journal when the process died", counts["held_at_a_kill"]),
        ("messages that were not acknowledged, sent again by the vendor", counts["sent_again"]),
        ("**accepted and never answered**", len(found.unanswered)),
        ("parts of answers that the vendor got", counts["parts"]),
        ("of these, got twice", counts["repeats"]),
        ("parts that the journal knew to be in doubt (sent or not) at a kill", counts["in_doubt"]),
        ("recovered emergencies", counts["recovered_emergencies"]),
        ("recovered calm messages", counts["recovered_calm"]),
        ("calm answers that came before all recovered emergencies had their first words",
         counts["calm_before_an_emergency"]),
        ("messages of the widget", counts["widget_messages"]),
        ("of these, sent again after a kill", counts["widget_resent"]),
        ("of these, taken for two turns", counts["widget_second_turns"]),
        ("answered in other words when asked for again", counts["widget_other_words"]),
    ]  # fmt: skip
    if waits:
        rows.append(
            (
                "from the bot's return to the first words of a recovered emergency, median / longest",
                f"{waits[len(waits) // 2]:.2f} s / {waits[-1]:.2f} s",
            )
        )
    lines = [
        "# Killed at random points",
        "",
        "People write by Telegram and by the widget's channel while the process is killed; it is started "
        "again. A vendor sends again what was not acknowledged, the widget what was not answered.",
        "",
        "| | |",
        "|---|---:|",
        *(f"| {name} | {value} |" for name, value in rows),
        "",
        f"`{command}`, {datetime.now(timezone.utc):%Y-%m-%d}, {found.seconds / 60:.0f} minutes; load average "
        f"{load[0]:.1f} before, {load[1]:.1f} after. "
        + "; ".join(f"{name}: {value}" for name, value in machine.describe().items())
        + ".",
        "",
    ]
    return "\n".join(lines)


def main(given: Sequence[str]) -> int:
    """Kill, and write the results; return 1 when somebody was left without an answer."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.durability")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "durability")
    options = parser.parse_args(given)
    before = os.getloadavg()[0]
    try:
        found = asyncio.run(kill_often(options.kills, options.seed))
    except ProcessError as error:
        print(error, file=sys.stderr)
        return 1
    shown = [word for word in given if word not in ("--output", str(options.output))]
    command = shlex.join(["python", "-m", "benchmarks.durability", *shown])
    written = page(found, command, (before, os.getloadavg()[0]))
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "results.md").write_text(written, "utf-8")
    print(written)
    for line in found.unanswered:
        print(line, file=sys.stderr)
    return 1 if found.unanswered else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
