"""The policy that speaks first: it triages the raw text itself and outranks every other prediction.

It looks at the words and never at the intent to find a sign, because anything in between (a payload, a
model, a slot) may be wrong or missing. Rasa asks for one action at a time, so each call counts what was
done since the message.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_DEACTIVATE_LOOP_NAME, ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from assistant import metrics, review
from assistant import turn as turns
from assistant.turn import ANSWER, NEAREST, NO_ANSWER, Turn

PRIORITY = 1000
"""Above every policy of Rasa's (rules have 4)."""


def steps(turn: Turn) -> tuple[str, ...]:
    """Return the actions that the level of a turn asks for, in order; none at level ``none``."""
    level = turn.heard.level
    answer = (ANSWER,) if turn.asks else ()
    if turn.heard.is_grave:
        words, care = f"utter_{level}", f"utter_{level}_care"
        answer = answer if turn.is_question else ()
        if answer and not turn.heard.first_time and turn.heard.triage and not turn.heard.triage.signs:
            return (words, *answer)  # the care was said before; the question asked now is what helps
        return (words, care, *answer)
    if level == "urgent":
        return ("utter_urgent", *answer)
    if level == "awareness":
        asks_back = turn.heard.triage is not None and turn.heard.triage.clarify
        if not answer and turn.is_question and turn.is_unsure and not asks_back:
            answer = (NEAREST,)
        return (*answer, "utter_awareness")
    return ()


def decides(turn: Turn) -> bool:
    """Say whether the turn is this policy's from beginning to end."""
    return bool(steps(turn)) or NO_ANSWER in turn.done


def _count(turn: Turn, tracker: DialogueStateTracker) -> None:
    """Count what only this policy knows of a message, and have it collected for review."""
    if turn.is_raised:
        metrics.raised(turn.heard.level)
    message = tracker.latest_message
    if message is not None:
        if turn.is_unsure or message.intent_name == "out_of_scope":
            metrics.fallback("unsure" if turn.is_unsure else "out_of_scope")
        ranking = (message.parse_data or {}).get("intent_ranking") or []
        nearest = turns.nearest_intent(message.intent_name, ranking)
        review.note(turn, message.text or "", nearest, tracker.sender_id)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class EscalationPolicy(Policy):
    """Predict the emergency words, the care and the advice; abstain when nothing calls for them."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": PRIORITY}

    @staticmethod
    def supported_data() -> SupportedData:
        return SupportedData.ML_AND_RULE_DATA

    def train(self, training_trackers: list[Any], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing is learned here."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Return the next step with certainty, or nothing at all (see base class)."""
        turn = turns.read(tracker)
        if turn is None:
            return self._prediction(self._default_predictions(domain))
        action = self._next_action(turn, tracker, domain)
        events: list[Event] = []
        if tracker.latest_action_name == ACTION_LISTEN_NAME:  # once a turn, and whoever wins
            events = [SlotSet(name, value) for name, value in turn.changed_slots().items()]
            _count(turn, tracker)
        probabilities = self._default_predictions(domain)
        if action is None:
            return self._prediction(probabilities, events=events)
        probabilities[domain.index_for_action(action)] = 1.0
        # Loops and end-to-end predictions outrank any confidence except that of a "no user" prediction.
        return self._prediction(probabilities, events=events, is_no_user_prediction=True)

    @staticmethod
    def _next_action(turn: Turn, tracker: DialogueStateTracker, domain: Domain) -> str | None:
        last: str = turn.done[-1] if turn.is_silent and turn.done else ""
        if last.startswith("action_") and last in domain.user_actions and NO_ANSWER not in turn.done:
            metrics.action_failure(last)
            return NO_ANSWER  # the action server is down or the action failed
        todo = [step for step in steps(turn) if step not in turn.done]
        if todo:
            return todo[0]
        if not decides(turn):
            return None
        return ACTION_DEACTIVATE_LOOP_NAME if tracker.active_loop_name else ACTION_LISTEN_NAME
