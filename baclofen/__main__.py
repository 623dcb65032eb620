"""``python -m baclofen``: triage messages, ask a question, check the data, add a fact, make the fact book."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baclofen.facts import Fact
from baclofen.signs import Level
from baclofen.triage import Triage, triage

if TYPE_CHECKING:
    from rich.text import Text

COLOURS: dict[Level, str] = {
    "emergency": "bold white on red",
    "crisis": "bold white on blue",
    "urgent": "black on yellow",
    "awareness": "black on cyan",
    "none": "black on green",
}
WIDEST = max(map(len, COLOURS)) + 1
QUOTED = 60  # characters of the user's words
UNSURE = 0.2
"""Below this chance a question is not answered, as in config.yml."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 problems found, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m baclofen", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    look = commands.add_parser("triage", help="draw the level of messages, one a line")
    look.add_argument(
        "texts", nargs="*", metavar="TEXT|FILE", help="a message, or files; none: standard input"
    )
    look.add_argument("--json", action="store_true", help="one JSON object a line")
    look.add_argument("--country", help="ISO code of the caller's country, such as GB")
    ask = commands.add_parser("ask", help="show the reply to one message, without a server")
    ask.add_argument("text")
    ask.add_argument("--country", help="ISO code of the caller's country, such as GB")
    commands.add_parser("check", help="check everything below data/")
    new = commands.add_parser(
        "new-fact", help="begin a fact: its file entry, its intent, its example questions"
    )
    new.add_argument("id", help="the fact's id, such as sun_cream")
    new.add_argument("topic", help="the file in data/facts, without .yml")
    book = commands.add_parser("facts", help="render the fact book")
    book.add_argument("folder", type=Path, help="where to; made if need be")
    commands.add_parser("misses", help="show what was asked and not understood, by nearest question")
    commands.add_parser("train", help="train the learned reader on data/messages")
    options = parser.parse_args(arguments)
    if options.command == "triage":
        return _triage(options.texts, options.json, options.country)
    if options.command == "ask":
        return _ask(options.text, options.country)
    if options.command == "check":
        return _check()
    if options.command == "new-fact":
        return _new_fact(options.id, options.topic)
    if options.command == "facts":
        return _facts(options.folder)
    if options.command == "misses":
        return _misses()
    from baclofen import learned

    print("Trained the learned reader." if learned.train() else "The learned reader is up to date.")
    return 0


def _messages(texts: Sequence[str]) -> Iterable[str]:
    """Yield the lines of the files named, of standard input when nothing is named, or the text itself."""
    if not texts:
        return (line.rstrip("\r\n") for line in sys.stdin)
    found: list[str] = []
    for text in texts:
        if "\n" not in text and len(text) < 256 and Path(text).is_file():
            found += Path(text).read_text("utf-8", "replace").splitlines()
        else:
            found.append(text)
    return found


def _triage(texts: Sequence[str], as_json: bool, country: str | None) -> int:
    from rich.console import Console
    from rich.progress import track

    console = Console(highlight=False, soft_wrap=True)
    shown = Console(stderr=True)
    messages = _messages(texts)
    # A bar only where somebody watches and the verdicts themselves go elsewhere.
    bar = shown.is_terminal and not console.is_terminal
    for text in track(messages, "Reading", console=shown, disable=not bar, transient=True):
        verdict = triage(text)
        if as_json:
            print(json.dumps(_as_json(verdict, _country(text, country)), ensure_ascii=False), flush=True)
        else:
            console.print(_explained(verdict, text))
    return 0


def _as_json(verdict: Triage, country: str | None) -> dict[str, Any]:
    """Return the machine-readable part, and beside it everything that was weighed."""
    return verdict.to_dict(country) | {"reasons": [asdict(reason) for reason in verdict.reasons]}


def _country(text: str, given: str | None) -> str | None:
    from baclofen import countries

    place = countries.resolve(said=countries.stated_country(text), given=given)
    return place.country.code if place.country else None


def _explained(verdict: Triage, text: str) -> Text:
    """Return the level in its colour, the message, and below it everything that was weighed."""
    from rich.text import Text

    level = verdict.level + ("?" if verdict.clarify else "")
    shown = Text.assemble((f" {level:<{WIDEST}}", COLOURS[verdict.level]), " ", (text, "bold"))
    for reason in verdict.reasons:
        words = " ".join(reason.words.split())
        shown.append(f"\n {'':<{WIDEST}} {reason.rule}", "cyan")
        shown.append(f" \u201c{words[:QUOTED]}{'…' if len(words) > QUOTED else ''}\u201d" if words else "")
        shown.append(f" → {reason.level}")
        shown.append(f" ({reason.note})" if reason.note else "", "italic")
    return shown


def _ask(text: str, given: str | None) -> int:
    from baclofen import countries, replies

    verdict = triage(text)
    place = countries.resolve(said=countries.stated_country(text), given=given)
    if verdict.level in ("emergency", "crisis"):
        said: Iterable[replies.Message] = replies.escalation(verdict, place)
    elif verdict.level in ("urgent", "awareness"):
        said = [replies.advice(verdict, place)]
    else:
        said = []
    answers = [replies.fact(item, place) for item in _asked_facts(text)]
    if not said and not answers:
        answers = [replies.small_talk("help")]
    for message in [*said, *answers]:
        print(message.text, end="\n\n")
    return 0


def _asked_facts(text: str) -> list[Fact]:
    """Return the facts that the trained classifier takes the text to ask for, else the nearest one."""
    from baclofen import classifier, facts, mixtures, persons
    from baclofen.encoder import Encoder

    encoder, known = Encoder.load(), facts.load()
    model = classifier.newest(encoder)
    if model is None:
        return []
    chances = model.predict_proba([text])[0]
    intent, chance = model.labels[int(chances.argmax())], float(chances.max())
    intent = mixtures.asked(text, intent, chance).fact or intent
    if intent not in known or chance < UNSURE:
        return []
    return [known[name] for name in dict.fromkeys((intent, *persons.beside(intent, text)))]


def _check() -> int:
    from baclofen import dataset, intent_checks
    from baclofen.encoder import Encoder

    problems = dataset.check()
    encoder = Encoder.load()
    pairs = intent_checks.closest(intent_checks.examples(), encoder) if encoder else []
    for pair in pairs:
        limit = f"too alike from {intent_checks.TOO_ALIKE} on"
        print(f"Alike: {pair.one} and {pair.other} ({pair.nearness:.2f}; {limit})")
    problems += intent_checks.too_alike(pairs)
    for problem in sorted(problems):
        print(problem)
    print(f"{len(problems)} problem(s)." if problems else "No problem found in data/.")
    return 1 if problems else 0


def _new_fact(name: str, topic: str) -> int:
    from baclofen import new_fact

    try:
        files = new_fact.begin(name, topic)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        "Begun in " + ", ".join(files) + ".\nReplace every TODO, then: python -m baclofen check, make train"
    )
    return 0


def _facts(folder: Path) -> int:
    from baclofen import dataset, fact_book

    try:
        count = fact_book.write(folder)
    except (OSError, dataset.DataError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{count} files in {folder}; open {folder / 'index.html'}")
    return 0


def _misses() -> int:
    from baclofen import misses

    for line in misses.summary():
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
