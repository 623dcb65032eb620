"""Pictures of the learned reader's trade-offs, in the style of the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from baclofen.signs import RANK
from evaluation.plots import BLUE, GREY, ORANGE, save
from evaluation.reader import SHIPPED, ReaderReport
from evaluation.score import Share

LINES = {
    "n-grams": (GREY, ":"),
    "frozen": (ORANGE, ":"),
    "frozen + n-grams": (ORANGE, "--"),
    "fine-tuned": (BLUE, "--"),
    SHIPPED: (BLUE, "-"),
}


def draw_alarms(report: ReaderReport, path: Path) -> None:
    """Draw emergencies found against false reds, one line a model."""
    figure, axes = plt.subplots(figsize=(6.4, 4.6))
    for name, points in report.alarms.items():
        colour, line = LINES[name]
        axes.plot(
            [p.false for p in points], [p.found for p in points], color=colour, linestyle=line, label=name
        )
    axes.set_xlim(0, 0.2)
    axes.set_ylim(0.6, 1)
    _grid(axes)
    axes.set_xlabel("none and awareness messages taken for an emergency")
    axes.set_ylabel("emergencies found")
    axes.legend(loc="lower right", fontsize=9)
    save(figure, path)


def draw_calibration(report: ReaderReport, path: Path) -> None:
    """Draw how often the likeliest level is right at each chance."""
    found = report.calibration
    figure, axes = plt.subplots(figsize=(5.2, 4.6))
    axes.plot([0, 1], [0, 1], color=GREY, linestyle=":", label="perfect")
    for bins, colour, name in (
        (found.before, ORANGE, "as trained"),
        (found.after, BLUE, f"divided by {found.temperature:.2f}"),
    ):
        axes.plot([b.chance for b in bins], [b.right for b in bins], color=colour, marker="o", label=name)
    axes.set_xlim(0.2, 1)
    axes.set_ylim(0.2, 1)
    _grid(axes)
    axes.set_xlabel("chance of the likeliest level, fine-tuned encoder")
    axes.set_ylabel("share that is right")
    axes.legend(loc="upper left", fontsize=9)
    save(figure, path)


def draw_doubt(report: ReaderReport, path: Path) -> None:
    """Draw harmless messages asked back and grave ones caught, by DOUBT."""
    at = [p.doubt for p in report.doubts]
    figure, axes = plt.subplots(figsize=(6.4, 4.2))
    caught = [Share(*p.caught).value for p in report.doubts]
    axes.plot(at, caught, color=BLUE, label="emergencies and crises that would pass for none: asked back")
    asked = [Share(*p.asked).value for p in report.doubts]
    axes.plot(at, asked, color=ORANGE, label="harmless messages: asked back")
    axes.axvline(report.recommended.doubt, color=GREY, linestyle=":", label="recommended")
    axes.set_xlim(at[0], at[-1])
    axes.set_ylim(0, 1.02)
    _grid(axes)
    axes.set_xlabel("DOUBT")
    axes.set_ylabel("share of messages")
    axes.legend(loc="upper right", fontsize=9)
    save(figure, path)


def draw_talk(report: ReaderReport, path: Path) -> None:
    """Draw the messages that TALK calms and those that it lowers in error."""
    at = [p.talk for p in report.talks]
    figure, axes = plt.subplots(figsize=(6.4, 4.2))
    axes.plot(at, [p.calmed for p in report.talks], color=BLUE, label="none and awareness, calmed")
    for level, line in (("emergency", "-"), ("crisis", "--"), ("urgent", ":")):
        lowered = [p.lost[RANK[level]] for p in report.talks]  # type: ignore[index]
        axes.plot(at, lowered, color=ORANGE, linestyle=line, label=f"{level}, lowered in error")
    axes.axvline(report.recommended.talk, color=GREY, linestyle=":", label="recommended")
    axes.set_xlim(at[0], at[-1])
    axes.set_ylim(bottom=0)
    _grid(axes)
    axes.set_xlabel("TALK")
    axes.set_ylabel("messages")
    axes.legend(loc="upper left", fontsize=9)
    save(figure, path)


def _grid(axes: Any) -> None:
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
