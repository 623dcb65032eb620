"""Writes ``results.md``, its plots and the capacity page from what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.report import number, table
from benchmarks.scale import capacity_page, plots

Found = Mapping[str, Any]

HEAD = """# Scale and growth

Made by `.venv/bin/python -m benchmarks.scale` (`make bench PART=scale`), from `results.json`. Each part names
its command; the load average of the machine stands beside each figure. On two cores that other work shares,
times and throughputs move by what the others do, see *spread*; processor time moves less, and ratios of what
was measured by turns least.
"""

ABREAST = """## One, two and four processes

Both bots run at the same time, each as all its processes with a Redis and a PostgreSQL of its own; they are
asked by turns, and who is not asked idles. {users} users, each staying with one process as behind a proxy
that is sticky by sender, wait for an answer before they write again; a new conversation every 10 messages: of
ten, six ask for facts, three are small talk, one is an emergency. {rounds} round(s); the median of them
stands here.

**ours**: `python -m assistant serve`, actions in the same process.

**default**: the pipeline and policies of `rasa init`{training}, with Rasa's own `SQLTrackerStore` and
`RedisLockStore`, and one action server for all.

*bots*: processor time of a message, the action server's too; *stores*: of Redis and PostgreSQL. *spread*:
highest less lowest throughput of the rounds, by the median. *other kind*: an answer of another kind than the
one asked for. A throughput that is missed or met by less than the spread is noise; where a process
has to share its core, the processor times say what the ratio of the throughputs comes to on quiet cores.
"""


def write(found: Found, folder: Path, capacity: Path) -> None:
    """Write all pages that the figures suffice for."""
    parts = [HEAD]
    if "processes" in found:
        parts += _abreast(found["processes"])
    if "history" in found:
        parts += _history(found["history"])
    if "conversations" in found:
        parts += _conversations(found["conversations"])
    parts += [text for kind in ("signs", "facts") if kind in found for text in _grown(kind, found[kind])]
    for name in plots.draw(found, folder):
        parts.append(f"![{name}]({name})")
    (folder / "results.md").write_text("\n\n".join(part.strip() for part in parts) + "\n", "utf-8")
    if "processes" in found:
        capacity.write_text(capacity_page.page(found), "utf-8")


def _made(part: Found) -> str:
    machine = "; ".join(f"{name}: {value}" for name, value in part["machine"].items())
    return f"`{part['command']}`, {part['date']}. {machine}."


def cell(part: Found, bot: str, processes: int) -> Found | None:
    """Return what was found of a bot with so many processes."""
    return next((c for c in part["cells"] if (c["bot"], c["processes"]) == (bot, processes)), None)


def _abreast(part: Found) -> list[str]:
    about = part.get("default_bot")
    rows = [
        [
            f"{c['bot']}, {c['processes']}",
            *(number(c[name]) for name in ("per_second", "p50_ms", "p99_ms", "processor_ms", "stores_ms")),
            f"{c['spread']:.0%}",
            *(str(c[name]) for name in ("messages", "wrong", "failed")),
            f"{c['load']:.1f}",
        ]
        for c in part["cells"]
    ]
    head = ["bot, processes", "msg/s", "p50 ms", "p99 ms", "bots ms", "stores ms", "spread", "messages"]
    return [
        ABREAST.format(users=part["users"], rounds=part["rounds"], training=training(about)),
        table([*head, "other kind", "failed", "load"], rows),
        "\n".join(f"- {line}" for line in verdicts(part)),
        _left(part),
        _made(part),
    ]


def _left(part: Found) -> str:
    """Return what ours left in the stores over the whole part, and what its processes held at the end."""
    before, after = part["stored"]
    names = {
        "rows": ("rows of the table", 1.0, ""),
        "table_bytes": ("table of events with its indexes", 1024.0, " KiB"),
        "wal_bytes": ("PostgreSQL's log", 1024.0, " KiB"),
        "transactions": ("transactions of PostgreSQL", 1.0, ""),
        "redis_commands": ("commands of Redis", 1.0, ""),
    }
    rows = [
        [title, f"{(after[name] - before[name]) / unit / part['messages']:.2f}{word}"]
        for name, (title, unit, word) in names.items()
        if name in after
    ]
    connections = f"{after['connections']:.0f} connections to PostgreSQL from all processes of ours"
    memory = ", ".join(f"{mib:.0f} MiB of {bot}" for bot, mib in part["bot_mib"].items())
    return (
        f"Over {part['messages']:,} messages, the warm-up's too, ours took, a message:\n\n"
        + table(["in the stores", "a message"], rows)
        + f"\n\nAt the end: {connections}; memory of one process: {memory}."
    )


def training(about: Found | None) -> str:
    """Return how the default bot was trained, as words in a sentence."""
    if about is None:
        return ""
    if about["kind"] != "light":
        return f" ({about['epochs']} epochs)"
    return (
        f" (trained lightly, on 8 examples of each intent for {about['epochs']} epochs: it knows fewer"
        " words than it would, which favours it a little, and takes the likeliest intent, however unlikely,"
        " so that it goes the ways of one that has learned)"
    )


def verdicts(part: Found) -> list[str]:
    """Return the aims, and whether they are met."""
    lines = []
    one, two = cell(part, "ours", 1), cell(part, "ours", 2)
    if one and two:
        share = two["processor_ms"] / one["processor_ms"]
        lines.append(
            f"Processor time a message of two processes: {share:.2f} × that of one (aim: at most 1.15): "
            f"{_met(share <= 1.15)}."
        )
        both = (two["processor_ms"] + two["stores_ms"]) / (one["processor_ms"] + one["stores_ms"])
        lines.append(f"The stores' processor time counted too: {both:.2f} ×.")
    for processes in (1, 2, 4):
        ours, default = cell(part, "ours", processes), cell(part, "default", processes)
        if ours and default:
            faster, later = ours["per_second"] / default["per_second"], ours["p99_ms"] / default["p99_ms"]
            lines.append(
                f"With {processes}, against the default bot: throughput {faster:.2f} × (aim: at least 3): "
                f"{_met(faster >= 3)}; "
                f"p99 {later:.2f} × (aim: at most 0.33): {_met(later <= 1 / 3)}; processor time a message "
                f"{ours['processor_ms'] / default['processor_ms']:.2f} ×."
            )
    return lines


def _met(is_met: bool) -> str:
    return "met" if is_met else "**not met**"


def _points(points: list[Found], first: str) -> str:
    rows = [
        [
            f"{p['size']:,}",
            *(number(p[name]) for name in ("p50_ms", "p99_ms", "processor_ms", "stores_ms", "bot_mib")),
            number(p["stored"]["table_bytes"] / 2**20),
            number(p["stored"]["redis_bytes"] / 2**20),
            f"{p['load']:.1f}",
        ]
        for p in points
    ]
    head = [
        first,
        "p50 ms",
        "p99 ms",
        "bots ms",
        "stores ms",
        "MiB of a bot",
        "MiB of the table",
        "MiB of Redis",
    ]
    return table([*head, "load"], rows)


def _history(part: Found) -> list[str]:
    parts = [
        "## A conversation that gets long",
        "One sender asks one process for facts. After 10, 100 and 1,000 messages, the next 40 are measured. "
        "A length that is not reached in 120 s is left out. The table holds what was measured before as well."
        f" The default bot is trained{training(part.get('default_bot')) or ' fully'}.",
    ]
    for bot, points in part["points"].items():
        parts += [f"**{bot}**", _points(points, "messages said before")]
    return [*parts, _made(part)]


def _conversations(part: Found) -> list[str]:
    return [
        "## Open conversations",
        "Four processes of ours. So many people have said something; 320 further messages come from people "
        "chosen among them, 16 at a time. The table holds what was measured before as well.",
        _points(part["points"]["ours"], "open conversations"),
        _made(part),
    ]


GROWN = {
    "signs": "The English signs in a temporary copy of the data, each copy with the same words and one more, "
    "so that all are looked at as often: the dearest way to grow. Triage of a first message by both readers, "
    "in one process; 200 messages, one in ten an emergency.",
    "facts": "The facts in a temporary copy of the data: classifier, nearest questions and answer, in one "
    "process; 200 messages. The classifier's weights are repeated, not trained, for the time of a product "
    "does not depend on the numbers in it; what training takes is not measured.",
}


def _grown(kind: str, part: Found) -> list[str]:
    rows = []
    for point in part["points"]:
        figures = point["figures"]
        cells = (
            [number(figures[name]) for name in ("ms", "p99_ms", "load_s", "mib")] if figures else ["–"] * 4
        )
        rows.append([f"×{point['factor']}", *cells, f"{point['load']:.1f}", point["why_not"] or ""])
    head = [kind, "median ms", "p99 ms", "reading, s", "MiB", "load", "not possible"]
    return [
        f"## {kind.capitalize()}",
        f"{GROWN[kind]} All times are processor time.",
        table(head, rows),
        _made(part),
    ]
