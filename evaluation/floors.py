"""Single figures by name, and floors that they may not fall below (``--fail-under FILE``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation import score
from evaluation.bot import Scored
from evaluation.intents import IntentReport
from evaluation.reader import ReaderReport
from evaluation.rows import LEVELS
from evaluation.tables import whole_conversations


class FloorError(Exception):
    """The file of floors cannot be used."""


@dataclass(frozen=True)
class Floors:
    """Bounds by the name of a figure, both included."""

    at_least: dict[str, float]
    at_most: dict[str, float]


def read(path: Path) -> Floors:
    """Read ``{"at_least": {"emergency": 0.95, …}, "at_most": {"missed_emergencies": 3, …}}``.

    Raises:
        FloorError: the file is missing or has another shape.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FloorError(f"{path} cannot be read as JSON ({error}).") from error
    if not isinstance(data, dict) or not data or set(data) - {"at_least", "at_most"}:
        raise FloorError(f"{path}: an object with 'at_least' and 'at_most' is needed.")
    for bounds in data.values():
        if not isinstance(bounds, dict) or not all(type(bound) in (int, float) for bound in bounds.values()):
            raise FloorError(f"{path}: a bound is a name of a figure with a number.")
    return Floors(data.get("at_least", {}), data.get("at_most", {}))


def broken(floors: Floors, figures: Mapping[str, float]) -> list[str]:
    """Say which bounds are broken, a line each; a figure that was not measured breaks its bound."""
    lines = []
    for bounds, word in ((floors.at_least, "at least"), (floors.at_most, "at most")):
        for name, bound in bounds.items():
            if name not in figures:
                lines.append(f"{name}: not measured; known are {', '.join(sorted(figures))}")
                continue
            value = figures[name]
            if (value < bound) if word == "at least" else (value > bound):
                lines.append(f"{name}: {value:.4g}, has to be {word} {bound:g}")
    return lines


def figures(
    scored: Scored | None, intents: IntentReport | None = None, reader: ReaderReport | None = None
) -> dict[str, float]:
    """Return every single figure of a run by name."""
    found: dict[str, float] = {}
    if scored:
        found |= _bot_figures(scored)
    if intents:
        found |= {"intent_accuracy": intents.accuracy, "intent_macro_f1": intents.macro_f1}
    if reader:
        found |= {f"reader.{name}": value for name, value in reader.figures.items()}
    return found


def _bot_figures(scored: Scored) -> dict[str, float]:
    messages = scored.of_messages
    shares = {
        level: score.share((v for v in messages if v.row.level == level), lambda v: v.helped)
        for level in LEVELS
    }
    nobody_ill = (v for v in messages if v.row.level in ("awareness", "none"))
    shares |= {
        "exact": score.share(messages, lambda v: v.exact),
        "calm": score.share(nobody_ill, lambda v: v.calm),
        "facts": score.share(scored.facts, lambda v: v.complete),
        "turns": score.share(scored.of_turns, score.turn_right),
        "conversations": whole_conversations(scored),
        "answered": score.share(scored.all, lambda v: v.answered),
    }
    counts = {
        "missed_emergencies": shares["emergency"].of - shares["emergency"].right,
        "missed_crises": shares["crisis"].of - shares["crisis"].right,
        "forbidden_said": sum(bool(v.forbidden) for v in scored.all),
        "unanswered": shares["answered"].of - shares["answered"].right,
    }
    times = score.latency(v.reply.seconds for v in scored.all)
    seconds = {"seconds_p50": times.p50, "seconds_p95": times.p95, "seconds_max": times.longest}
    return {**{name: share.value for name, share in shares.items() if share.of}, **counts, **seconds}
