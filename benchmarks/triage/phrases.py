"""The sign phrases of ``phrases.yml``, which the peers without training share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("phrases.yml")
_GROUP = re.compile(r"\(([^()]*)\)")
_NAME = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Phrases:
    """Phrases without alternatives, in lower case.

    Attributes:
        levels: by the level that each asks for.
        context: by what they say of the phrase beside them: denied, asked, past.
    """

    levels: Mapping[str, Sequence[str]]
    context: Mapping[str, Sequence[str]]


def read(path: Path = FILE) -> Phrases:
    """Read a file of phrases and write out their alternatives."""
    import yaml  # not there in the peers' environment

    data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    same: dict[str, str] = data["same"]
    return Phrases(*(_expanded(data[part], same) for part in ("levels", "context")))


def _expanded(groups: Mapping[str, Sequence[str]], same: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        name: sorted({each for phrase in phrases for each in expand(phrase, same)})
        for name, phrases in groups.items()
    }


def expand(phrase: str, same: Mapping[str, str]) -> Iterator[str]:
    """Yield what a phrase stands for.

    Args:
        phrase: such as ``(take|) <CANT> wake``; alternatives may hold names and, through them, alternatives.
        same: the alternatives of each name.

    Raises:
        KeyError: a name that is not there.
    """
    plain = _NAME.sub(lambda found: same[found[1]], phrase)
    inner = _GROUP.search(plain)
    if inner is None:
        yield " ".join(plain.split())
        return
    # The innermost group first: what it leaves may stand inside another one.
    for choice in inner[1].split("|"):
        yield from expand(plain[: inner.start()] + choice + plain[inner.end() :], same)


def plain_text(text: str) -> str:
    """Return a message in lower case, with straight apostrophes and single spaces."""
    return " ".join(text.lower().replace("’", "'").replace("‘", "'").split())
