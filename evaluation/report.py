"""Writes ``report.md``, ``errors.md`` and the plots."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evaluation import beside, plots, reader_plots
from evaluation.beside import Beside
from evaluation.bot import Scored
from evaluation.intents import IntentReport
from evaluation.reader import ReaderReport
from evaluation.reader_tables import HOW_TO_READ as HOW_TO_READ_THE_READER
from evaluation.reader_tables import reader_tables
from evaluation.score import Verdict
from evaluation.tables import bot_tables, intent_tables, table

NOT_HELPED = {
    "emergency": "message 1 lacks the call or its number",
    "crisis": "no crisis line, or no emergency number beside it",
    "urgent": "no number",
    "awareness": "no number",
    "none": "an alarm number",
}
"""What is wrong with words that do not help, by labelled level."""

HOW_TO_READ = """\
A message counts as helped when the words that a person sees give what its level calls for: an emergency, \
a first message that says to call, with the number; urgent and awareness, the emergency or the poison-centre \
number somewhere; a crisis, the crisis line; none, no emergency or crisis number at all. `exact` \
looks at the machine-readable level instead, and `calm` is the share of awareness and none messages \
without an emergency or crisis card. The messages are synthetic, labelled by a language model and seen by \
no clinician, and made to be hard: read the figures as a comparison of one version with the next, not as \
rates for real users. Intents are judged on messages left out of training, but those come from the same \
pens as the rest, the out-of-scope ones too: real questions will do worse."""

COMMANDS = """\
```
make evaluate                    # all of this again
make evaluate EVAL_DIR=FOLDER    # scores your labelled messages too; their texts stay out of the repository
.venv/bin/python -m evaluation --only bot                  # one part, printed only (--help lists them)
.venv/bin/python -m evaluation --fail-under BOUNDS.json    # status 1 when a figure is out of its bounds
```"""


@dataclass(frozen=True)
class Miss:
    """One thing that went wrong, as a line of ``errors.md``."""

    id: str
    wanted: str
    got: str
    wrong: str
    text: str


def data_hash(paths: Iterable[Path], root: Path) -> str:
    """Return the start of a SHA-256 over names and contents of files; hidden files do not count."""
    files: set[Path] = set()
    for path in paths:
        files.update(path.rglob("*") if path.is_dir() else [path])
    digest = hashlib.sha256()
    for file in sorted(files):
        name = file.relative_to(root)
        if file.is_file() and not any(part.startswith((".", "__")) for part in name.parts):
            digest.update(f"{name.as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def wrong_with(verdict: Verdict, level_only: bool = False) -> str:
    """Say in a few words what is wrong with a reply; empty when nothing is.

    Args:
        verdict: the judged reply.
        level_only: the row has no patterns, so the machine-readable level counts too.
    """
    if verdict.reply.error:
        return f"no answer: {verdict.reply.error}"
    if not verdict.answered:
        return "no words in the answer"
    found = []
    if not verdict.helped:
        found.append(NOT_HELPED[verdict.row.level])
    if level_only and verdict.row.level in ("awareness", "none") and not verdict.calm:
        found.append("false alarm")
    elif level_only and not verdict.exact:
        found.append("other level")
    found += [f"lacks `{pattern}`" for pattern in verdict.missing]
    found += [f"says `{pattern}`" for pattern in verdict.forbidden]
    return "; ".join(found)


def misses(verdicts: Iterable[Verdict], level_only: bool = False) -> list[Miss]:
    """List the verdicts that something is wrong with."""
    found = []
    for verdict in verdicts:
        wrong = wrong_with(verdict, level_only)
        if wrong:
            row = verdict.row
            found.append(Miss(row.id, " or ".join(row.accepted), verdict.reply.level, wrong, row.text))
    return found


def errors_text(scored: Scored) -> str:
    """Return every miss as Markdown."""
    parts = ["# What was missed", "Written by `make evaluate`; `report.md` says how replies are judged."]
    groups = [
        (f"Messages: {name}", misses(group, level_only=True)) for name, group in scored.messages.items()
    ]
    groups += [("Questions", misses(scored.facts)), ("Conversation turns", misses(scored.of_turns))]
    for title, found in groups:
        parts.append(f"## {title}: {len(found)}")
        if found:
            rows = [tuple(map(_cell, (m.id, m.wanted, m.got, m.wrong, m.text))) for m in found]
            parts.append(_plain_table(("id", "wanted", "got", "what is wrong", "text"), rows))
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _plain_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def report_text(
    scored: Scored,
    intents: IntentReport,
    reader: ReaderReport | None,
    together: Beside,
    today: datetime.date,
    hashes: dict[str, str],
) -> str:
    """Return the whole report as Markdown."""
    encoder = "" if intents.with_encoder else " The sentence encoder was missing: n-grams alone."
    parts = [
        "# How well it does",
        f"Measured on {today.isoformat()} by `make evaluate`. Every miss: [errors.md](errors.md).",
        table(("data", "SHA-256 (start)"), list(hashes.items())),
        HOW_TO_READ,
        "## The bot on the labelled messages",
        "Sent over the REST channel, each with a fresh sender. Country: the default, US.",
        bot_tables(scored),
        "![Labelled level and level of the reply](plots/levels.png)",
        "## Intents, cross-validated",
        f"Five stratified folds over `data/nlu`, the same classifier as in the bot.{encoder} "
        "Each message is judged by a classifier that has not learned it; but the encoder below it was "
        "fine-tuned with all of them, so the figures flatter.",
        intent_tables(intents),
        "![F1 of each intent](plots/intents.png)",
        "![What a fallback threshold keeps and stops](plots/thresholds.png)",
        "## Learned reader of signs, cross-validated by writer",
        *(_of_reader(reader) if reader else ["Not measured: `evaluation/held_out.npz` is missing."]),
        "## What stands beside it",
        "Each message of the same set that triage gets right by itself (rules and learned reader, without "
        f"the bot), up to {beside.SHORT} characters, joined to {beside.TIMES} harmless ones drawn at random, "
        "before and behind. A graver level than its own counts as kept.",
        beside.beside_table(together),
        "## Make it again",
        COMMANDS,
    ]
    return "\n\n".join(parts) + "\n"


def _of_reader(reader: ReaderReport) -> list[str]:
    return [
        HOW_TO_READ_THE_READER,
        reader_tables(reader),
        "![Emergencies found against false reds, by model](plots/alarms.png)",
        "![How true the chances are, before and after the temperature](plots/calibration.png)",
        "![Whom DOUBT asks back](plots/doubt.png)",
        "![What TALK takes from the rules](plots/talk.png)",
        "`models/encoder/README.md` says how the encoder's part, `evaluation/held_out.npz`, is made again.",
    ]


def write_plots(scored: Scored, intents: IntentReport, reader: ReaderReport | None, folder: Path) -> None:
    """Draw the plots into a folder, those of the reader where it was measured."""
    plots.draw_levels(scored.of_messages, folder / "levels.png")
    plots.draw_intents(intents, folder / "intents.png")
    plots.draw_thresholds(intents, folder / "thresholds.png")
    if reader:
        reader_plots.draw_alarms(reader, folder / "alarms.png")
        reader_plots.draw_calibration(reader, folder / "calibration.png")
        reader_plots.draw_doubt(reader, folder / "doubt.png")
        reader_plots.draw_talk(reader, folder / "talk.png")


def write_replies(scored: Scored, folder: Path) -> None:
    """Write misses and every reply of a folder that is not the project's own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "errors.md").write_text(errors_text(scored), "utf-8")
    with (folder / "replies.jsonl").open("w", encoding="utf-8") as file:
        for verdict in scored.all:
            row = verdict.row
            line: dict[str, object] = {
                "id": row.id,
                "text": row.text,
                "level": row.level,
                "got": verdict.reply.level,
            }
            line |= {"helped": verdict.helped, "error": verdict.reply.error, "reply": verdict.reply.texts}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
