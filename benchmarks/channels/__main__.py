"""``python -m benchmarks.channels``: see the package."""

from __future__ import annotations

import argparse
import asyncio
import os
import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from baclofen import facts
from baclofen.paths import DATA, ROOT
from benchmarks import machine, questions
from benchmarks.channels import bot, judge, page
from benchmarks.channels.drive import Outcome, burst, drive
from benchmarks.channels.plan import CHANNELS, Source
from benchmarks.channels.vendors import Vendors
from benchmarks.processes import ProcessError, busy_seconds, free_port, processor_seconds

WARM_UP = 50
"""Messages before the first one that counts."""

CROWD = (150, 15)
"""Calm messages and emergencies of the burst."""

ORDER = (False, True, True, False, False, True, True, False)
"""Rounds without and with the hanging vendor: a machine that grows slower meanwhile harms both alike."""

REST = 20.0
"""Seconds after a round with the hanging vendor until the bot has given up or sent what hung."""


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.channels", description="Messaging channels under load."
    )
    parser.add_argument("--calls", type=int, default=1000, help="webhooks of the first part")
    parser.add_argument("--rate", type=float, default=50.0, help="webhooks a second")
    parser.add_argument("--hang", choices=CHANNELS, default="telegram", help="whose vendor hangs")
    parser.add_argument("--output", type=Path, help="of the results (results/channels if partial)")
    return parser.parse_args(given)


def source() -> Source:
    """Return the messages: questions of fact and emergencies."""
    calm = frozenset(fact.id for fact in facts.load().values() if fact.level == "none")
    examples = questions.read(DATA / "nlu")
    return Source(questions.messages("fact", examples, calm), questions.messages("emergency", examples, calm))


async def measure(options: argparse.Namespace, scratch: Path, command: str) -> page.Run:
    """Measure everything.

    Raises:
        ProcessError: the bot did not start.
    """
    port, messages = free_port(), source()
    load = os.getloadavg()[0]
    begin = time.monotonic(), busy_seconds(), time.process_time()
    async with (
        Vendors(f"http://127.0.0.1:{port}") as vendors,
        bot.running(port, vendors.environment(), scratch) as pid,
    ):
        await drive(vendors, messages.messages(WARM_UP), options.rate / 5)
        print("answered once, forged never …", flush=True)
        outcomes = await drive(vendors, messages.mixed(options.calls), options.rate)
        received, refused = vendors.received(), sum(len(fake.refused) for fake in vendors.fakes)
        print("emergencies first …", flush=True)
        crowd = await rush(vendors, messages)
        in_crowd = vendors.received()
        print(f"{options.hang} hangs …", flush=True)
        hanging = await compare(vendors, messages, options)
        ours = processor_seconds([pid]) + time.process_time() - begin[2]
        whole = (time.monotonic() - begin[0]) * (os.cpu_count() or 1)
        others = max(0.0, busy_seconds() - begin[1] - ours) / whole
    channels = {name: [each for each in outcomes if each.call.channel == name] for name in CHANNELS}
    return page.Run(
        command=command,
        date=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        machine=machine.describe(),
        load=page.shorten((load, os.getloadavg()[0])),
        others=round(others, 3),
        per_second=options.rate,
        counts=judge.by_channel(outcomes, received),
        refused=refused,
        acknowledged={
            name: judge.acknowledgements(each) for name, each in {**channels, "all": outcomes}.items()
        },
        first=by_level(outcomes, received),
        crowd=CROWD,
        crowd_first=by_level(crowd, in_crowd),
        overtaken=judge.overtaken(crowd, in_crowd),
        hanging=hanging,
    )


def by_level(outcomes: Sequence[Outcome], received: judge.Received) -> dict[str, judge.Times]:
    """Return how soon emergencies and other messages had a first answer."""
    return {
        name: judge.first_messages(outcomes, received, grave)
        for name, grave in (("emergencies", True), ("other messages", False))
    }


async def rush(vendors: Vendors, messages: Source) -> list[Outcome]:
    """Send many calm messages at once and emergencies a moment later."""
    calm = messages.messages(CROWD[0], share_grave=0.0)
    grave = messages.messages(CROWD[1], share_grave=1.0)
    return await burst(vendors, calm, grave, page.BETWEEN_MS / 1000)


async def compare(vendors: Vendors, messages: Source, options: argparse.Namespace) -> page.Hanging:
    """Measure the other channels with and without one vendor that hangs; a figure for every round."""
    calls, rate = max(options.calls // 8, len(CHANNELS)), options.rate / 2
    vendor = vendors.by_channel[options.hang]
    found: dict[bool, list[dict[str, judge.Times]]] = {False: [], True: []}
    for hangs in ORDER:
        vendor.faults.change(kind="hang" if hangs else "none")
        outcomes = await drive(vendors, messages.messages(calls), rate)
        others = [each for each in outcomes if vendors.by_channel[each.call.channel] is not vendor]
        found[hangs].append(of_round(others, vendors.received()))
        if hangs:
            vendor.faults.change(kind="none")
            await asyncio.sleep(REST)
    return page.Hanging(options.hang, calls, rate, tuple(found[False]), tuple(found[True]))


def of_round(outcomes: Sequence[Outcome], received: judge.Received) -> dict[str, judge.Times]:
    """Return the times of one round."""
    return {
        "acknowledged": judge.acknowledgements(outcomes),
        "first message": judge.first_messages(outcomes, received),
        "first message, emergencies": judge.first_messages(outcomes, received, grave=True),
    }


def main(given: Sequence[str]) -> int:
    """Measure and write the results; return 1 where an answer was missing, double or given to a forger."""
    options = arguments(given)
    is_partial = (options.calls, options.rate) != (1000, 50.0)
    output = options.output or ROOT / ("results/channels" if is_partial else "benchmarks/channels")
    command = shlex.join(["python", "-m", "benchmarks.channels", *given])
    try:
        with tempfile.TemporaryDirectory(prefix="baclofen-channels-") as scratch:
            run = asyncio.run(measure(options, Path(scratch), command))
    except ProcessError as error:
        print(error, file=sys.stderr)
        return 1
    page.write(run, output)
    print((output / "results.md").read_text("utf-8"))
    return 0 if run.counts["all"].is_sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
