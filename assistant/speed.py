"""Takes waste out of a turn of Rasa's; each part says what it saves and changes no result.

Measured on an emergency turn and a fact turn, see ``benchmarks``.  Only the launcher's ``serve`` uses this.
"""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import rasa.core.actions.action
import rasa.core.processor
from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from assistant import turn as turns
from assistant.escalation_policy import decides


class DirectGraphRunner(DaskGraphRunner):
    """Runs the nodes of a graph one after the other.

    Dask works the order out anew on every message and every prediction: more than half of a turn.
    """

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Return the outputs of the targets (see base class)."""
        wanted = tuple(targets or self._graph_schema.target_names)
        plans: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = self.__dict__.setdefault(
            "_plans", {}
        )
        if wanted not in plans:
            plans[wanted] = self._plan(wanted)
        outputs: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in plans[wanted]:
            outputs[name] = self._instantiated_nodes[name](*[outputs[need] for need in needs])
        return {name: outputs[name][1] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        nodes = self._graph_schema.nodes
        ordered: dict[str, tuple[str, ...]] = {}

        def add(name: str) -> None:
            if name not in nodes or name in ordered:  # an input, or there already
                return
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                add(need)
            ordered[name] = needs

        for target in targets:
            add(target)
        return list(ordered.items())


_response_validator = Draft7Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Check an action's answer against the schema made once: Rasa checks the schema itself on every call."""
    _response_validator.validate(result)
    return True


_rule_prediction = RulePolicy.predict_action_probabilities


def _predict_by_rule(
    self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, rule_only_data: Any = None, **kwargs: Any
) -> PolicyPrediction:
    """Ask the rules only about the last message, and only when the escalation policy leaves the turn to them.

    Rasa compares every rule with the whole conversation at every step. Ours depend on the last message alone.
    """
    turn = turns.read(tracker)
    if turn is not None and decides(turn):
        return self._prediction(self._default_predictions(domain))
    return _rule_prediction(self, last_turn(tracker), domain, rule_only_data, **kwargs)


_possible_rules = RulePolicy._get_possible_keys


def _get_possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """Compare a conversation with the rules alone that end with its last action and its intent, or with any.

    Rasa compares it with all of them, one for each curated question, twice in every prediction.
    """
    if not states:
        return set(lookup)
    indexes: dict[int, _Index] = self.__dict__.setdefault("_rules_by_end", {})
    if id(lookup) not in indexes:
        index = indexes[id(lookup)] = defaultdict(list)
        for key in lookup:
            index[_end(self._rule_key_to_state(key)[-1])].append(key)
    action, intent = _end(states[-1])
    ends = {(action, intent), (action, None), (None, intent), (None, None)}
    near = {key: lookup[key] for end in ends for key in indexes[id(lookup)].get(end, ())}
    possible: set[str] = _possible_rules(self, near, states)
    return possible


_Index = dict[tuple[Any, Any], list[str]]
"""Keys of rules by the end of their last state."""


def _end(state: State) -> tuple[Any, Any]:
    """Return the last action and the intent of a state; None for what a rule leaves open."""
    if not state.get(PREVIOUS_ACTION):  # of the beginning, where Rasa compares nothing else
        return None, None
    values = (state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT))
    action, intent = (None if not value or value == SHOULD_NOT_BE_SET else value for value in values)
    return action, intent


def last_turn(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Return a tracker that begins with the last message; the same one when a loop is active."""
    if tracker.active_loop_name or tracker.latest_message is None:
        return tracker
    events = list(tracker.events)
    start = next((i for i in range(len(events) - 1, 0, -1) if isinstance(events[i], UserUttered)), 1) - 1
    short = tracker.init_copy()
    for event in events[start:]:
        short.update(event)
    return short


def speed_up() -> None:
    """Put the faster parts in place; call it before a model is loaded."""
    rasa.core.processor.DaskGraphRunner = DirectGraphRunner
    RemoteAction._validate_action_result = _validate_action_result
    RulePolicy.predict_action_probabilities = _predict_by_rule
    RulePolicy._get_possible_keys = _get_possible_keys
    # Rasa copies events and slots deeply for debug lines that are not written.
    rasa.core.processor.copy = SimpleNamespace(deepcopy=lambda value: value)
