"""``python -m benchmarks.triage``: see the package."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from baclofen.paths import ROOT
from baclofen.signs import RANK, Level
from benchmarks import machine
from benchmarks.processes import Finished, ProcessError, finish
from benchmarks.triage import diet, environment, figures, held_out, neighbours, phrases, report, sets, worker
from benchmarks.triage.environment import CACHE, ONE_CORE, EnvironmentFailure
from benchmarks.triage.peers import PEERS, Answer, Job, Peer
from benchmarks.triage.report import Row
from benchmarks.triage.sets import Set, SetError
from evaluation.reader import exact_bounds
from evaluation.score import Share

OWN_SET = ROOT / "tests" / "emergencies"
PICTURE = "missed.svg"
ALARMS = "false_alarms.md"
EPOCHS = 4


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.triage", description=__doc__)
    parser.add_argument("--messages", type=Path, default=OWN_SET, metavar="FOLDER", help="labelled messages")
    parser.add_argument("--public", type=Path, metavar="FOLDER", help="sentences without danger, *.txt")
    parser.add_argument("--held-out", nargs="+", default=list(sets.HELD_OUT), metavar="WRITER")
    parser.add_argument("--ours-held-out", type=Path, metavar="FILE", help="our verdicts on those writers")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of DIET")
    keys = [peer.key for peer in PEERS]
    parser.add_argument("--only", nargs="+", choices=keys, default=keys, metavar="PEER", help=", ".join(keys))
    parser.add_argument("--output", type=Path, help="folder of the results; results/triage if partial")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Measure and write the results; return the exit code."""
    options = arguments(given)
    is_whole = set(options.only) == {peer.key for peer in PEERS}
    output = options.output or ROOT / ("benchmarks/triage" if is_whole else "results/triage")
    try:
        bench = Bench(options)
        found = bench.run()
    except (SetError, ProcessError, EnvironmentFailure) as error:
        print(error, file=sys.stderr)
        return 1
    output.mkdir(parents=True, exist_ok=True)
    (output / "results.md").write_text(report.to_markdown(found, PICTURE), "utf-8")
    if bench.alarms is not None:
        (output / ALARMS).write_text(report.alarms_page(bench.alarms, found.command), "utf-8")
    draw(found.rows, output / PICTURE)
    print((output / "results.md").read_text("utf-8"))
    return 0


@dataclass
class Bench:
    """One run, and what it gathers on its way."""

    options: argparse.Namespace
    left_out: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    trainings: dict[str, Finished] = field(default_factory=dict)
    alarms: list[tuple[Level, str]] | None = None
    """Public sentences that both our readers together raised, the gravest level first."""

    def __post_init__(self) -> None:
        options = self.options
        held = sets.held_out(options.held_out)
        is_own = options.messages.resolve() == OWN_SET
        self.sets = [
            held,
            sets.labelled(options.messages, "tests/emergencies" if is_own else "other labelled messages"),
        ]
        if options.public:
            self.sets.append(sets.public(options.public))
        else:
            self.left_out.append("public sentences: give --public FOLDER")
        self.training = {
            "held_out": sets.training(options.held_out, held.texts),
            "all": sets.training(),
        }
        self.phrases = phrases.read()
        self.python = environment.python()

    def run(self) -> report.Run:
        """Measure all peers.

        Raises:
            ProcessError: a peer failed.
            EnvironmentFailure: the published encoder cannot be written.
        """
        away = [peer.title for peer in PEERS if peer.key not in self.options.only]
        if away:
            self.left_out.append(f"{', '.join(away)}: not among --only")
        rows = [row for peer in PEERS if peer.key in self.options.only for row in self.rows_of(peer)]
        places = {each.key: place for place, each in enumerate(self.sets)}
        rows.sort(key=lambda row: places[row.set.key])  # stable: the peers stay in their order
        return report.Run(
            command=command(self.options),
            date=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
            machine=machine.describe(),
            rows=rows,
            left_out=self.left_out,
            versions=self.versions,
            trained_on=(len(self.training["held_out"]), len(self.training["all"])),
            nearest=neighbours.NEAREST,
            epochs=self.options.epochs,
            diet=training_words(self.trainings),
            rounds=worker.ROUNDS,
        )

    def rows_of(self, peer: Peer) -> Iterator[Row]:
        """Yield the rows of a peer, which runs once, or twice where what it may have learned differs."""
        held, others = self.sets[0], self.sets[1:]
        if peer.learns:
            yield from self.measured(peer, [held], "held_out")
            yield from self.measured(peer, others, "all")
        elif peer.key in held_out.READERS:
            try:
                given = held_out.ours_held_out(held.texts, peer.key, self.options.ours_held_out)
                yield Row(held, peer, figures.score(held.messages, given))
            except held_out.NoVerdicts as error:
                self.left_out.append(f"{peer.title} on held-out writers: {error}")
            yield from self.measured(peer, others)
        else:
            yield from self.measured(peer, self.sets)

    def measured(self, peer: Peer, on: Sequence[Set], trained_on: str = "") -> Iterator[Row]:
        """Run a peer on some sets and yield its rows."""
        print(f"{peer.title}: {', '.join(each.key for each in on)} …", flush=True)
        answer = self.ask(peer, self.job(peer, on, trained_on))
        self.versions |= answer.versions
        for each in on:
            found = figures.score(each.messages, answer.levels[each.key])
            if (peer.key, each.key) == ("both", "public"):
                raised = zip(answer.levels[each.key], each.texts, strict=True)
                graver = sorted(
                    ((got, said) for got, said in raised if got != "none"), key=lambda a: -RANK[a[0]]
                )
                self.alarms = graver
            yield Row(each, peer, found, answer.per_second[each.key], answer.memory_mib)

    def job(self, peer: Peer, on: Sequence[Set], trained_on: str) -> Job:
        """Return what a peer has to do; what it needs for it is made first."""
        texts = {each.key: each.texts for each in on}
        if peer.key == "diet":
            training = self.training[trained_on]
            folder, took = diet.trained(training, self.options.epochs, CACHE, ONE_CORE)
            self.trainings[trained_on] = took
            return Job(peer.key, texts, folder=str(folder))
        if peer.learns:
            folder = environment.published_encoder(self.python)
            return Job(peer.key, texts, training=self.training[trained_on], folder=str(folder))
        if peer.is_ours:
            return Job(peer.key, texts)
        return Job(peer.key, texts, self.phrases.levels, self.phrases.context)

    def ask(self, peer: Peer, job: Job) -> Answer:
        """Run a peer's process to its end."""
        with tempfile.TemporaryDirectory(prefix="baclofen-triage-") as name:
            scratch = Path(name)
            asked, answered = scratch / "job.json", scratch / "answer.json"
            asked.write_text(job.dumps(), "utf-8")
            python = str(self.python) if peer.home == "peers" else sys.executable
            call = [python, "-m", "benchmarks.triage.worker", str(asked), str(answered)]
            env = dict(ONE_CORE)
            if peer.key == "rules":
                env["BACLOFEN_MODELS"] = str(scratch)  # no models there
            finish(call, ROOT, scratch / "log", env)
            return Answer.loads(answered.read_text("utf-8"))


def command(options: argparse.Namespace) -> str:
    """Return the command of a run, without the places of one machine."""
    words = ["python -m benchmarks.triage"]
    if options.messages.resolve() != OWN_SET:
        words.append("--messages FOLDER")
    words += ["--public FOLDER"] if options.public else []
    if tuple(options.held_out) != sets.HELD_OUT:
        words.append(f"--held-out {' '.join(options.held_out)}")
    words += ["--ours-held-out FILE"] if options.ours_held_out else []
    if options.epochs != EPOCHS:
        words.append(f"--epochs {options.epochs}")
    if len(options.only) < len(PEERS):
        words.append(f"--only {' '.join(options.only)}")
    return " ".join(words)


def training_words(trainings: Mapping[str, Finished]) -> str:
    """Say what training DIET took."""
    if not trainings:
        return ""
    minutes = " and ".join(f"{took.processor_s / 60:.0f}" for took in trainings.values())
    peak = max(took.peak_mib for took in trainings.values())
    return f"Training took {minutes} minutes of processor time on one core and {peak:.0f} MiB at most."


def points(rows: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
    """Return what is drawn, see ``draw``: the sets that have emergencies."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        seen, alarms = row.score.found["emergency"], row.score.alarms
        if seen.of and alarms.of:
            missed = Share(seen.of - seen.right, seen.of)
            point: dict[str, Any] = {"name": row.peer.title, "ours": row.peer.is_ours}
            for name, share in (("missed", missed), ("alarms", alarms)):
                point[name] = [share.value, *exact_bounds(share)]
            found.setdefault(row.set.key.replace("_", "-"), []).append(point)
    return found


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw the picture in the peers' environment."""
    with tempfile.TemporaryDirectory(prefix="baclofen-triage-") as name:
        file = Path(name) / "points.json"
        file.write_text(json.dumps(points(rows)), "utf-8")
        call = [str(environment.python()), "-m", "benchmarks.triage.draw", str(file), str(path.resolve())]
        finish(call, ROOT, Path(name) / "log")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
