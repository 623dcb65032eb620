"""Draws missed emergencies against false alarms: ``python -m benchmarks.triage.draw POINTS PICTURE``.

Runs in the peers' environment. POINTS is JSON: by the title of a panel a list of points with ``name``,
``ours``, and ``missed`` and ``alarms`` as [share, lower bound, upper bound].
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

OURS, OTHERS = "#0b6e6e", "#c46a1b"
MARKERS = "o^sDvP*X"
Points = dict[str, list[dict[str, Any]]]


def draw(points: Points, path: Path) -> None:
    """Write the picture as an SVG, the same bytes for the same points; a panel for each set."""
    pyplot.rcParams.update({"svg.hashsalt": "triage", "svg.fonttype": "none", "font.size": 9})
    figure, panels = pyplot.subplots(
        1, len(points), figsize=(4.6 * len(points), 4.6), squeeze=False, constrained_layout=True
    )
    names = list(dict.fromkeys(point["name"] for group in points.values() for point in group))
    marks = {name: MARKERS[place % len(MARKERS)] for place, name in enumerate(names)}
    handles: dict[str, Any] = {}
    for panel, (title, group) in zip(panels[0], points.items(), strict=True):
        handles |= {point["name"]: _point(panel, point, marks[point["name"]]) for point in group}
        _frame(panel, title)
    panels[0][0].set_ylabel("emergencies missed, %")
    below = {"loc": "upper center", "bbox_to_anchor": (0.5, 0), "ncol": 4, "frameon": False}
    figure.legend([handles[name] for name in names], names, **below)
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    pyplot.close(figure)


def _point(panel: Any, point: dict[str, Any], marker: str) -> Any:
    (x, *x_bounds), (y, *y_bounds) = ([100 * v for v in point[k]] for k in ("alarms", "missed"))
    return panel.errorbar(
        x,
        y,
        xerr=[[x - x_bounds[0]], [x_bounds[1] - x]],
        yerr=[[y - y_bounds[0]], [y_bounds[1] - y]],
        marker=marker,
        linestyle="",
        color=OURS if point["ours"] else OTHERS,
        markersize=7,
        alpha=0.85,
        elinewidth=0.8,
    )


def _frame(panel: Any, title: str) -> None:
    panel.set_title(title)
    panel.set_xlabel("false alarms, % of messages without danger")
    panel.set_xlim(left=0)
    panel.set_ylim(0, 100)
    panel.grid(alpha=0.25)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2]))
