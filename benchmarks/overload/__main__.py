"""``python -m benchmarks.overload [--people 1000] [--rate 50] [--seconds 60] [--output FOLDER]``.

``--bot-core 1`` binds the bot to a core; ``taskset -c 0`` before it all puts the people on another.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from assistant.conversation import Conversation, hear
from baclofen import facts, wording
from baclofen.paths import DATA, ROOT
from benchmarks import machine, questions
from benchmarks.durability.bot import Bot
from benchmarks.overload.crowd import Crowd, Reply
from benchmarks.processes import ProcessError, processor_seconds, resident_mib, waited_seconds

SHARE = 0.05
TARGET_MS = 250.0


@dataclass(frozen=True)
class Part:
    """One way of writing, and what came of it.

    Attributes:
        seconds: until the last answer was there.
        processor_s: that the bot used.
        mib: the bot's memory at the end.
        waited_s: for which the bot could have worked but others had its processor.
        load: load average of the machine meanwhile.
    """

    name: str
    replies: Sequence[Reply]
    seconds: float
    processor_s: float
    mib: float
    waited_s: float = 0.0
    load: float = 0.0

    def row(self) -> str:
        """Return the line of the table."""
        grave = [r.first_ms for r in self.replies if r.is_grave and r.first_ms is not None]
        calm = [
            r.first_ms for r in self.replies if not r.is_grave and not r.is_shed and r.first_ms is not None
        ]
        shed = sum(r.is_shed for r in self.replies) / len(self.replies)
        cells = [
            self.name,
            str(len(self.replies)),
            str(sum(r.is_grave for r in self.replies)),
            *(f"{at(grave, share):.0f} ms" for share in (0.5, 0.99)),
            *(f"{at(calm, share):.0f} ms" for share in (0.5, 0.99)),
            f"{shed:.1%}",
            str(sum(not r.is_right for r in self.replies)),
            f"{self.processor_s / self.seconds:.0%}",
            f"{self.waited_s / self.seconds:.0%}",
            f"{self.load:.1f}",
            f"{self.mib:.0f} MiB",
        ]
        return "| " + " | ".join(cells) + " |"


def at(values: Sequence[float], share: float) -> float:
    """Return the value that so large a share is not above; not a number for no values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def name_of(rate: float) -> str:
    """Return the name of the part in which so many messages a second are written."""
    return f"{rate:g} a second"


def guard_ms(texts: Sequence[str]) -> float:
    """Return the processor time of triage alone, in milliseconds a message."""
    for text in texts:
        hear(text, Conversation())
    times = []
    for number, text in enumerate(texts):
        begin = time.process_time()
        hear(f"{text} {questions.marks(number + 1)}", Conversation())
        times.append(time.process_time() - begin)
    return statistics.mean(times) * 1000


async def crowd_up(bot: Bot, options: argparse.Namespace, calm: Sequence[str]) -> list[Part]:
    """Write in both ways.

    Raises:
        ProcessError: the bot did not come up.
    """
    await bot.start()
    busy = wording.load("en")["busy"].split(".")[0]
    crowd = Crowd(("127.0.0.1", bot.port), options.people, calm, SHARE, busy)
    await crowd.greet()
    parts = []
    ways = (
        *(
            (name_of(rate), partial(crowd.write, rate, options.seconds))
            for rate in sorted({*options.also, options.rate}, reverse=True)
        ),
        ("all at once", crowd.burst),
    )
    for name, way in ways:
        used, begin = processor_seconds([bot.pid]), time.perf_counter()
        waited = waited_seconds(bot.pid)
        replies = await way()
        seconds = time.perf_counter() - begin
        used = processor_seconds([bot.pid]) - used
        waited = waited_seconds(bot.pid) - waited
        load = os.getloadavg()[0]
        parts.append(Part(name, replies, seconds, used, resident_mib(bot.pid), waited, load))
        print(parts[-1].row(), flush=True)
        await asyncio.sleep(5)
    await crowd.leave()
    return parts


def page(
    parts: Sequence[Part], triage_ms: float, command: str, options: argparse.Namespace, load: float
) -> str:
    """Return the results as Markdown."""
    aimed = next((part for part in parts if part.name == name_of(options.rate)), parts[0])
    grave = [r.first_ms for r in aimed.replies if r.is_grave and r.first_ms is not None]
    p99 = at(grave, 0.99)
    lines = [
        "# Many people at once",
        "",
        f"{options.people} open conversations, {SHARE:.0%} of the messages emergencies, one process of the "
        "bot. The times are those of message 1; who was told that it is busy is left out of the calm ones.",
        "",
        "| | messages | emergencies | their p50 | p99 | calm p50 | p99 | busy | wrong or none | processor | "
        "waited for it | load | memory |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(part.row() for part in parts),
        "",
        f"The aim at {options.rate:g} a second is a p99 of emergencies of {TARGET_MS:.0f} ms: "
        f"{'met' if p99 <= TARGET_MS else 'not met'} ({p99:.0f} ms).",
        "",
        f"Triage alone takes {triage_ms:.1f} ms of the processor for a message, so one process can check "
        f"{1000 / triage_ms:.0f} messages a second at most, answers not counted.",
        "",
        "Where the bot has to share its core, the figures are those of so much less of a processor: the "
        "table shows the share that it had, and for how long it could have worked while others had it, its "
        "threads added up.",
        "",
        f"`{command}`, {datetime.now(timezone.utc):%Y-%m-%d}; load average {load:.1f} before, "
        f"{os.getloadavg()[0]:.1f} after. "
        + "; ".join(f"{name}: {value}" for name, value in machine.describe().items())
        + ".",
        "",
    ]
    return "\n".join(lines)


def main(given: Sequence[str]) -> int:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overload")
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second")
    parser.add_argument("--also", type=float, nargs="*", default=(), help="other rates, measured too")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--bot-core", type=int, help="binds the bot to this core")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "overload")
    options = parser.parse_args(given)
    load = os.getloadavg()[0]
    calm_facts = frozenset(fact.id for fact in facts.load().values() if fact.level == "none")
    calm = questions.messages("fact", questions.read(DATA / "nlu"), calm_facts)
    with tempfile.TemporaryDirectory(prefix="baclofen-overload-") as folder:
        bot = Bot(Path(folder), {}, core=options.bot_core)
        try:
            parts = asyncio.run(crowd_up(bot, options, calm))
        except ProcessError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            bot.kill()
    shown = [word for word in given if word not in ("--output", str(options.output))]
    command = shlex.join(["python", "-m", "benchmarks.overload", *shown])
    written = page(parts, guard_ms(calm), command, options, load)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "results.md").write_text(written, "utf-8")
    print(written)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
