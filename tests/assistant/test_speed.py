"""What is done faster comes to the same."""

from __future__ import annotations

import itertools
import json

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import SHOULD_NOT_BE_SET

from assistant import speed

ACTIONS = (None, "action_listen", "action_answer_question", "utter_emergency")
INTENTS = (None, "what_is", "max_dose", SHOULD_NOT_BE_SET)
SLOTS = ({}, {"country": (1.0,)})

_State = dict[str, dict[str, object]]


def _states() -> list[_State]:
    states = []
    for action, intent, slots in itertools.product(ACTIONS, INTENTS, SLOTS):
        state: _State = {}
        if action:
            state["prev_action"] = {"action_name": action}
        if intent:
            state["user"] = {"intent": intent}
        if slots:
            state["slots"] = dict(slots)
        states.append(state)
    return states


def test_a_conversation_fits_the_same_rules_as_when_it_is_compared_with_all_of_them() -> None:
    states = _states()
    rules = [[last] for last in states] + [[first, last] for first in states[::3] for last in states[::2]]
    lookup = {json.dumps(rule): "action_listen" for rule in rules}
    policy = object.__new__(RulePolicy)
    fitting = 0
    for conversation in [[last] for last in states] + [[a, b] for a in states[::4] for b in states[::3]]:
        expected = speed._possible_rules(policy, lookup, conversation)
        assert speed._get_possible_keys(policy, lookup, conversation) == expected
        fitting += len(expected)
    assert 0 < fitting < len(lookup) * len(states)
    assert speed._get_possible_keys(policy, lookup, []) == set(lookup)
