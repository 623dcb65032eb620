"""``python -m evaluation``: scores the bot, its intents and its learned reader, and writes the report.

Environment: EVAL_DIR, folders of labelled messages to score too (several: separated as in PATH), whose texts
never enter the repository; EVAL_OUTSIDE, a folder of sentences (*.txt) from outside, which the intents have
to refuse; EVAL_URL, a running bot to ask instead of starting one; REST_TOKEN, where that bot asks for one.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from sklearn.exceptions import ConvergenceWarning

from baclofen.encoder import Encoder
from baclofen.paths import DATA, ROOT
from evaluation import beside, bot, floors, intents, questions, reader, reader_tables, report, rows, tables
from evaluation.bot import BotError, Client, Scored
from evaluation.rows import LabelError, LabelledSet

OWN_SET = ROOT / "tests" / "emergencies"
OUTPUT = ROOT / "evaluation"
PARTS = ("bot", "questions", "intents", "reader", "beside")
REMOTE_READY_WITHIN = 60.0


def say(text: str) -> None:
    print(text, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for.

    Returns:
        0 when it ran, 1 when a figure is out of its bounds, 2 when it could not run.
    """
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="one part; printed, nothing written (may be repeated)"
    )
    parser.add_argument(
        "--fail-under", type=Path, metavar="FILE", help="bounds as JSON; status 1 when one is broken"
    )
    options = parser.parse_args(arguments)
    warnings.filterwarnings("ignore", category=ConvergenceWarning)  # the classifier stops early on purpose
    try:
        return evaluate(options.only or PARTS, options.fail_under)
    except (LabelError, BotError, floors.FloorError) as error:
        print(error, file=sys.stderr)
        return 2


def evaluate(parts: Sequence[str], floors_file: Path | None) -> int:
    """Measure the parts, write the report when all were asked for, compare with the floors."""
    bounds = floors.read(floors_file) if floors_file else None
    hashes = data_hashes()
    scored = ask_bot() if "bot" in parts else None
    asked = ask_questions(write_page=set(PARTS) <= set(parts)) if "questions" in parts else None
    found = intents_report() if "intents" in parts else None
    signs = None
    if "reader" in parts:
        say("Learned reader: cross-validation, grouped by writer (some minutes)")
        signs = reader.cross_validate(say)
        say(
            reader_tables.reader_tables(signs)
            if signs
            else "  skipped: evaluation/held_out.npz, the encoder's part of it, is missing"
        )
    together = beside_report() if "beside" in parts else None
    if scored and found and together and set(PARTS) <= set(parts):
        if data_hashes() != hashes:
            say("The data changed during the run; the report says so. Run it again.")
            hashes = {name: f"{value}, changed during the run" for name, value in hashes.items()}
        write(scored, found, signs, together, hashes)
    figures = floors.figures(scored, found, signs) | (asked.figures if asked else {})
    say("SUMMARY " + " ".join(f"{name}={value:.4g}" for name, value in figures.items()))
    lines = floors.broken(bounds, figures) if bounds else []
    for line in lines:
        print(f"Out of bounds: {line}", file=sys.stderr)
    return 1 if lines else 0


def data_hashes() -> dict[str, str]:
    """Return the hash of what the bot is made from and of what it is scored on."""
    return {
        "data/": report.data_hash([DATA], DATA.parent),
        "tests/emergencies/*.jsonl": report.data_hash(OWN_SET.glob("*.jsonl"), ROOT),
    }


def ask_bot() -> Scored:
    """Score the project's own set and print its tables, then each folder of EVAL_DIR."""
    own = rows.read(OWN_SET)
    folders = [Path(name) for name in os.environ.get("EVAL_DIR", "").split(os.pathsep) if name.strip()]
    others = [(folder, rows.read(folder)) for folder in folders]
    with client() as asked:
        say(f"Bot: {own.size} messages of {OWN_SET.relative_to(ROOT)}")
        scored = bot.run_set(asked, own)
        say(tables.bot_tables(scored))
        for number, (folder, labelled) in enumerate(others, start=1):
            score_other(asked, folder, labelled, number)
    return scored


def score_other(asked: Client, folder: Path, labelled: LabelledSet, number: int) -> None:
    """Score a folder that is not the project's own; what it says goes to a temporary folder only."""
    say(f"Bot: {labelled.size} messages of {folder}")
    scored = bot.run_set(asked, labelled)
    say(tables.bot_tables(scored))
    place = Path(tempfile.mkdtemp(prefix=f"baclofen-evaluation-{number}-"))
    report.write_replies(scored, place)
    say(f"  replies and misses: {place}")


def ask_questions(write_page: bool) -> questions.QuestionReport:
    """Ask the questions for the curated answers and print what came back."""
    with client() as asked:
        say("Questions: which curated answer comes back")
        found = questions.run(asked)
    page = questions.text(found, datetime.date.today().isoformat())
    say(page)
    if write_page:
        (OUTPUT / "questions.md").write_text(page, "utf-8")
    return found


@contextlib.contextmanager
def client() -> Iterator[Client]:
    """Yield a client of EVAL_URL, or of a bot that runs as long as the block does."""
    url = os.environ.get("EVAL_URL", "").strip()
    if url:
        asked, end = (
            Client(url, os.environ.get("REST_TOKEN", "").strip()),
            time.monotonic() + REMOTE_READY_WITHIN,
        )
        while not asked.is_ready():
            if time.monotonic() > end:
                raise BotError(
                    f"{url}/health/ready does not say that the bot is ready. Start it, or unset EVAL_URL."
                )
            time.sleep(1)
        yield asked
        return
    say("Bot: starting (some seconds)")
    with bot.running_bot() as url:
        yield Client(url)


def beside_report() -> beside.Beside:
    """Join unrelated messages of the project's own set, triage them and print what became of each."""
    say("Triage: messages with an unrelated one beside them (some minutes)")
    found = beside.measure(rows.read(OWN_SET))
    say(beside.beside_table(found))
    return found


def intents_report() -> intents.IntentReport:
    """Cross-validate the intents and print the tables."""
    examples = intents.read_examples()
    say(f"Intents: {intents.FOLDS} folds over {len(examples.texts)} example messages (some minutes)")
    found = intents.cross_validate(examples, Encoder.load(), intents.read_fallback())
    say(tables.intent_tables(found))
    folder = os.environ.get("EVAL_OUTSIDE", "").strip()
    if folder:
        beyond = intents.outside(examples, Encoder.load(), found.curve, intents.read_sentences(Path(folder)))
        say(tables.outside_words(beyond))
    return found


def write(
    scored: Scored,
    found: intents.IntentReport,
    signs: reader.ReaderReport | None,
    together: beside.Beside,
    hashes: dict[str, str],
) -> None:
    """Write report, misses and plots beside this file."""
    report.write_plots(scored, found, signs, OUTPUT / "plots")
    (OUTPUT / "errors.md").write_text(report.errors_text(scored), "utf-8")
    text = report.report_text(scored, found, signs, together, datetime.date.today(), hashes)
    (OUTPUT / "report.md").write_text(text, "utf-8")
    say("Written: evaluation/report.md, evaluation/errors.md, evaluation/plots/")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the bot that was started is stopped, too
    sys.exit(main())
