"""Figures as Markdown tables that read well in a terminal too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluation import score
from evaluation.bot import Scored
from evaluation.intents import KEPT, IntentReport, Outside
from evaluation.rows import LEVELS
from evaluation.score import Share, Verdict

MOST_TAGS = 40


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table with even columns; figures stand on the right."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(3, *(len(row[column]) for row in cells)) for column in range(len(head))]
    right = [
        bool(rows) and all(row[column][:1].isdigit() for row in cells[1:]) for column in range(len(head))
    ]
    lines = [
        "| "
        + " | ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True))
        + " |"
        for row in cells
    ]
    rule = "|".join("-" * (w + 1) + (":" if r else "-") for w, r in zip(widths, right, strict=True))
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])


def share_cells(share: Share) -> tuple[str, str, str]:
    """Return count, per cent and Wilson interval."""
    low, high = share.interval
    return f"{share.right}/{share.of}", percent(share.value), f"{100 * low:.1f} to {100 * high:.1f}"


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def bot_tables(scored: Scored) -> str:
    """Return everything that the bot's replies were scored on."""
    parts = [table(("what", "right", "share", "95 % interval"), _summary(scored))]
    messages = scored.of_messages
    if messages:
        parts += [
            "**Labelled level (rows) and machine-readable level of the reply (columns)**",
            confusion_table(score.confusion(messages)),
        ]
        if len(scored.messages) > 1:
            parts += ["**By file**", _files(scored)]
        parts += ["**By tag, where something was missed**", _tags(messages)]
    found = score.latency(verdict.reply.seconds for verdict in scored.all)
    times = (f"{found.p50:.3f}", f"{found.p95:.3f}", f"{found.longest:.3f}", found.replies)
    parts += [
        "**Seconds to the whole reply, four messages in flight**",
        table(("p50", "p95", "max", "replies"), [times]),
    ]
    return "\n\n".join(parts)


def _summary(scored: Scored) -> list[tuple[str, ...]]:
    messages = scored.of_messages
    shares: list[tuple[str, Share]] = []
    for level in LEVELS:
        shares.append((level, score.share((v for v in messages if v.row.level == level), lambda v: v.helped)))
    shares.append(("exact", score.share(messages, lambda v: v.exact)))
    nobody_ill = [v for v in messages if v.row.level in ("awareness", "none")]
    shares.append(("calm", score.share(nobody_ill, lambda v: v.calm)))
    for source in sorted({v.row.source for v in scored.facts}):
        of_source = (v for v in scored.facts if v.row.source == source)
        shares.append((f"facts: {source}", score.share(of_source, lambda v: v.complete)))
    shares.append(("facts: nothing forbidden said", score.share(scored.facts, lambda v: not v.forbidden)))
    shares.append(("facts: level", score.share(scored.facts, lambda v: v.helped)))
    shares.append(("conversation turns", score.share(scored.of_turns, score.turn_right)))
    shares.append(("whole conversations", whole_conversations(scored)))
    shares.append(("answered at all", score.share(scored.all, lambda v: v.answered)))
    return [(name, *share_cells(share)) for name, share in shares if share.of]


def whole_conversations(scored: Scored) -> Share:
    """Count the conversations whose turns are all right."""
    marks = [all(map(score.turn_right, turns)) for turns in scored.conversations.values()]
    return Share(sum(marks), len(marks))


def confusion_table(counts: Mapping[tuple[str, str], int]) -> str:
    """Return counts of (labelled, got) as a square, labelled levels down the side."""
    columns = [*LEVELS, *sorted({got for _, got in counts} - set(LEVELS))]
    rows = [(wanted, *(counts.get((wanted, got), 0) for got in columns)) for wanted in LEVELS]
    return table(("", *columns), [row for row in rows if any(row[1:])])


def _files(scored: Scored) -> str:
    rows = []
    for name, verdicts in scored.messages.items():
        helped, exact = score.share(verdicts, lambda v: v.helped), score.share(verdicts, lambda v: v.exact)
        rows.append((name, helped.of, percent(helped.value), percent(exact.value)))
    return table(("file", "messages", "helped", "exact"), rows)


def _tags(verdicts: Sequence[Verdict]) -> str:
    missed = [
        (s.tag, s.helped.of, s.helped.of - s.helped.right, s.exact.of - s.exact.right)
        for s in score.by_tag(verdicts)
        if s.helped.right < s.helped.of or s.exact.right < s.exact.of
    ]
    return table(("tag", "messages", "not helped", "other level"), missed[:MOST_TAGS])


def intent_tables(report: IntentReport) -> str:
    """Return what cross-validation of the intents found."""
    figures = [
        ("accuracy", f"{report.accuracy:.3f}"),
        ("macro F1", f"{report.macro_f1:.3f}"),
        ("intents", len(report.intents)),
        ("example messages", report.examples),
    ]
    confused = [(right, wrong, count) for right, wrong, count in report.confused]
    curve = [
        (
            f"{point.threshold:.2f}" + (" (now)" if point.threshold == report.fallback.threshold else ""),
            percent(point.kept),
            percent(point.kept_right),
            percent(point.stopped),
        )
        for point in report.curve
        if round(100 * point.threshold) % 5 == 0
    ]
    scores = [
        (s.intent, f"{s.f1:.3f}", f"{s.precision:.3f}", f"{s.recall:.3f}", s.examples) for s in report.intents
    ]
    return "\n\n".join(
        [
            table(("figure", "value"), figures),
            f"**The {len(confused)} most confused pairs**",
            table(("meant", "taken for", "messages"), confused),
            "**Fallback threshold**",
            table(
                ("threshold", "in scope: answered", "in scope: right answer", "out of scope: stopped"), curve
            ),
            "**Each intent, worst first**",
            table(("intent", "F1", "precision", "recall", "messages"), scores),
        ]
    )


def outside_words(found: Outside) -> str:
    """Say how many sentences from outside get no curated answer."""
    often = ", ".join(f"{name} {count}" for name, count in found.answered)
    return (
        f"Outside: {found.refused:.1%} of {found.sentences} sentences get no curated answer at threshold "
        f"{found.threshold:.2f}, which keeps {KEPT:.0%} of the in-scope examples. "
        f"Answered most: {often or 'none'}."
    )
