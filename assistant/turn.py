"""One turn as the tracker tells it: the user's last message, how it was heard, what has been said since."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant import payloads
from assistant.conversation import Conversation, Heard, gravest, hear, kept_verdict
from assistant.questions import is_question
from baclofen import asked_facts, facts
from baclofen.signs import RANK, highest
from baclofen.triage import Episode, Triage

SLOTS = ("episode", "country", "language")
ANSWER = "action_answer_question"
NEAREST = "action_nearest_questions"
NO_ANSWER = "utter_no_answer"

ASKED_CONFIDENCE = 0.5
"""From here on a question is believed to be about an overdose although the triage found the message calm."""

REPORT_CONFIDENCE = 0.6
"""From here on the intent of a report is believed although the triage found no sign."""


@dataclass(frozen=True)
class Turn:
    """The last user message of a tracker.

    Attributes:
        heard: verdict, country and what is held from now on.
        held_before: the slots as they were before the message.
        asks: the curated facts that the message asks for, none when it asks for none that is known.
        is_question: the wording is that of a question.
        is_unsure: no intent was plain enough.
        done: names of the actions since the message, ``action_listen`` left out.
        is_silent: the last action ran and said nothing.
        is_raised: the intent raised the level, not the triage; the reply then has no machine-readable
            verdict, which is the triage's alone.
    """

    heard: Heard
    held_before: dict[str, Any]
    asks: tuple[str, ...]
    is_question: bool
    is_unsure: bool
    done: tuple[str, ...]
    is_silent: bool
    is_raised: bool

    def changed_slots(self) -> dict[str, Any]:
        """Return the slots that this message changes."""
        after = self.heard.after.to_slots()
        return {name: value for name, value in after.items() if value != self.held_before.get(name)}


def read(tracker: DialogueStateTracker) -> Turn | None:
    """Return the turn, None when the user has said nothing yet."""
    events = list(tracker.events)
    position = next((i for i in range(len(events) - 1, -1, -1) if isinstance(events[i], UserUttered)), None)
    if position is None:
        return None
    message = events[position]
    since = events[position + 1 :]
    done = tuple(
        e.action_name
        for e in since
        if isinstance(e, ActionExecuted) and e.action_name and e.action_name != ACTION_LISTEN_NAME
    )
    heard, held = _hear(message, events, position)
    asks = _asked_facts(message, events[: position + 1])
    raised = _raised(heard.triage, asks, message.intent)
    if raised is not None:
        after = _held_after(raised, message.timestamp)
        heard = replace(heard, triage=raised, after=replace(heard.after, episode=after))
    return Turn(
        heard=heard,
        held_before=held,
        asks=asks,
        is_question=is_question(message.text or "") or payloads.intent_of(message.text or "") is not None,
        is_unsure=message.intent_name == DEFAULT_NLU_FALLBACK_INTENT_NAME,
        done=done,
        # `rasa test` runs no action, so nothing there speaks; its messages have no id.
        is_silent=message.message_id is not None and _is_silent(since),
        is_raised=raised is not None,
    )


def nearest_intent(name: str | None, ranking: Sequence[Mapping[str, Any]]) -> str:
    """Return the intent of a message; of one that was not understood the nearest, as far as there is one."""
    names = [name, *(entry.get("name") for entry in ranking)]
    return next((str(each) for each in names if each and each != DEFAULT_NLU_FALLBACK_INTENT_NAME), "")


def _held_after(raised: Triage, at: float) -> Episode:
    """Return what the conversation holds after the intent has raised the level of a message."""
    if raised.clarify:  # a "yes" to the question that goes back has to be understood
        return replace(raised.episode, asked="unwell", at=at)
    if raised.level == "crisis":  # who asks how to die may go on with "just the number"
        return replace(raised.episode, level="crisis", at=at)
    return raised.episode


def _is_silent(since: Sequence[Event]) -> bool:
    for event in reversed(since):
        if isinstance(event, BotUttered):
            return False
        if isinstance(event, ActionExecuted):
            return True
    return False


_heard: OrderedDict[str, tuple[Heard, dict[str, Any]]] = OrderedDict()
_HEARD = 256


def _hear(message: UserUttered, events: Sequence[Event], position: int) -> tuple[Heard, dict[str, Any]]:
    """Hear a message once: every prediction and every reply of a turn asks again."""
    key = message.message_id
    if key and key in _heard:
        return _heard[key]
    held = _slots_before(events, position)
    before = Conversation.from_slots(held) if held else _heard_before(events, position)
    heard = hear(message.text or "", before, message.metadata, message.timestamp)
    kept = kept_verdict(key)
    if kept:
        verdict = gravest([kept, heard.triage])
        after = replace(heard.after, episode=verdict.episode if verdict else heard.after.episode)
        heard = replace(heard, triage=verdict, after=after)
    if key:
        _heard[key] = heard, held
        while len(_heard) > _HEARD:
            _heard.popitem(last=False)
    return heard, held


def _slots_before(events: Sequence[Event], position: int) -> dict[str, Any]:
    """Return our slots as last set before a message; a restart of the conversation forgets none of them."""
    held: dict[str, Any] = {}
    for event in islice(reversed(events), len(events) - position, None):
        if isinstance(event, SlotSet) and event.key in SLOTS and event.key not in held:
            held[event.key] = event.value
            if len(held) == len(SLOTS):
                break
    return held


def _heard_before(events: Sequence[Event], position: int) -> Conversation:
    """Hear the earlier messages again where no slot was ever set, as in ``rasa test``."""
    conversation = Conversation()
    for event in events[:position]:
        if isinstance(event, UserUttered):
            conversation = hear(event.text or "", conversation, event.metadata, event.timestamp).after
    return conversation


def _asked_facts(message: UserUttered, events: Sequence[Event]) -> tuple[str, ...]:
    try:
        return asked_facts.asked_by(message.parse_data, (event.as_dict() for event in events))
    except Exception:
        return ()


def _raised(verdict: Triage | None, asks: Sequence[str], intent: Mapping[str, Any]) -> Triage | None:
    """Return a graver verdict where the intent calls for one, None where it does not.

    A fact about an overdose carries its level; a report of signs that neither reader saw gets a question
    back.
    """
    if verdict is None:
        return None
    confidence = intent.get("confidence") or 0.0
    if asks:
        level = highest(facts.load()[name].level for name in asks)
        if level == "awareness" and confidence < ASKED_CONFIDENCE:
            return None
        return replace(verdict, level=level) if RANK[level] > RANK[verdict.level] else None
    is_report = intent.get("name") == payloads.REPORT and confidence >= REPORT_CONFIDENCE
    return (
        replace(verdict, level="awareness", clarify=True) if is_report and verdict.level == "none" else None
    )
