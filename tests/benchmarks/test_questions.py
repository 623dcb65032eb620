"""The messages that are sent, and the default bot's project."""

from __future__ import annotations

import itertools

import pytest

from baclofen import facts
from baclofen.paths import DATA
from benchmarks import default_bot, questions
from benchmarks.questions import Example


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return questions.read(DATA / "nlu")


def test_every_emergency_is_in_the_training_data_of_both(examples: list[Example]) -> None:
    reports = {example.text for example in examples if example.intent == questions.REPORT}
    assert set(questions.EMERGENCIES) <= reports


def test_facts_are_asked_for_only_where_they_are_calm() -> None:
    known = [Example("storage", "where do i keep it"), Example("lethal_dose", "how much kills")]
    assert questions.messages("fact", known, frozenset({"storage"})) == ("where do i keep it",)


@pytest.mark.parametrize("kind", questions.KINDS)
def test_a_kind_has_many_different_messages_but_not_too_many(kind: str, examples: list[Example]) -> None:
    calm = frozenset(fact.id for fact in facts.load().values() if fact.level == "none")
    texts = questions.messages(kind, examples, calm)
    assert 20 <= len(texts) <= questions.MOST


def test_no_text_is_sent_twice() -> None:
    texts = list(itertools.islice(questions.endless(["a", "b"], itertools.count()), 5000))
    assert len(set(texts)) == 5000


def test_a_text_stays_the_same_but_for_the_marks_at_its_end() -> None:
    texts = itertools.islice(questions.endless(["a b"], itertools.count()), 500)
    assert {text.rstrip(questions.MARKS) for text in texts} == {"a b"}


def test_the_default_bot_has_a_rule_for_every_intent(examples: list[Example]) -> None:
    intents = {example.intent for example in examples}
    ruled = {rule["rule"] for rule in default_bot.rules(sorted(intents))["rules"]}
    assert ruled == intents | {"nlu_fallback"}


def test_the_default_bot_knows_every_action_of_its_rules_and_nothing_else(examples: list[Example]) -> None:
    intents = sorted({example.intent for example in examples})
    domain = default_bot.domain(intents, default_bot.words())
    known = {*domain["responses"], *domain["actions"]}
    used = {action for intent in (*intents, "nlu_fallback") for action in default_bot.actions_for(intent)}
    assert used == known


def test_an_emergency_is_a_response_first_and_a_custom_action_after_it() -> None:
    assert default_bot.actions_for("report_signs") == ["utter_emergency", "action_emergency_details"]


def test_a_fact_is_a_custom_action_alone() -> None:
    assert default_bot.actions_for("storage") == ["action_answer_fact"]


def test_the_default_bot_has_words_for_every_intent(examples: list[Example]) -> None:
    said = default_bot.words()
    silent = {e.intent for e in examples if e.intent != questions.REPORT and not said.get(e.intent)}
    assert silent == set()


def test_the_cache_key_changes_with_the_epochs() -> None:
    assert default_bot.key(5) != default_bot.key(100)


def test_the_cache_key_stays_when_nothing_changes() -> None:
    assert default_bot.key(100) == default_bot.key(100)
