"""Figures of the learned reader and of triage on held-out writers, as Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from baclofen.signs import LEVELS as ASCENDING
from baclofen.signs import RANK
from evaluation import tuning
from evaluation.reader import ReaderReport, Summary, WriterScore, exact_bounds
from evaluation.rows import LEVELS
from evaluation.score import Share
from evaluation.tables import confusion_table, percent, table
from evaluation.tuning import Calibration, Drawn, Settings

HOW_TO_READ = """\
Everything here is synthetic: language models wrote and labelled the messages, so the figures compare models \
and settings and are no rates for real people. A writer (file) lies in one of five folds; no model that \
judges a writer has learned from that writer, nor from near repetitions by others. The rules were written by \
hand and are not cross-validated: their authors may have seen such messages. Bounds in brackets are those of \
Clopper and Pearson at 95 %, as if messages were independent; those of one writer are not. *Lost* is an \
emergency taken for none or awareness, a *false red* an awareness or none message taken for an emergency or \
a crisis."""

LOWERED = ("emergencies lowered", "crises", "urgent", "awareness")
SHOWN_ALARMS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def reader_tables(report: ReaderReport) -> str:
    """Return what cross-validation of the learned reader found, and what it means for triage."""
    seen = next(iter(report.everywhere.values())).right.of
    judged = sum(score.right.of for score in report.writers)
    parts = [
        f"The encoder was fine-tuned {report.runs} times more, each time without some writers: together "
        f"{len(report.writers)} writers with {judged} of the {seen} messages. All that names it rests on "
        f"these. {report.left_out} messages came or changed since and are left out.",
        "**The models, alone and together, in English, on writers that none of them has seen**",
        model_table(report.models),
    ]
    if report.others and any(summary.right.of for summary in report.others.values()):
        parts += [
            "**The same, in other languages.** Their writers were held out together, so the models had "
            "learned next to nothing but English; what is shipped has learned from them.",
            model_table(report.others),
        ]
    parts += ["**The same, all writers and languages**", model_table(report.everywhere)]
    parts += [
        "**The reader as shipped, in English: labelled level (rows) and level read (columns)**",
        confusion_table(report.shipped.confusion),
        level_table(report.shipped),
        "**The reader as shipped: each writer, worst first**",
        writer_table(report.writers),
        "**Triage on held-out writers, in English: rules and reader together**",
        triage_table(report.triage),
        "Triage also reads sentences that hold a sign, and windows of long messages. The fine-tuned encoder "
        f"judged {report.parts_judged[0]} of {report.parts_judged[1]} such parts; for the others the frozen "
        "one stands in, which is less sure of itself, so that TALK removes and drops less than it would.",
        *calibration_parts(report.calibration),
        *curve_parts(report),
        "**What it costs to keep the harmless messages harmless**",
        "The best constants for each share of them to keep; the share of right levels falls at most "
        f"{100 * tuning.ALIKE:.0f} point below the best.",
        front_table(report.front),
        "**Constants**",
        settings_table(report.now, report.recommended),
        "Recommended: what loses fewest emergencies (one that is asked back counts half) while "
        f"{percent(report.keep)} of the harmless messages stay so: {percent(tuning.NONE_KEPT)}, or as many "
        "as now where that is out of reach. *Recommended by the other folds* is the honest figure: the "
        "constants are chosen without the fold that they are tried on.",
    ]
    return "\n\n".join(parts)


def front_table(front: Sequence[tuple[Settings, Drawn]]) -> str:
    """Return the best constants for each share of the harmless messages to keep."""
    rows = []
    for settings, drawn in front:
        shares = (drawn.recall(0), drawn.lost, drawn.lost_in_silence, drawn.false_reds, drawn.right)
        cost = " ".join(f"{settings.cost[level]:g}" for level in ASCENDING)
        talk = " ".join(f"{settings.talk[level]:g}" for level in ASCENDING[1:])
        rows.append(
            (*(f"{100 * Share(*share).value:.1f}" for share in shares), cost, talk, f"{settings.doubt:g}")
        )
    head = ("none kept, %", "lost", "… in silence", "false reds", "right")
    return table((*head, "COST, none to emergency", "TALK, awareness to emergency", "DOUBT"), rows)


def with_bounds(share: Share) -> str:
    """Return a share with its exact bounds, in per cent."""
    low, high = exact_bounds(share)
    return f"{100 * share.value:.1f} ({100 * low:.1f}–{100 * high:.1f})" if share.of else "–"


def model_table(models: Mapping[str, Summary]) -> str:
    """Return the models side by side."""
    figures: list[tuple[str, Callable[[Summary], Share]]] = [("right level", lambda s: s.right)]
    figures += [(f"{level}: recall", lambda s, level=level: s.recall(level)) for level in LEVELS]  # type: ignore[misc]
    figures += [("emergencies lost", lambda s: s.lost), ("false reds", lambda s: s.false_alarms)]
    first = next(iter(models.values()))
    rows = [
        (name, share(first).of, *(with_bounds(share(model)) for model in models.values()))
        for name, share in figures
    ]
    return table(("per cent", "messages", *models), rows)


def level_table(summary: Summary) -> str:
    """Return precision and recall of each level."""
    return table(
        ("level", "F1", "precision", "recall", "messages"),
        [
            (s.level, f"{s.f1:.3f}", f"{s.precision:.3f}", f"{s.recall:.3f}", s.messages)
            for s in summary.levels
        ],
    )


def writer_table(writers: Sequence[WriterScore]) -> str:
    """Return how the messages of each writer were read."""
    rows = [
        (
            s.writer,
            s.right.of,
            with_bounds(s.right),
            f"{s.lost.right}/{s.lost.of}",
            with_bounds(s.lost),
            f"{s.false_alarms.right}/{s.false_alarms.of}",
        )
        for s in writers
    ]
    return table(("writer", "messages", "right level, %", "emergencies lost", "%", "false reds"), rows)


def triage_table(triage: Mapping[str, Drawn]) -> str:
    """Return what rules, reader and both together draw."""
    figures: list[tuple[str, Callable[[Drawn], tuple[int, int]]]] = [("right level", lambda d: d.right)]
    for level in reversed(ASCENDING):
        figures.append((f"{level}: recall", lambda d, rank=RANK[level]: d.recall(rank)))  # type: ignore[misc]
    figures += [
        ("emergencies lost", lambda d: d.lost),
        ("… without a question back", lambda d: d.lost_in_silence),
        ("false reds", lambda d: d.false_reds),
        ("harmless, asked back", lambda d: d.asked_back),
    ]
    first = next(iter(triage.values()))
    rows = [
        (name, count(first)[1], *(with_bounds(Share(*count(drawn))) for drawn in triage.values()))
        for name, count in figures
    ]
    return table(("per cent", "messages", *triage), rows)


def calibration_parts(calibration: Calibration) -> list[str]:
    """Return how true the chances of the fine-tuned encoder are."""
    rows = []
    after = {each.low: each for each in calibration.after}
    before = {each.low: each for each in calibration.before}
    for low in sorted({*before, *after}):
        cells: list[object] = [f"{low:.1f} to {low + 1 / tuning.BINS:.1f}"]
        for found in (before.get(low), after.get(low)):
            cells += [found.messages, f"{found.chance:.3f}", f"{found.right:.3f}"] if found else ["–"] * 3
        rows.append(cells)
    errors = [tuning.expected_error(bins) for bins in (calibration.before, calibration.after)]
    return [
        "**Calibration: the chance of the likeliest level, and how often it is right**",
        f"Fine-tuned encoder, before and after its scores are divided by {calibration.temperature:.2f} "
        f"(fitted on these messages). Expected calibration error {errors[0]:.3f} before, {errors[1]:.3f} "
        f"after; together with the n-grams {calibration.mixed_before:.3f} and {calibration.mixed_after:.3f}.",
        table(("chance", "messages", "mean", "right", "messages after", "mean after", "right after"), rows),
    ]


def curve_parts(report: ReaderReport) -> list[str]:
    """Return the three trade-offs."""
    curves = report.alarms.items()
    alarms = []
    for threshold in SHOWN_ALARMS:
        cells = [f"{threshold:.1f}"]
        for _, points in curves:
            point = min(points, key=lambda p: abs(p.threshold - threshold))
            cells.append(f"{100 * point.found:.1f} / {100 * point.false:.1f}")
        alarms.append(cells)
    doubts = [
        (
            f"{p.doubt:.2f}{_mark(p.doubt, report.recommended.doubt)}",
            _count(p.asked),
            _count(p.caught),
            percent(Share(*p.none_kept).value),
        )
        for p in report.doubts
    ]
    talks = [
        (
            p.level,
            f"{p.talk:.2f}{_mark(p.talk, report.recommended.talk[p.level])}",
            _count(p.removed),
            _count(p.dropped),
            p.calmed,
            *(p.lowered[RANK[level]] for level in ("emergency", "crisis", "urgent", "awareness")),
        )
        for p in report.talks
    ]
    return [
        "**Emergency threshold: emergencies found / none and awareness messages taken for one, per cent**",
        table(("chance from", *(name for name, _ in curves)), alarms),
        "**DOUBT: who is asked back**",
        table(
            ("DOUBT", "harmless asked back", "emergencies and crises caught of those passed", "none kept"),
            doubts,
        ),
        "**TALK: signs of the rules that are not counted, and the messages that this changes**",
        "For signs of one level at a time, all others counted. *Removed* are signs above the level of their "
        "message, *dropped* are others.",
        table(("sign", "TALK", "removed", "dropped", "messages calmed", *LOWERED), talks),
    ]


def settings_table(now: Settings, recommended: Settings) -> str:
    """Return the constants as they are and as they had better be."""
    rows: list[tuple[str, str, str]] = [
        (f"COST[{level}]", f"{now.cost[level]:.2f}", f"{recommended.cost[level]:.2f}") for level in ASCENDING
    ]
    for level in ASCENDING[1:]:
        rows.append((f"TALK[{level}]", f"{now.talk[level]:.2f}", f"{recommended.talk[level]:.2f}"))
    for name in ("doubt", "temperature"):
        rows.append((name.upper(), f"{getattr(now, name):.2f}", f"{getattr(recommended, name):.2f}"))
    return table(("constant", "now", "recommended"), rows)


def _count(share: Sequence[int]) -> str:
    return f"{share[0]}/{share[1]} ({percent(Share(share[0], share[1]).value)})"


def _mark(value: float, recommended: float) -> str:
    return " (recommended)" if abs(value - recommended) < 1e-9 else ""
