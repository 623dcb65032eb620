"""What the tests of conversations share: a conversation is written as it goes, a level before each message.

``emergency`` stands for exactly that level, ``urgent+`` for that level or a graver one.
"""

from __future__ import annotations

from assistant import wire
from assistant.conversation import Conversation, Heard, hear
from baclofen.signs import RANK
from baclofen.triage import Triage

NOW = 1_800_000_000.0
MINUTE = 60.0


def talk(*texts: str, **metadata: str) -> list[Heard]:
    """Return what each of the messages of a conversation means, a minute between them."""
    conversation, result = Conversation(), []
    for number, text in enumerate(texts):
        heard = hear(text, conversation, metadata or {"country": "US"}, NOW + number * MINUTE)
        result.append(heard)
        conversation = heard.after
    return result


def verdicts(*texts: str, **metadata: str) -> list[Triage]:
    """Return the verdict on each of the messages."""
    found = [heard.triage for heard in talk(*texts, **metadata)]
    assert all(found)
    return [verdict for verdict in found if verdict]


def replies(*texts: str, **metadata: str) -> list[list[str]]:
    """Return what the level makes the bot say to each of the messages."""
    return [
        [wire.reply(action, heard).text or "" for action in wire.spoken_actions(heard.level)]
        for heard in talk(*texts, **metadata)
    ]


def check(conversation: str) -> None:
    """Compare each level with the one that stands before the message."""
    turns = [line.split(maxsplit=1) for line in conversation.strip().splitlines()]
    for (wanted, text), verdict in zip(turns, verdicts(*(text for _, text in turns)), strict=True):
        level = wanted.rstrip("+")
        right = RANK[verdict.level] >= RANK[level] if wanted.endswith("+") else verdict.level == level
        assert right, f"{text!r} is {verdict.level}, not {wanted}"
