"""Writes what was measured: ``results.md`` and ``results.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.channels.judge import Counts, Times
from benchmarks.figures import median
from benchmarks.report import number, table

WAITS = """*Acknowledged*: until the webhook was answered. *First message*: until the vendor had the first
message of the answer. Milliseconds."""


@dataclass(frozen=True)
class Hanging:
    """Times of the other channels without and with one vendor that hangs, a set for each round."""

    channel: str
    calls: int
    per_second: float
    without: Sequence[Mapping[str, Times]]
    hung: Sequence[Mapping[str, Times]]

    def p95(self, what: str, hangs: bool) -> list[float]:
        """Return the 95th percentiles of the rounds."""
        found = (each[what].p95 for each in (self.hung if hangs else self.without))
        return [value for value in found if value is not None]

    def change(self, what: str) -> float | None:
        """Return by what share the 95th percentile of a time changed, medians of the rounds compared."""
        before, after = self.p95(what, False), self.p95(what, True)
        return median(after) / median(before) - 1 if before and after else None


@dataclass(frozen=True)
class Run:
    """Everything about one run.

    Attributes:
        load: load average of the machine, before and after.
        others: share of all processor time that neither the bot nor this measurement used.
        acknowledged: by channel, and of all.
        first: of the answers to emergencies and to other messages.
        refused: the bot's own calls that a vendor refused, as for a text that is too long.
        crowd: calm and grave messages of the burst.
        overtaken: share of the burst's calm messages that were answered after all its emergencies.
    """

    command: str
    date: str
    machine: Mapping[str, str]
    load: tuple[float, float]
    others: float
    per_second: float
    counts: Mapping[str, Counts]
    refused: int
    acknowledged: Mapping[str, Times]
    first: Mapping[str, Times]
    crowd: tuple[int, int]
    crowd_first: Mapping[str, Times]
    overtaken: float
    hanging: Hanging


def to_markdown(run: Run) -> str:
    """Return ``results.md``."""
    whole = run.counts["all"]
    machine = "\n".join(f"- {name}: {value}" for name, value in run.machine.items())
    calls = whole.genuine + whole.duplicates + whole.forged
    calm, grave = run.crowd
    hang = run.hanging
    parts = [
        "# Messaging channels under load",
        f"`{run.command}` on {run.date}",
        machine
        + f"\n- load average: {run.load[0]:.2f} before, {run.load[1]:.2f} after"
        + f"\n- other programs took {run.others:.0%} of the processors meanwhile",
        "One bot with its default settings; the stand-ins for all vendors run beside it on the same machine.",
        "## Answered once, forged never",
        f"{calls} webhooks at {run.per_second:g} a second over all channels, {whole.duplicates} of them "
        f"duplicates and {whole.forged} forgeries (unsigned, wrongly signed, altered or old). Every user "
        "writes once, so whose answer it is can be told.",
        _counts(run.counts),
        f"Calls of the bot that a vendor refused (a text too long, too many buttons): {run.refused}.",
        "## How soon",
        WAITS,
        _times("acknowledged", run.acknowledged),
        _times("first message", run.first),
        "## Emergencies first",
        f"{calm} calm messages at once and {grave} emergencies {BETWEEN_MS} ms later. "
        f"{run.overtaken:.0%} of the calm ones were answered after the last emergency had its message 1.",
        _times("first message", run.crowd_first),
        f"## {hang.channel.title()} hangs",
        f"{hang.calls} messages a round at {hang.per_second:g} a second over all channels. In "
        f"{len(hang.hung)} rounds {hang.channel} gives the bot no answer, in {len(hang.without)} it works, "
        "in turns. Times of the other channels: the 95th percentile of each round; the change is that of "
        "the medians.",
        _hanging(hang),
    ]
    return "\n\n".join(parts) + "\n"


BETWEEN_MS = 50
"""Milliseconds between the calm messages of the burst and its emergencies."""


def _counts(found: Mapping[str, Counts]) -> str:
    head = ["channel", "genuine", "answered once", "never", "twice", "duplicates", "not acknowledged"]
    rows = [
        [
            name,
            *map(str, (c.genuine, c.once, c.never, c.twice, c.duplicates, c.not_taken)),
            *map(str, (c.forged, c.forged_taken, c.forged_answered)),
        ]
        for name, c in found.items()
    ]
    return table([*head, "forged", "not refused", "forged answered"], rows)


def _times(what: str, found: Mapping[str, Times]) -> str:
    rows = [[name, str(t.count), number(t.p50), number(t.p95)] for name, t in found.items()]
    return table([what, "count", "p50", "p95"], rows)


def _hanging(found: Hanging) -> str:
    rows = []
    for what in found.without[0]:
        share = found.change(what)
        shown = [", ".join(map(number, sorted(found.p95(what, hangs)))) for hangs in (False, True)]
        rows.append([what, *shown, "–" if share is None else f"{share:+.0%}"])
    return table(["p95", "as usual", "one hangs", "change"], rows)


def shorten(values: Sequence[float]) -> tuple[float, float]:
    """Return two load averages, rounded."""
    return round(values[0], 2), round(values[1], 2)


def write(run: Run, folder: Path) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.md").write_text(to_markdown(run), "utf-8")
    figures = json.loads(json.dumps(asdict(run)), parse_float=lambda text: float(f"{float(text):.4g}"))
    (folder / "results.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
