"""A message that does nothing but deny signs is calm, whatever the learned reader makes of its words."""

from __future__ import annotations

import pytest

from baclofen.triage import triage


@pytest.mark.parametrize(
    "text",
    [
        "no seizure no vomiting",
        "no he isn't fitting",
        "no vomiting, no seizure",
        "no trouble breathing",
        "no, no vomiting",
        "no not dizzy",
        "no i can breathe",
    ],
)
def test_nothing_but_denials_is_harmless(text: str) -> None:
    assert triage(text).level == "none"


@pytest.mark.parametrize(
    "text",
    [
        "no seizure but she won't wake up",
        "no he can't breathe",
        "no, not breathing",
        "nope not responding",
        "no no pulse",
        "no won't wake up",
        "not breathing",
        "no vomiting, he swallowed the whole pack",
        "no pulse",
    ],
)
def test_a_denial_beside_a_sign_hides_nothing(text: str) -> None:
    assert triage(text).level == "emergency"
