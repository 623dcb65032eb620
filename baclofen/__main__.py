"""``python -m baclofen``: triage messages, ask a question, check the data, train the learned reader."""

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
    commands.add_parser("train", help="train the learned reader on data/messages")
    options = parser.parse_args(arguments)
    if options.command == "triage":
        return _triage(options.texts, options.json, options.country)
    if options.command == "ask":
        return _ask(options.text, options.country)
    if options.command == "check":
        return _check()
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
    answer = _nearest_fact(text)
    for message in [*said, *([replies.fact(answer, place)] if answer else [])]:
        print(message.text, end="\n\n")
    return 0


def _nearest_fact(text: str) -> Fact | None:
    """Return the fact whose question is nearest to the words; the bot itself uses Rasa's intents."""
    from baclofen import facts
    from baclofen.encoder import Encoder

    encoder = Encoder.load()
    if encoder is None:
        return None
    known = list(facts.load().values())
    closeness = encoder.embed([fact.question for fact in known]) @ encoder.embed([text])[0]
    best = int(closeness.argmax())
    return known[best] if closeness[best] > 0.5 else None


def _check() -> int:
    from baclofen import dataset

    problems = dataset.check()
    for problem in sorted(problems):
        print(problem)
    print(f"{len(problems)} problem(s)." if problems else "No problem found in data/.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
