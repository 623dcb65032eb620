"""Writes what was measured: ``results.md`` and ``results.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import number, table

LEGEND = """One process at a time on one core. All times are processor time, which depends little on what
else runs. *labelled*: {labelled} of the messages in `data/messages`, evenly chosen. *emergencies*:
{emergencies} of those that are labelled so. *ordinary*: {ordinary}."""
PUBLIC = "{count} sentences of the folder, by people who are in no danger"
NONE = "left out, give `--public FOLDER`"


@dataclass(frozen=True)
class Run:
    """Everything about one run.

    Attributes:
        sets: number of messages of each set.
        parts: what ``parts.py`` measured, by part.
    """

    command: str
    date: str
    machine: Mapping[str, str]
    sets: Mapping[str, int]
    parts: Mapping[str, Mapping[str, Any]]


def to_markdown(run: Run) -> str:
    """Return ``results.md``."""
    machine = "\n".join(f"- {name}: {value}" for name, value in run.machine.items())
    count = run.sets["ordinary"]
    ordinary = PUBLIC.format(count=count) if count else NONE
    legend = LEGEND.format(
        labelled=run.sets["labelled"], emergencies=run.sets["emergencies"], ordinary=ordinary
    )
    parts = [
        "# The rule reader",
        f"`{run.command}` on {run.date}",
        machine,
        legend,
        "## Messages a second, rules alone",
        "*first*: words that were never met before. *again*: the best of the later rounds.",
        _speeds(run.parts["reading"]),
        "## Rules alone and both readers",
        "Milliseconds for a message, nothing remembered." + _missing(run.parts["together"]),
        _times(run.parts["together"]),
        "## Length",
        "Milliseconds for a text of so many characters, made of such messages.",
        _lengths(run.parts["length"]),
        "## Ten times the phrases",
        "Nine of ten are copies of the English ones, every plain word another one that is about as common. "
        "Messages a second, again.",
        _tenfold(run.parts["tenfold"], [name for name, size in run.sets.items() if size]),
        "## Loading",
        _loading(run.parts["loading"]),
        f"The whole process with both readers: {number(run.parts['together']['mib'])} MiB.",
    ]
    return "\n\n".join(parts) + "\n"


def _speeds(found: Mapping[str, Any]) -> str:
    rows = [[key, number(row["first"]), number(row["again"])] for key, row in found.items()]
    return table(["messages, lexicons", "first", "again"], rows)


def _missing(found: Mapping[str, Any]) -> str:
    return "" if found["with the learned reader"] else " **The learned reader was missing.**"


def _times(found: Mapping[str, Any]) -> str:
    rows = [
        [key, number(row["p50"]), number(row["p95"])] for key, row in found.items() if isinstance(row, dict)
    ]
    return table(["messages, readers", "p50", "p95"], rows)


def _lengths(found: Mapping[str, Any]) -> str:
    sizes = list(next(iter(found.values())))
    rows = [
        [f"{key}, {name}", *(number(by_size[size][name]) for size in sizes)]
        for key, by_size in found.items()
        for name in by_size[sizes[0]]
    ]
    return table(["messages, readers", *sizes], rows)


def _tenfold(found: Mapping[str, Any], sets: Sequence[str]) -> str:
    rows = [
        [
            name,
            str(row["phrases"]),
            *(number(row[key]["again"]) for key in sets),
            number(row["load s"]),
            number(row["mib"]),
        ]
        for name, row in found.items()
    ]
    return table(["lexicon", "phrases as written", *sets, "load s", "MiB"], rows)


def _loading(found: Mapping[str, Any]) -> str:
    rows = [[name, number(row.get("seconds")), number(row["mib"])] for name, row in found.items()]
    return table(["lexicons", "s", "MiB more than none"], rows)


def write(run: Run, folder: Path) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.md").write_text(to_markdown(run), "utf-8")
    figures = json.loads(json.dumps(asdict(run)), parse_float=lambda text: float(f"{float(text):.4g}"))
    (folder / "results.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
