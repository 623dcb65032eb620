"""One slip of the finger: a letter lost, doubled, swapped or hit beside, in every word of grave sentences.

``python -m tests.triage.test_rule_typos`` writes the list of the slips that are missed anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from baclofen.spelling import common_words
from tests.triage.reading import GRAVE, level_of

EXCEPTIONS = Path(__file__).with_name("typo_exceptions.txt")
HEAD = "# Slips, typed and meant, after which the English rules alone miss a grave sentence of the data.\n"
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
BESIDE = {key: row[max(0, i - 1) : i] + row[i + 1 : i + 2] for row in KEYBOARD for i, key in enumerate(row)}
SHORTEST = 4  # letters of a word that is tried
SHARE = 0.95  # of the slips after which the sentence is still an emergency


def slips(word: str) -> set[str]:
    """Return what one slip makes of a word, other words left out: nothing can know those for slips."""
    made = set()
    for i, letter in enumerate(word):
        made |= {word[:i] + word[i + 1 :], word[:i] + letter + word[i:]}
        made |= {word[:i] + beside + word[i + 1 :] for beside in BESIDE.get(letter, "")}
        made.add(word[:i] + word[i + 1 : i + 2] + letter + word[i + 2 :])
    return {slip for slip in made if slip != word and slip not in common_words()}


def slipped() -> Iterator[tuple[str, str, str]]:
    """Yield every word, every slip in it, and the sentence with that slip."""
    for sentence in GRAVE:
        words = sentence.split(" ")
        for i, typed in enumerate(words):
            word = typed.strip(".,'")
            if len(word) >= SHORTEST and word.isalpha():
                for slip in sorted(slips(word)):
                    yield word, slip, " ".join([*words[:i], typed.replace(word, slip), *words[i + 1 :]])


def tried() -> list[tuple[str, bool]]:
    """Return every slip, as "typed meant", and whether the sentence is still an emergency."""
    return [(f"{slip} {word}", level_of(text) == "emergency") for word, slip, text in slipped()]


def test_nearly_every_slip_leaves_an_emergency_an_emergency_and_the_others_are_listed() -> None:
    results = tried()
    missed = sorted({slip for slip, found in results if not found})
    assert missed == EXCEPTIONS.read_text("utf-8").splitlines()[1:], "see the head of this file"
    assert sum(found for _, found in results) >= SHARE * len(results)


if __name__ == "__main__":
    EXCEPTIONS.write_text(
        HEAD + "".join(f"{s}\n" for s in sorted({s for s, found in tried() if not found})), "utf-8"
    )
