"""Draws throughput and latency by processes, and the cost of a message by what grows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib

from benchmarks.plot import COLOURS

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

Found = Mapping[str, Any]
PANELS = (
    ("per_second", "messages a second"),
    ("p99_ms", "p99, ms"),
    ("processor_ms", "processor ms a message"),
)
GROWTH = {
    "history": "messages in the conversation",
    "conversations": "open conversations",
    "signs": "signs, times",
    "facts": "facts, times",
}


def draw(found: Found, folder: Path) -> list[str]:
    """Write the plots that the figures suffice for; return their names."""
    names = []
    if "processes" in found:
        _abreast(found["processes"], folder / "processes.png")
        names.append("processes.png")
    if grown := [part for part in GROWTH if part in found]:
        _growth(found, grown, folder / "growth.png")
        names.append("growth.png")
    return names


def _abreast(part: Found, path: Path) -> None:
    figure, panels = pyplot.subplots(1, len(PANELS), figsize=(11, 3.8), constrained_layout=True)
    for panel, (name, title) in zip(panels, PANELS, strict=True):
        for bot, colour in COLOURS.items():
            cells = [c for c in part["cells"] if c["bot"] == bot]
            if cells:
                panel.plot(
                    [c["processes"] for c in cells], [c[name] for c in cells], "o-", color=colour, label=bot
                )
        panel.set_title(title)
        panel.set_xlabel("processes")
        panel.set_xticks([1, 2, 4])
        panel.set_ylim(bottom=0)
    panels[0].legend(frameon=False)
    _save(figure, path)


def _growth(found: Found, parts: list[str], path: Path) -> None:
    figure, panels = pyplot.subplots(
        1, len(parts), figsize=(3.4 * len(parts), 3.8), constrained_layout=True, squeeze=False
    )
    for panel, part in zip(panels[0], parts, strict=True):
        for bot, line in lines(part, found[part]).items():
            panel.plot(*zip(*line, strict=True), "o-", color=COLOURS[bot], label=bot)
        panel.set_xscale("log")
        panel.set_yscale("log")
        panel.set_xlabel(GROWTH[part])
        panel.legend(frameon=False)
    panels[0][0].set_ylabel("processor ms a message")
    _save(figure, path)


def lines(part: str, content: Found) -> dict[str, list[tuple[float, float]]]:
    """Return the points of each bot: size, processor milliseconds a message."""
    if part in ("signs", "facts"):
        known = [point for point in content["points"] if point["figures"]]
        return {"ours": [(point["factor"], point["figures"]["ms"]) for point in known]}
    return {
        bot: [(point["size"], point["processor_ms"]) for point in points]
        for bot, points in content["points"].items()
    }


def _save(figure: Any, path: Path) -> None:
    for panel in figure.axes:
        for side in ("top", "right"):
            panel.spines[side].set_visible(False)
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
