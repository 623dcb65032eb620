"""Writes ``results.md``: one table of all peers and sets, and what is needed to make it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from baclofen.signs import LEVELS, Level
from benchmarks.report import number, table
from benchmarks.triage.figures import Score
from benchmarks.triage.peers import Peer
from benchmarks.triage.sets import Set
from evaluation.reader import exact_bounds
from evaluation.score import Share

HEAD = (
    "messages",
    "peer",
    "emergencies found, % (95 %)",
    "crises",
    "urgent",
    "awareness",
    "exact level",
    "false alarms",
    "raised",
    "msg/s",
    "MiB",
)

LEGEND = """All but the last two columns are per cent. *found*, and the three columns beside it: messages of
that level that got it or a graver one; the bounds are Clopper and Pearson's. *exact level*: messages of all
levels that got their own. *false alarms*: messages without danger (none, awareness) that were taken for an
emergency or a crisis. *raised*: messages of the level none that got any other. *msg/s*: messages for each
second of processor time on one core, one at a time, the median of {rounds} rounds over different messages.
*MiB*: resident memory of the whole process, after the last message. A dash: not measured, or nothing to
count.

Every message is synthetic but the public sentences, and one family of language models wrote and labelled
them, ours to learn from among them. So no figure is a rate for real people, and what learned from such
messages (the neighbours, DIET, our learned reader) has an advantage on them over what did not."""

PEERS_TEXT = """- **keyword list**: the gravest phrase of [phrases.yml](phrases.yml) in the message decides.
  Written in an afternoon, and added to after one look at some dozens of messages that it missed, a few of
  them held-out ones: to its favour.
- **negspacy**: the same phrases through spaCy's entity ruler; NegEx drops the denied ones.
- **medspaCy ConText**: the same phrases as target rules; denied ones are dropped, asked, supposed and past
  ones become awareness (a crisis stays one). Both got the apostrophe-less negations, and ConText the
  questions, that the same file adds to their own lists.
- **MiniLM neighbours**: {nearest} nearest labelled messages vote. The published all-MiniLM-L6-v2 with 8-bit
  weights, not the one that this project fine-tuned, which has learned from the held-out writers too.
- **Rasa DIET**: the pipeline of `rasa init` with the five levels as intents, {epochs} epochs. {diet}
- **ours**: `baclofen.triage`, the first message of a conversation. *rules alone*: the same without models.
  *learned alone*: the learned reader's level. *calmer*: the whole, but emergency and crisis must be twice as
  likely as another level for the learned reader to ask for them; chosen on the held-out writers, so as to
  compare at fewer false alarms than the trained peers raise. It is not shipped: a missed emergency is worse.
  On held-out writers the last three are read by models that have not learned from them (`--ours-held-out`).

The trained peers learn from what our learned reader learns from (`data/messages` and the questions of
`data/nlu`): {held_out} rows without the held-out writers, for the first set; all {all} rows for the others,
as ours does."""


@dataclass(frozen=True)
class Row:
    """One line of the table: a peer on a set.

    Attributes:
        speed, memory: None where the verdicts were read from a file.
    """

    set: Set
    peer: Peer
    score: Score
    speed: float | None = None
    memory: float | None = None


@dataclass(frozen=True)
class Run:
    """Everything about one run.

    Attributes:
        rows: in the order of the table.
        left_out: what is missing and why.
        versions: of packages, by name.
        trained_on: rows of training, without the held-out writers and with them.
        diet: what training DIET took, in words.
    """

    command: str
    date: str
    machine: Mapping[str, str]
    rows: Sequence[Row]
    left_out: Sequence[str]
    versions: Mapping[str, str]
    trained_on: tuple[int, int]
    nearest: int
    epochs: int
    diet: str
    rounds: int

    @property
    def sets(self) -> list[Set]:
        return list({row.set.key: row.set for row in self.rows}.values())


def percent(share: Share) -> str:
    """Return a share in per cent, a dash when nothing was counted; small shares keep two digits."""
    if not share.of:
        return "–"
    value = share.value * 100
    return f"{value:.1f}" if value >= 1 or not value else f"{value:.2g}"


def bounded(share: Share) -> str:
    """Return a share with its bounds."""
    if not share.of:
        return "–"
    low, high = exact_bounds(share)
    return f"{percent(share)} ({low * 100:.1f}–{high * 100:.1f})"


def results(rows: Sequence[Row]) -> str:
    """Return the table."""
    lines = []
    for row in rows:
        found = row.score.found
        lines.append(
            [
                row.set.key.replace("_", "-"),
                row.peer.title,
                bounded(found["emergency"]),
                *(percent(found[level]) for level in ("crisis", "urgent", "awareness")),
                percent(row.score.exact),
                percent(row.score.alarms),
                percent(row.score.raised),
                number(row.speed),
                number(row.memory),
            ]
        )
    return table(HEAD, lines)


def to_markdown(run: Run, picture: str) -> str:
    """Return ``results.md``."""
    packages = ", ".join(f"{name} {number_}" for name, number_ in sorted(run.versions.items()))
    peers = PEERS_TEXT.format(
        nearest=run.nearest,
        epochs=run.epochs,
        diet=run.diet,
        held_out=run.trained_on[0],
        all=run.trained_on[1],
    )
    machine = "\n".join(f"- {name}: {value}" for name, value in run.machine.items() if name != "packages")
    parts = [
        "# Triage beside its peers",
        f"`{run.command}` on {run.date}",
        f"{machine}\n- packages: {packages}",
        results(run.rows),
        LEGEND.format(rounds=run.rounds),
        f"![Missed emergencies against false alarms]({picture})" if picture else "",
        "\n".join(f"> Left out: {reason}." for reason in run.left_out),
        "## The peers",
        peers,
        "## The messages",
        "\n".join(_set_line(each) for each in run.sets),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _set_line(found: Set) -> str:
    harm = sum(message.level == "emergency" for message in found.messages)
    return (
        f"- **{found.key.replace('_', '-')}**: {found.title}, {len(found.messages)} messages, "
        f"{harm} of them emergencies (hash {found.digest})"
    )


def alarms_page(alarms: Sequence[tuple[Level, str]], command: str) -> str:
    """Return the page that lists every public sentence which both readers together raised.

    Args:
        alarms: level and sentence, in the order to list them.
        command: that of the run.
    """
    counts = Counter(level for level, _ in alarms)
    told = ", ".join(f"{level} {counts[level]}" for level in reversed(LEVELS) if counts[level])
    lines = [
        "# Every false alarm on the public sentences",
        "",
        f"`{command}`.",
        f"{len(alarms)} sentences of people in no danger got a level: {told or 'none'}.",
        "",
        "They are sentences of CLINC150 (Larson et al. 2019, CC BY 3.0) and BANKING77 (Casanueva et al.",
        "2020, CC BY 4.0), as published.",
        "",
        "| level | sentence |",
        "|---|---|",
        *(f"| {level} | {said.replace('|', '/')} |" for level, said in alarms),
    ]
    return "\n".join(lines) + "\n"
