"""Other medicines, drugs and drinks by the names that people use (``data/medicines.yml``).

What is said about a name is what is known of its group; a name that is not in the list is never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from baclofen import dataset, facts, lexicon
from baclofen.dataset import Problem, problem_at
from baclofen.paths import DATA
from baclofen.spelling import Speller, common_words
from baclofen.text import fold

LONGEST = 2000
"""Characters that are looked at."""

WORDS_OF_A_NAME = 4

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


@dataclass(frozen=True)
class Medicine:
    """A name in a message.

    Attributes:
        name: as listed.
        group: key of its group.
        title: the group in plain words.
        fact: id of the fact that says what the group does beside baclofen.
    """

    name: str
    group: str
    title: str
    fact: str

    def to_dict(self) -> dict[str, str]:
        return {"name": self.name, "group": self.group, "title": self.title}


class Names:
    """The list, ready to be looked up.

    Args:
        groups: as in ``data/medicines.yml``, the gravest first.
        asks: patterns of the wordings that ask for two things together, by how plainly.
    """

    def __init__(self, groups: Sequence[Mapping[str, Any]], asks: Mapping[str, Sequence[str]]) -> None:
        self._asks = {name: re.compile("|".join(patterns)) for name, patterns in asks.items()}
        self.facts = frozenset(group["fact"] for group in groups)
        self._names: dict[str, Medicine] = {}
        self._order = {group["key"]: place for place, group in enumerate(groups)}
        for group in groups:
            for name in (*group["names"], *group.get("slang", ())):
                entry = Medicine(name, group["key"], group["title"], group["fact"])
                self._names.setdefault(_plain(name), entry)
        single = {name for name in self._names if name.isalpha() and len(name) > 5}
        self._speller = Speller(single, never=lexicon.load().words["medicine"], slips={})
        self._endings = [(end, group) for group in groups for end in group.get("endings", ())]

    def mentioned(self, text: str) -> tuple[Medicine, ...]:
        """Return the medicines that a message names, each once, the gravest group first."""
        words = _WORD.findall(fold(text[:LONGEST])[0])
        found: dict[str, Medicine] = {}
        place = 0
        while place < len(words):
            entry, length = self._at(words, place)
            if entry:
                found.setdefault(entry.name, entry)
            place += length
        return tuple(sorted(found.values(), key=lambda m: self._order[m.group]))

    def _at(self, words: Sequence[str], place: int) -> tuple[Medicine | None, int]:
        for length in range(min(WORDS_OF_A_NAME, len(words) - place), 0, -1):
            entry = self._names.get(" ".join(words[place : place + length]))
            if entry:
                return entry, length
        word = words[place]
        meant = self._names.get(self._speller.correct(word)) or self._names.get(word.removesuffix("s"))
        return meant or self._by_ending(word), 1

    def _by_ending(self, word: str) -> Medicine | None:
        """Return the group that the stem of a generic name tells, as in "-pril"; a common word has none."""
        if len(word) < 8 or word in common_words():
            return None
        group = next((group for end, group in self._endings if word.endswith(end)), None)
        return Medicine(word, group["key"], group["title"], group["fact"]) if group else None

    def unknown(self, text: str) -> bool:
        """Say whether a message asks about baclofen beside something neither listed nor a common word."""
        match = self._asks["beside"].search(fold(text[:LONGEST])[0])
        word = next((word for word in match.groups() if word), "") if match else ""
        return bool(word) and word not in common_words() and not self.mentioned(word)

    def asks_to_mix(self, text: str, plainly: bool = False) -> bool:
        """Say whether the wording may be that of taking things together, or plainly is."""
        return bool(self._asks["plainly" if plainly else "maybe"].search(fold(text[:LONGEST])[0]))


def _plain(name: str) -> str:
    return " ".join(_WORD.findall(fold(name)[0]))


@lru_cache(maxsize=4)
def load(root: Path = DATA) -> Names:
    """Return the list.

    Raises:
        DataError: the file is missing or breaks its schema.
    """
    data = dataset.load_yaml(root / "medicines.yml", "medicines")
    return Names(data["groups"], data["asks"])


@dataset.check_for("medicines.yml")
def check_medicines(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """Yield every name that stands in two groups and every group whose fact does not exist."""
    try:
        known = frozenset(facts.load(root))
    except dataset.DataError:  # told where it is
        return
    for path, data in files.items():
        seen: dict[str, str] = {}
        for number, group in enumerate(data["groups"]):
            here = ("groups", number)
            if group["fact"] not in known:
                yield problem_at(
                    path, (*here, "fact"), f"no fact '{group['fact']}' in data/facts; correct the id"
                )
            for field in ("names", "slang"):
                for place, name in enumerate(group.get(field, ())):
                    if seen.setdefault(_plain(name), group["key"]) != group["key"]:
                        other = seen[_plain(name)]
                        yield problem_at(
                            path, (*here, field, place), f"'{name}' stands in {other} too; keep one"
                        )
