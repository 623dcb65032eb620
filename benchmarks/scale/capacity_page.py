"""Writes ``docs/capacity.md``: the arithmetic of ``capacity`` in words, each number with its source."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from benchmarks.report import number, table
from benchmarks.scale import capacity
from benchmarks.scale.capacity import Cost, Need

Found = Mapping[str, Any]

PAGE = """# Capacity

A model on paper, made from [the figures](../benchmarks/scale/results.md) by
`.venv/bin/python -m benchmarks.scale`: nobody has run {a_day:,} messages a day. What it assumes, and you
should put your own numbers for:

- the busiest minute has {peak:g} times the messages of an even one;
- a core is planned to be busy for {busy:.0%} of the time;
- conversations are kept for {held:g} hours;
- messages and processor are those of the measurement, with {processes} processes. The load average was up to
  {load:.1f}, which makes the processor times rather too long than too short.

## What a message costs

{costs}

## {a_day:,} messages a day

- {a_day:,} / 86,400 s = {average:.0f} a second on average; × {peak:g} = **{highest:.0f} a second** at
  the peak.
- Bots: {highest:.0f} × {bot_ms} ms / 1000 / {busy} = **{bots} processes**, one core each; × {bot_mib} MiB =
  {memory:.1f} GiB of memory.
- PostgreSQL and Redis: {highest:.0f} × {stores_ms} ms / 1000 / {busy} = **{store_cores:.1f} cores** for both.
- Connections to PostgreSQL: {bots} × {connections:.1f} = **{all_connections}**.
- Table of events: {a_day:,} × {table_kib:.2f} KiB × {held:g} / 24 hours = **{disk:.0f} GiB**; as much
  is deleted a day as comes in.
- PostgreSQL's log: {highest:.0f} × {wal_kib:.2f} KiB = {log:.1f} MiB a second at the peak; transactions:
  {highest:.0f} × {transactions:.1f} = {transactions_s:.0f} a second.
- Redis: {highest:.0f} × {commands:.1f} = {commands_s:.0f} commands a second.

## Other sizes

{sizes}

## What breaks first

{breaks}

{open}
"""

SIZES = (100_000, 1_000_000, capacity.MESSAGES_A_DAY, 100_000_000)


def page(found: Found) -> str:
    """Return the page; needs the part ``processes``."""
    part = found["processes"]
    ours = [cell for cell in part["cells"] if cell["bot"] == "ours"]
    plan = max(ours, key=lambda cell: cell["processes"])
    cost = capacity.cost_of(
        plan, part["stored"], part["messages"], plan["processes"], part["bot_mib"]["ours"]
    )
    need = capacity.need(cost)
    return PAGE.format(
        a_day=capacity.MESSAGES_A_DAY,
        peak=capacity.PEAK,
        busy=capacity.BUSY,
        held=capacity.HELD_HOURS,
        load=plan["load"],
        processes=plan["processes"],
        costs=_costs(cost),
        average=need.average,
        highest=need.peak,
        bot_ms=number(cost.bot_ms),
        bots=need.bots,
        bot_mib=number(cost.bot_mib),
        memory=need.memory_gib,
        stores_ms=number(cost.stores_ms),
        store_cores=need.store_cores,
        connections=cost.connections,
        all_connections=need.connections,
        table_kib=cost.table_bytes / 1024,
        disk=need.disk_gib,
        wal_kib=cost.wal_bytes / 1024,
        log=need.log_mib_s,
        transactions=cost.transactions,
        transactions_s=need.transactions_s,
        commands=cost.redis_commands,
        commands_s=need.commands_s,
        sizes=_sizes(cost),
        breaks=_breaks(cost, need),
        open=_open(found),
    )


def _costs(cost: Cost) -> str:
    rows = [
        ["processor time of the bots", f"{number(cost.bot_ms)} ms", "*bots ms* of the first table"],
        [
            "processor time of Redis and PostgreSQL",
            f"{number(cost.stores_ms)} ms",
            "*stores ms* of the first table",
        ],
        [
            "table of events, with its indexes",
            f"{cost.table_bytes / 1024:.2f} KiB",
            "its second table",
        ],
        ["PostgreSQL's log", f"{cost.wal_bytes / 1024:.2f} KiB", "the same"],
        ["transactions of PostgreSQL", f"{cost.transactions:.1f}", "the same"],
        ["commands of Redis", f"{cost.redis_commands:.1f}", "the same"],
        ["connections to PostgreSQL of a bot", f"{cost.connections:.1f}", "at the end of the first part"],
        ["memory of a bot", f"{number(cost.bot_mib)} MiB", "the same"],
    ]
    return table(["what", "a message or a bot", "from"], rows)


def _sizes(cost: Cost) -> str:
    rows = []
    for a_day in SIZES:
        need = capacity.need(cost, a_day)
        rows.append(
            [
                f"{a_day:,}",
                f"{need.peak:.0f}",
                str(need.bots),
                f"{need.store_cores:.2g}",
                str(need.connections),
                f"{need.disk_gib:.1f} GiB",
            ]
        )
    return table(
        ["messages a day", "a second at the peak", "bots", "cores for stores", "connections", "table"], rows
    )


def _breaks(cost: Cost, need: Need) -> str:
    """Return the parts in the order in which one piece of them is full as messages grow."""
    lines = []
    for number_, (name, share) in enumerate(need.limits(), 1):
        at = capacity.MESSAGES_A_DAY / share if share else math.inf
        lines.append(f"{number_}. **{name}**: full at about {_rounded(at)} messages a day. {ADVICE[name]}")
    return "\n".join(lines)


ADVICE = {
    "one bot (one core)": "Add bots: nothing but the stores is shared, so this part grows by adding cores. "
    "What no longer fits is answered with the emergency check and the busy line.",
    "PostgreSQL's 100 connections": "Raise `max_connections` or put a pooler (PgBouncer) between; "
    "a bot that gets no connection goes on in memory and writes later.",
    "one core for both stores": "PostgreSQL cannot be added to by starting another: give it more cores, "
    "then split senders over several databases, each with bots of its own; senders share nothing.",
}


def _rounded(value: float) -> str:
    digits = -int(math.floor(math.log10(value))) + 1
    return f"{round(value, digits):,.0f}"


def _open(found: Found) -> str:
    lines = []
    for part, what in (("history", "its conversation"), ("conversations", "the open conversations")):
        if part not in found:
            continue
        points = found[part]["points"]["ours"]
        first, last = points[0], points[-1]
        lines.append(
            f"- {last['size'] / first['size']:g} times {what} ({first['size']:,} to {last['size']:,}): "
            f"processor time of the bots {last['processor_ms'] / first['processor_ms']:.2f} ×, of the stores "
            f"{last['stores_ms'] / max(first['stores_ms'], 0.01):.2f} ×, "
            f"memory of a bot {first['bot_mib']:.0f} to {last['bot_mib']:.0f} MiB."
        )
    for part in ("signs", "facts"):
        known = [p for p in found.get(part, {}).get("points", []) if p["figures"]]
        for point in known[1:]:
            share = point["figures"]["ms"] / known[0]["figures"]["ms"]
            lines.append(
                f"- ×{point['factor']} {part}: {share:.2f} × the processor time of that step; reading them "
                f"takes {point['figures']['load_s']:.0f} s at the start, {point['figures']['mib']:.0f} MiB."
            )
    return "## What growth changes\n\n" + "\n".join(lines) if lines else ""
