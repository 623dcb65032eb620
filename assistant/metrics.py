"""Every figure that the bot counts, by name, in one place; ``GET /metrics`` shows them to Prometheus.

A label has its values from a closed list below and anything else counts as ``other``: no text, number or id
can get in. Several processes on one machine share their figures through the folder of
``PROMETHEUS_MULTIPROC_DIR``, which must be empty when the first one starts; each then shows the sum of all.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from datetime import date
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from assistant.conversation import Heard
from baclofen import facts
from baclofen.signs import LEVELS

disable_created_metrics()  # type: ignore[no-untyped-call]

CHANNELS = ("rest", "chat", "sms", "whatsapp", "telegram", "messenger", "slack")
STORES = ("trackers", "locks", "broker", "actions", "duplicates", "journal", "limits")
READERS = ("rules", "learned")
FALLBACK_KINDS = ("unsure", "out_of_scope")
ACTIONS = ("action_answer_question", "action_nearest_questions", "action_small_talk")
STATUSES = ("400", "401", "403", "404", "405", "413", "429", "500", "503")
OTHER = "other"

GRAVE = ("emergency", "crisis")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

MESSAGES = Counter("baclofen_messages_total", "Messages, by the level that was heard.", ["channel", "level"])
RAISED = Counter("baclofen_raised_total", "Messages whose level the intent raised afterwards.", ["level"])
READ = Counter("baclofen_readers_total", "Messages in which a reader found a sign.", ["reader"])
UNREAD = Counter("baclofen_triage_failures_total", "Messages that the readers failed on, answered as grave.")
FIRST = Histogram(
    "baclofen_first_message_seconds",
    "From a message's arrival to the first message of the reply.",
    ["channel", "level"],
    buckets=SECONDS,
)
FALLBACKS = Counter("baclofen_fallbacks_total", "Questions that got no answer of their own.", ["kind"])
ACTION_FAILURES = Counter("baclofen_action_failures_total", "Actions that failed or were silent.", ["action"])
TURN_FAILURES = Counter("baclofen_turn_failures_total", "Turns of Rasa's that broke off.", ["channel"])
FAILOVERS = Counter("baclofen_store_failovers_total", "Times that a store was given up.", ["store"])
STORE_UP = Gauge("baclofen_store_up", "1 while a store answers.", ["store"], multiprocess_mode="livemin")
VENDOR_FAILURES = Counter("baclofen_vendor_failures_total", "Calls to a vendor that failed.", ["channel"])
UNSIGNED = Counter("baclofen_signature_failures_total", "Requests that a vendor had not signed.", ["channel"])
DUPLICATES = Counter("baclofen_duplicates_total", "Messages that came again.", ["channel"])
UNDELIVERABLE = Counter(
    "baclofen_undeliverable_total", "Messages that could not be delivered.", ["channel", "level"]
)
REFUSALS = Counter("baclofen_refusals_total", "Requests on chat paths that were refused.", ["status"])
SHED = Counter("baclofen_shed_total", "Messages answered with the emergency check alone, for lack of time.")
FACTS = Gauge("baclofen_facts", "Curated answers.", multiprocess_mode="livemax")
OVERDUE = Gauge("baclofen_facts_overdue", "Answers past their review date.", multiprocess_mode="livemax")
READY = Gauge("baclofen_ready", "1 while the synthetic emergency is answered.", multiprocess_mode="livemin")
DEGRADED = Gauge("baclofen_degraded", "Parts that are down beside.", multiprocess_mode="livemax")
BUILD = Gauge(
    "baclofen_build_info",
    "Fingerprints of model and data.",
    ["model", "data"],
    multiprocess_mode="livemax",
)

_down: set[str] = set()


def _one_of(value: str, known: Collection[str]) -> str:
    return value if value in known else OTHER


def prepare() -> None:
    """Show every series from the start, at zero: an alert on a rise must see the first one."""
    for channel in CHANNELS:
        for counter in (VENDOR_FAILURES, UNSIGNED, DUPLICATES, TURN_FAILURES):
            counter.labels(channel)
        for level in LEVELS:
            MESSAGES.labels(channel, level)
            UNDELIVERABLE.labels(channel, level)
    for name, counter in (*((s, FAILOVERS) for s in STORES), *((a, ACTION_FAILURES) for a in ACTIONS)):
        counter.labels(name)
    for kind in FALLBACK_KINDS:
        FALLBACKS.labels(kind)
    for reader in READERS:
        READ.labels(reader)
    READY.set(0)


def heard(channel: str, what: Heard) -> None:
    """Count a message, its level and the readers that found a sign in it."""
    MESSAGES.labels(_one_of(channel, CHANNELS), _one_of(what.level, LEVELS)).inc()
    if what.triage is None:
        UNREAD.inc()
        return
    for reader in {sign.reader for sign in what.triage.signs}:
        READ.labels(_one_of(reader, READERS)).inc()


def first_message(channel: str, level: str, seconds: float) -> None:
    """Note how long the first message of a reply took."""
    FIRST.labels(_one_of(channel, CHANNELS), _one_of(level, LEVELS)).observe(seconds)


def raised(level: str) -> None:
    RAISED.labels(_one_of(level, LEVELS)).inc()


def fallback(kind: str) -> None:
    """Count a question that was not understood (``unsure``) or is about something else (``out_of_scope``)."""
    FALLBACKS.labels(_one_of(kind, FALLBACK_KINDS)).inc()


def action_failure(action: str) -> None:
    ACTION_FAILURES.labels(_one_of(action, ACTIONS)).inc()


def turn_failure(channel: str) -> None:
    TURN_FAILURES.labels(_one_of(channel, CHANNELS)).inc()


def store_failover(store: str) -> None:
    """Count that a store of :data:`STORES` is given up; call it once, when it begins to fail."""
    name = _one_of(store, STORES)
    FAILOVERS.labels(name).inc()
    STORE_UP.labels(name).set(0)
    _down.add(name)


def store_back(store: str) -> None:
    """Note that a store answers (again)."""
    name = _one_of(store, STORES)
    STORE_UP.labels(name).set(1)
    _down.discard(name)


def stores_down() -> list[str]:
    """Return the stores of this process that are given up at the moment."""
    return sorted(_down)


def vendor_failure(channel: str) -> None:
    VENDOR_FAILURES.labels(_one_of(channel, CHANNELS)).inc()


def signature_failure(channel: str) -> None:
    UNSIGNED.labels(_one_of(channel, CHANNELS)).inc()


def duplicate(channel: str) -> None:
    DUPLICATES.labels(_one_of(channel, CHANNELS)).inc()


def undeliverable(channel: str, level: str) -> None:
    UNDELIVERABLE.labels(_one_of(channel, CHANNELS), _one_of(level, LEVELS)).inc()


def refusal(status: int) -> None:
    REFUSALS.labels(_one_of(str(status), STATUSES)).inc()


def shed() -> None:
    """Count a message that was answered with the emergency check alone."""
    SHED.inc()


def ready(is_ready: bool, degraded: int) -> None:
    READY.set(is_ready)
    DEGRADED.set(degraded)


def build(model: Path | None, data: Path) -> None:
    """Show which model and which data are served, by the beginnings of their SHA-256."""
    BUILD.labels(fingerprint([model] if model else []), fingerprint(sorted(data.rglob("*.yml")))).set(1)


def fingerprint(files: Collection[Path]) -> str:
    """Return twelve hexadecimal digits that stand for the content of files; ``none`` for no file."""
    if not files:
        return "none"
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def page() -> tuple[bytes, str]:
    """Return what ``GET /metrics`` shows, and its content type."""
    known = facts.load().values()
    FACTS.set(len(known))
    OVERDUE.set(sum(fact.overdue(date.today()) for fact in known))
    registry = REGISTRY
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        _bury(Path(folder))
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return generate_latest(registry), CONTENT_TYPE_LATEST


def _bury(folder: Path) -> None:
    """Leave out the state of processes that have ended; what they counted stays."""
    pids = {file.stem.rpartition("_")[2] for file in folder.glob("gauge_live*_*.db")}
    for pid in (int(name) for name in pids if name.isdecimal()):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid, str(folder))
        except PermissionError:  # it lives, as somebody else
            continue
