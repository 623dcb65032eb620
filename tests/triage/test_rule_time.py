"""The time that the rules take grows with the length of a message, not faster, whatever somebody types.

Only ratios are compared: a slow machine is slow at every length.
"""

from __future__ import annotations

import time

import pytest

from tests.triage.reading import PAIRS, level_of

LENGTHS = (5_000, 20_000)
AT_MOST = 3.0
"""Times the growth of the length: growth with its square, sixteenfold, would be four times."""
ROUNDS = 3
NASTY = [
    "a ",
    "a.",
    "he ",
    "not ",
    "no ",
    "1 ",
    "?",
    "((",
    "\n",
    "e",
    "no breathing ",
    "he is not breathing ",
    "he is not breathing. ",
    "no seizure or ",
    "seizure ",
    "seizure, no ",
    "dizzy, ",
    "took ",
    "took 20 baclofen ",
    "the dog ate it and he took 3 tablets ",
    "hes 3 and he ate it ",
    "pulse ",
    "pulse 40 ",
    "breathing every ",
    "what if he ",
    "when i was ",
    "i want to die ",
    "how many of these would it take to ",
    "full stop ",
    "b r e a t h ",
    "brething unconshus ",
    "x" * 40 + " ",
    "my laptop, my phone, my boiler ",
]
"""What is repeated: signs, halves of phrases and patterns, marks, letters."""


def seconds(text: str) -> float:
    """Return the processor time that a text takes."""
    start = time.process_time()
    level_of(text)
    return time.process_time() - start


def grows_no_faster(short: str, long: str) -> bool:
    """Whether a long text takes no more of a short one's time than its length allows, once in some rounds."""
    floor = 1e-3  # the clock tells no less apart
    allowed = AT_MOST * (len(long) / len(short)) * max(min(seconds(short) for _ in range(ROUNDS)), floor)
    return any(seconds(long) <= allowed for _ in range(ROUNDS))


@pytest.mark.parametrize("piece", NASTY)
def test_time_grows_no_faster_than_the_message(piece: str) -> None:
    short, long = ((piece * length)[:length] for length in LENGTHS)
    assert grows_no_faster(short, long)


def test_time_grows_no_faster_than_a_long_letter() -> None:
    letter = " ".join(pair.report + ". " + pair.calm + "." for pair in PAIRS)
    short, long = (letter * (length // len(letter) + 1) for length in LENGTHS)
    assert grows_no_faster(short, long)
