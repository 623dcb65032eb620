"""Writes what was measured: ``results.md``, ``results.json`` and ``latency.png``."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import SHARES, median, ratio, ratios
from benchmarks.measure import Cell, Effort, Figures
from benchmarks.processes import Finished

BUSY = 0.3
"""Cores used by other programs above which the report says that the machine was not quiet."""

DEFAULT = """
**default**: the pipeline and policies of `rasa init` (DIET and TED, {epochs} epochs), trained on the same
`data/nlu`, with a rule for each intent; `rasa run` with conversations in memory, and `rasa run actions`
beside it. A fact is a custom action; small talk is a response; a report of signs gets a response, then a
custom action.
"""

SETTING = """`{command}` on {date}

{machine}
- load average: {load}

**ours**: `python -m assistant serve` with its default settings; conversations are stored in SQLite.
{default}
**floor**: a server on the same Sanic that says back what it hears in the same JSON.

Plain REST over kept connections, a new conversation every 10 messages. Sent after a warm-up, for each kind
of message: {sent}; {rounds} round(s). One system runs at a time and the rounds go by turns. The sender shares
the machine. The messages are examples from `data/nlu`, different ones: {different}; each
has other marks (`. ,-`) at its end every time, so that nothing is answered from memory.

*message 1 streamed*: with `?stream=true`, until the first message is there. *other kind*: answers of another
kind than the one asked for; their times count. *processor*: time that the system itself used for a message,
which hardly depends on what else runs. Start and memory are medians of the rounds; memory is resident
memory."""


@dataclass(frozen=True)
class Run:
    """Everything about one run.

    Attributes:
        found: by name of the system: floor, ours and, unless it was left out, default.
        training: the same, without the floor.
        load: the machine's load average of the last minute at the beginning and at the end.
        epochs: of the default bot; None when it was left out.
    """

    command: str
    date: str
    machine: Mapping[str, str]
    load: tuple[float, float]
    effort: Effort
    is_quick: bool
    epochs: int | None
    distinct: Mapping[str, int]
    found: Mapping[str, Figures]
    training: Mapping[str, Finished]


def to_dict(run: Run) -> dict[str, Any]:
    """Return the run as it is written to ``results.json``."""
    head = {name: getattr(run, name) for name in ("command", "date", "is_quick", "load", "epochs")}
    systems = {name: _system(run, name) for name in run.found}
    return {
        **head,
        "machine": dict(run.machine),
        "rounds": run.effort.rounds,
        "different_messages": dict(run.distinct),
        "systems": systems,
        "ours_by_default": {label: value for label, _, _, value in comparison(run)},
        "latency_ours_by_default": {
            cell.title: {key: _rounded(value) for key, value in ratios(ours, default).items()}
            for cell, ours, default in _pairs(run)
        },
    }


def _system(run: Run, name: str) -> dict[str, Any]:
    figures = run.found[name]
    return {
        "answers": {cell.title: figures.sample(cell).to_dict() for cell in figures.samples},
        "start_s": [round(value, 2) for value in figures.start_s],
        "start_processor_s": [round(value, 2) for value in figures.start_processor_s],
        "memory_mib": [{key: round(value, 1) for key, value in m.items()} for m in figures.memory_mib],
        "cores_used_by_others": [round(value, 2) for value in figures.others],
        "training": asdict(run.training[name]) if name in run.training else None,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(f"{value:.3g}")


def _pairs(run: Run) -> list[tuple[Cell, Any, Any]]:
    if "default" not in run.found:
        return []
    ours, default = run.found["ours"], run.found["default"]
    return [
        (cell, ours.sample(cell), default.sample(cell)) for cell in ours.samples if cell in default.samples
    ]


def comparison(run: Run) -> list[tuple[str, float, float | None, float | None]]:
    """Return what is not an answer's time: a label, ours, the default's, ours / default."""

    def row(label: str, read: Callable[[str], float]) -> tuple[str, float, float | None, float | None]:
        ours = read("ours")
        if "default" not in run.found:
            return label, ours, None, None
        default = read("default")
        return label, ours, default, _rounded(ratio(ours, default))

    memory = "memory after the load, MiB"
    rows = [
        row("start to first answer, s", lambda name: median(run.found[name].start_s)),
        row("start, processor s", lambda name: median(run.found[name].start_processor_s)),
        row(f"{memory}: all processes", lambda name: run.found[name].memory()),
        row(f"{memory}: without the action server", lambda name: run.found[name].memory("bot")),
        row(f"{memory}: the action server", lambda name: run.found[name].memory("action server")),
    ]
    if "ours" in run.training:
        rows += [
            row("training, s", lambda name: run.training[name].seconds),
            row("training, processor s", lambda name: run.training[name].processor_s),
            row("memory at most while training, MiB", lambda name: run.training[name].peak_mib),
        ]
    return rows


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def number(value: float | None) -> str:
    """Return three significant digits, or a dash."""
    if value is None or math.isnan(value):
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def latency_table(run: Run) -> str:
    """Return the times of all answers, a line for each system and question."""
    rows = []
    names = [name for name in ("ours", "default", "floor") if name in run.found]
    for cell in run.found["ours"].samples:
        for name in (name for name in names if cell in run.found[name].samples):
            sample = run.found[name].sample(cell)
            times = [number(sample.at(share)) for share in SHARES]
            counts = [str(len(sample.times_ms)), str(sample.wrong), str(sample.failed)]
            rows.append(
                [cell.title, name, *times, number(sample.per_second), number(sample.processor_ms), *counts]
            )
    return table(
        [
            "message",
            "bot",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "msg/s",
            "processor ms",
            "answers",
            "other kind",
            "failed",
        ],
        rows,
    )


def ratio_table(run: Run) -> str:
    """Return ours / default of all answers."""
    rows = []
    for cell, ours, default in _pairs(run):
        rows.append([cell.title, *(number(_rounded(value)) for value in ratios(ours, default).values())])
    return table(["ours / default", "p50", "p95", "p99", "msg/s", "processor"], rows)


def to_markdown(run: Run, picture: str) -> str:
    """Return ``results.md``."""
    parts = ["# Speed and memory", *_warnings(run), _setting(run)]
    if _pairs(run):
        parts += [
            "## Ours / default",
            "Times: below 1 is faster. Messages per second: above 1 is more.",
            ratio_table(run),
        ]
    rows = [
        [label, number(ours), number(other), number(share)] for label, ours, other, share in comparison(run)
    ]
    parts += [table(["", "ours", "default", "ours / default"], rows), _training(run)]
    parts += ["## Times", f"![Times of the answers]({picture})", latency_table(run)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _warnings(run: Run) -> list[str]:
    found = []
    if run.is_quick:
        found.append(
            "> **Quick run**: few messages, one round, the default bot barely trained. No figures to quote."
        )
    if "default" not in run.found:
        found.append("> The default bot was left out.")
    others = [value for figures in run.found.values() for value in figures.others]
    if max(others) > BUSY:
        found.append(
            f"> The machine was **not quiet**: other programs used {min(others):.1f} to {max(others):.1f} "
            "cores meanwhile. Trust the ratios more than the times."
        )
    return found


def _setting(run: Run) -> str:
    machine = "\n".join(f"- {name}: {value}" for name, value in run.machine.items())
    sent = " and ".join(f"{count} from {users} at once" for users, count in run.effort.messages.items())
    different = ", ".join(f"{count} {kind}" for kind, count in run.distinct.items())
    default = DEFAULT.format(epochs=run.epochs) if run.epochs else ""
    return SETTING.format(
        command=run.command,
        date=run.date,
        machine=machine,
        load="{:.1f} at the beginning, {:.1f} at the end".format(*run.load),
        default=default,
        sent=sent,
        rounds=run.effort.rounds,
        different=different,
    )


def _training(run: Run) -> str:
    parts = [
        f"{name} on {run.training[name].on} at a load of {run.training[name].load:.1f}"
        for name in ("ours", "default")
        if name in run.training
    ]
    return f"Training starts from nothing; it ended: {', '.join(parts)}." if parts else ""


def write(run: Run, folder: Path) -> None:
    """Write the three files."""
    from benchmarks.plot import draw

    folder.mkdir(parents=True, exist_ok=True)
    draw(run, folder / "latency.png")
    (folder / "results.md").write_text(to_markdown(run, "latency.png"), "utf-8")
    (folder / "results.json").write_text(json.dumps(to_dict(run), indent=2) + "\n", "utf-8")
