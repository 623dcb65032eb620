"""The graph of phrases holds every phrase once, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from baclofen.lexicon import Lexicon, load_all
from baclofen.phrase_graph import Graph, Node, base36, graph, with_gaps


def unpacked(found: Graph, root: int) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield every way through a graph and the sign that it shows."""
    edges, _, signs = found.lines[root].partition(";")
    for sign in signs.split():
        yield (), int(sign, 36)
    numbers, name = [int(part, 36) for part in edges.split()], 0
    for further, node in zip(numbers[::2], numbers[1::2], strict=True):
        name += further
        for words, sign in unpacked(found, node):
            yield (found.names[name], *words), sign


def test_phrases_that_end_alike_share_their_end() -> None:
    root = Node()
    for first in ("cant", "wont", "doesnt"):
        root.add([first, "wake", "up"], 3)
    found = graph([root])
    assert len(found.lines) == 4
    assert sorted(unpacked(found, found.roots[0])) == sorted(
        ((first, "wake", "up"), 3) for first in ("cant", "wont", "doesnt")
    )


def test_what_shows_different_signs_is_kept_apart() -> None:
    root = Node()
    root.add(["no", "pulse"], 1)
    root.add(["slow", "pulse"], 2)
    found = graph([root])
    assert set(unpacked(found, found.roots[0])) == {(("no", "pulse"), 1), (("slow", "pulse"), 2)}


@pytest.mark.parametrize("lexicon", load_all(), ids=lambda lexicon: lexicon.language)
def test_every_phrase_of_a_language_is_a_way_through_the_graph(lexicon: Lexicon) -> None:
    keys = {key: number for number, key in enumerate(lexicon.signs)}
    root, wanted = Node(), set()
    for key, weak, _, parts in lexicon.phrases():
        words = with_gaps(parts)
        root.add(words, keys[key] * 2 + weak)
        wanted.add((tuple(words), keys[key] * 2 + weak))
    found = graph([root])
    assert set(unpacked(found, found.roots[0])) == wanted


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (35, "z"), (36, "10"), (1295, "zz"), (46656, "1000")])
def test_numbers_are_written_to_base_36(number: int, text: str) -> None:
    assert base36(number) == text
