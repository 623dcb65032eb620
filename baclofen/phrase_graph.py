"""The phrases of a lexicon as one small graph, for the sign list of the browser.

Phrases are written with choices, and written out they are many and alike. A graph in which what begins alike
and what ends alike is kept once is small to send and quick to follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from baclofen.phrases import GAP

_Shape = tuple[tuple[tuple[str, int], ...], tuple[int, ...]]
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass
class Node:
    """What may follow the words so far, and the signs that are shown here."""

    next: dict[str, Node] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)

    def add(self, words: Iterable[str], sign: int) -> None:
        node = self
        for word in words:
            node = node.next.setdefault(word, Node())
        node.shown.add(sign)


@dataclass(frozen=True)
class Graph:
    """The graph as text.

    Attributes:
        names: the words of its edges.
        lines: one a node: ``edges;signs``, numbers to base 36. An edge is a pair: how much further in
            ``names`` its word stands than that of the edge before, and the line of the node it leads to.
        roots: the nodes at which one begins.
    """

    names: tuple[str, ...]
    lines: tuple[str, ...]
    roots: tuple[int, ...]


def with_gaps(parts: Sequence[Sequence[str]]) -> list[str]:
    """Return the words of a phrase with a mark for each of its gaps."""
    words = list(parts[0])
    for part in parts[1:]:
        words += [GAP, *part]
    return words


def graph(roots: Sequence[Node]) -> Graph:
    """Return the graph of some trees, equal branches kept once."""
    used = Counter[str]()
    for root in roots:
        _count(root, used)
    names = tuple(word for word, _ in used.most_common())
    places = {word: place for place, word in enumerate(names)}
    lines: list[str] = []
    seen: dict[_Shape, int] = {}
    numbers = tuple(_number(root, places, lines, seen) for root in roots)
    return Graph(names, tuple(lines), numbers)


def _count(node: Node, used: Counter[str]) -> None:
    for word, child in node.next.items():
        used[word] += 1
        _count(child, used)


def _number(node: Node, places: dict[str, int], lines: list[str], seen: dict[_Shape, int]) -> int:
    """Return the number of a node, its branches first; one that is like another has the other's."""
    words = sorted(node.next, key=places.__getitem__)
    children = [_number(node.next[word], places, lines, seen) for word in words]
    signs = tuple(sorted(node.shown))
    shape = (tuple(zip(words, children, strict=True)), signs)
    if shape not in seen:
        seen[shape] = len(lines)
        edges, before = list[str](), 0
        for word, child in shape[0]:
            edges += [base36(places[word] - before), base36(child)]
            before = places[word]
        lines.append(" ".join(edges) + (";" + " ".join(map(base36, signs)) if signs else ""))
    return seen[shape]


def base36(number: int) -> str:
    """Return a number from 0 on to base 36."""
    digits = ""
    while number >= 36:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return DIGITS[number] + digits
