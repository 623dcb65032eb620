"""Pictures of the learned reader's trade-offs, in the style of the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from evaluation.plots import BLUE, GREY, ORANGE, save
from evaluation.reader import SHIPPED, ReaderReport
from evaluation.score import Share

FEWEST = 20  # messages in a bin that is drawn
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
        bins = tuple(each for each in bins if each.messages >= FEWEST)
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
    """Draw the share of wrong and of right signs that TALK takes, by the level of the sign."""
    figure, axes = plt.subplots(figsize=(6.4, 4.2))
    for level, line in (("emergency", "-"), ("urgent", "--"), ("awareness", ":")):
        points = [p for p in report.talks if p.level == level]
        at = [p.talk for p in points]
        axes.plot(
            at,
            [_part(p.removed) for p in points],
            color=BLUE,
            linestyle=line,
            label=f"{level}: signs above the message's level",
        )
        axes.plot(
            at,
            [_part(p.dropped) for p in points],
            color=ORANGE,
            linestyle=line,
            label=f"{level}: other signs",
        )
        axes.plot(report.recommended.talk[level], 0, color=GREY, marker="^", clip_on=False)
    axes.set_xlim(0, 0.5)
    axes.set_ylim(0, 1)
    _grid(axes)
    axes.set_xlabel("TALK (triangles: recommended)")
    axes.set_ylabel("share of signs that are not counted")
    axes.legend(loc="upper left", fontsize=8)
    save(figure, path)


def _part(count: tuple[int, int]) -> float:
    return count[0] / count[1] if count[1] else 0.0


def _grid(axes: Any) -> None:
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
