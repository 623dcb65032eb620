"""Pictures of the results, small enough to keep beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from evaluation import score
from evaluation.intents import IntentReport
from evaluation.rows import LEVELS
from evaluation.score import Verdict

BLUE, ORANGE, GREY = "#2b6ca3", "#c8641e", "#777777"


def draw_levels(verdicts: Sequence[Verdict], path: Path) -> None:
    """Draw how labelled and machine-readable levels meet, coloured by the share of each row."""
    counts = score.confusion(verdicts)
    grid = np.array([[counts[wanted, got] for got in LEVELS] for wanted in LEVELS], float)
    shares = grid / np.maximum(grid.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(6.4, 5.2))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(grid):
        colour = "white" if shares[row, column] > 0.6 else "black"
        axes.text(column, row, f"{count:.0f}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(LEVELS)), LEVELS)
    axes.set_yticks(range(len(LEVELS)), LEVELS)
    axes.set_xlabel("level of the reply")
    axes.set_ylabel("labelled level")
    axes.set_title(f"{len(verdicts)} labelled messages, colour: share of the row", fontsize=11)
    save(figure, path)


def draw_intents(report: IntentReport, path: Path) -> None:
    """Draw the F1 of every intent, worst at the top."""
    scores = report.intents
    figure, axes = plt.subplots(figsize=(6.4, 1.4 + 0.145 * len(scores)))
    axes.barh([s.intent for s in scores], [s.f1 for s in scores], color=BLUE, height=0.7)
    axes.axvline(report.macro_f1, color=ORANGE, linewidth=1.2, label=f"macro F1 {report.macro_f1:.2f}")
    axes.set_ylim(len(scores) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.tick_params(axis="y", labelsize=7)
    axes.xaxis.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("F1, cross-validated")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1 + 2.6 / (10 + len(scores))), frameon=False)
    save(figure, path)


def draw_thresholds(report: IntentReport, path: Path) -> None:
    """Draw what a fallback threshold keeps of in-scope messages and stops of the others."""
    figure, axes = plt.subplots(figsize=(6.4, 4.2))
    at = [point.threshold for point in report.curve]
    axes.plot(at, [p.kept for p in report.curve], color=BLUE, label="in scope: answered")
    axes.plot(
        at, [p.kept_right for p in report.curve], color=BLUE, linestyle="--", label="in scope: right answer"
    )
    axes.plot(at, [p.stopped for p in report.curve], color=ORANGE, label="out of scope: stopped")
    axes.axvline(report.fallback.threshold, color=GREY, linestyle=":", label="config.yml")
    axes.set_xlim(0, at[-1])
    axes.set_ylim(0, 1.02)
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_xlabel("fallback threshold")
    axes.set_ylabel("share of messages")
    axes.legend(loc="lower left", fontsize=9)
    save(figure, path)


def save(figure: Any, path: Path) -> None:
    """Write a picture and forget it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=90, metadata={"Software": None})
    plt.close(figure)
