"""Draws the times: a bar up to the median, a whisker up to the 95th percentile, the floor as a line."""

from __future__ import annotations

from pathlib import Path

import matplotlib

from benchmarks.measure import Cell
from benchmarks.report import Run, number

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

COLOURS = {"ours": "#0b6e6e", "default": "#c46a1b"}
WIDTH = 0.38


def draw(run: Run, path: Path) -> None:
    """Write the plot as a PNG, a panel for each number of users."""
    figure, panels = pyplot.subplots(
        1, len(run.effort.messages), figsize=(10, 4.6), sharey=True, constrained_layout=True
    )
    for panel, senders in zip(panels, run.effort.messages, strict=True):
        cells = [cell for cell in run.found["ours"].samples if cell.senders == senders]
        _panel(panel, run, cells)
        panel.set_title("1 user" if senders == 1 else f"{senders} users at once")
    panels[0].set_ylabel("milliseconds (log scale)")
    figure.suptitle(
        "Time to answer: bar = median, whisker = 95th percentile" + (" (quick run)" if run.is_quick else "")
    )
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


def _panel(panel: pyplot.Axes, run: Run, cells: list[Cell]) -> None:
    names = [name for name in COLOURS if name in run.found]
    highest = 0.0
    for shift, name in enumerate(names):
        places = [index + (shift - (len(names) - 1) / 2) * WIDTH for index in range(len(cells))]
        samples = [run.found[name].sample(cell) for cell in cells]
        middles = [sample.at(50) for sample in samples]
        whiskers = [[0.0] * len(cells), [sample.at(95) - sample.at(50) for sample in samples]]
        highest = max(highest, *(sample.at(95) for sample in samples))
        panel.bar(places, middles, WIDTH, yerr=whiskers, color=COLOURS[name], label=name, capsize=3)
        for place, middle in zip(places, middles, strict=True):
            panel.text(place, middle * 0.9, number(middle), ha="center", va="top", fontsize=8, color="white")
    floor = run.found["floor"].sample(cells[0]).at(50)
    panel.axhline(
        floor, color="#555555", linestyle="--", linewidth=1, label=f"floor: an echo, {number(floor)} ms"
    )
    panel.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncol=3, frameon=False, fontsize=9)
    panel.set_yscale("log")
    panel.set_ylim(min(panel.get_ylim()[0], floor / 2), max(panel.get_ylim()[1], highest * 1.5))
    panel.set_xticks(range(len(cells)))
    panel.set_xticklabels([f"{cell.kind}\nmessage 1" if cell.streamed else cell.kind for cell in cells])
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
