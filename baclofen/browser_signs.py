"""The sign list as one script that a browser keeps, for when the server does not answer.

It is made of ``data/signs``, ``data/together.yml``, ``data/countries`` and the first words of
``data/wording``, and of a reader in plain JavaScript that follows the rules of this package, without the
learned reader. It is held to the same sentences as the rules (``tests/page/test_browser_signs.py``).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from baclofen import browser_care, browser_numbers, paths, together
from baclofen.dataset import load_yaml
from baclofen.lexicon import DEFAULT, Lexicon, load_all
from baclofen.phrase_graph import Node, graph, with_gaps
from baclofen.phrases import View
from baclofen.spelling import common_words, frequency

MODULES = (
    *("patterns", "text", "spelling", "vitals", "lexicon", "message", "context", "amounts", "hits", "denial"),
    *("rules", "reader", "numbers", "care"),
)
"""The parts of the reader, each after those that it needs."""

GROUPS = (
    *(
        "medicine",
        "swallowed",
        "child",
        "animal",
        "people",
        "pump",
        "stopping",
        "alcohol",
        "opioid",
        "sedative",
    ),
    *("kidney", "thing", "extra", "deliberate", "joining", "denied_after", "saying", "somebody", "pronouns"),
    *(
        "giving",
        "usual",
        "joined",
        "pack",
        "at",
        "and",
        "anew",
        "answering",
        "confirmed_after",
        "newborn",
        "of",
    ),
    *("drug", "unit", "not_counting", "everything"),
)
"""The groups of words that the reader of the browser asks for."""

PATTERNS = (
    *("somebody", "asks_for_oneself", "unsure", "happening", "ours", "is_or_has", "by_accident", "anybody"),
    *(
        "unknown_amount",
        "whole_lot",
        "whole_pack",
        "whole_time",
        "kidneys_work",
        "at_once",
        "no_joke",
        "lesson",
    ),
    *("borne_out", "turn", "told", "is_a_child", "not_swallowed", "like_a", "not_theirs", "got_at", "to_die"),
    *("lost_count",),
)
"""The patterns that it asks for."""

_LATIN = {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"}
"""Letters that JavaScript's patterns take for no letters; the reader of the browser writes them out."""
_LOWER = re.compile("[a-z]+")
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|function) (\w+))", re.MULTILINE)
_COMMENT = re.compile(r"^\s*(?://|/\*\*|\*).*\n", re.MULTILINE)
_INDENT = re.compile(r"^ +|\n(?=\n)", re.MULTILINE)


@lru_cache(maxsize=1)
def module(folder: Path) -> str:
    """Return the script, an ES module.

    Args:
        folder: where the parts of the reader lie (``MODULES``), and ``guard.txt`` of ``browser_guard``.

    Raises:
        OSError: a part is missing.
        baclofen.dataset.DataError: the data are missing or wrong.
    """
    languages = {lexicon.language: packed(lexicon) for lexicon in load_all()}
    guard = (folder / "guard.txt").read_text("ascii").strip()
    head = "// The sign list: made by baclofen/browser_signs.py, not by hand.\n"
    data = [
        "const LANGUAGES = {\n"
        + "".join(f"{code}: {_raw(data)},\n" for code, data in languages.items())
        + "};",
        f"const GUARD = {json.dumps(guard)};",
        f"const SAMPLES = JSON.parse({_raw({code: _samples(code) for code in languages})});",
        f"const TOGETHER = {json.dumps(_together())};",
        f"const PLACES = JSON.parse({_raw(browser_numbers.places())});",
        f"const SAID = JSON.parse({_raw(browser_numbers.said())});",
        f"const CARE = JSON.parse({_raw(browser_care.said())});",
        f"const ORDER = {json.dumps(browser_care.order())};",
    ]
    code = [_part(name, (folder / f"{name}.js").read_text("utf-8")) for name in MODULES]
    tail = (
        "const reader = new part_reader.Reader(LANGUAGES, GUARD, TOGETHER);\n"
        "const numbers = new part_numbers.Numbers(PLACES, SAID);\n"
        "const advice = new part_care.Care(numbers, ORDER, CARE);\n"
        "export const warm = (...languages) => reader.warm(SAMPLES, languages);\n"
        "export const ready = warm(...(globalThis.navigator?.languages || []));\n"
        "export const languages = Object.keys(LANGUAGES);\n"
        "export const level = (text, options) => reader.level(text, options);\n"
        "export const calls = (verdict, options) => numbers.calls(verdict, options);\n"
        "export const firstWords = (verdict, options) => numbers.firstWords(verdict, options);\n"
        "export const care = (verdict, options) => advice.lines(verdict, options);\n"
        "export const countryOf = (hints) => numbers.countryOf(hints);\n"
    )
    return "\n".join([head, *code, *data, tail])


def _part(name: str, source: str) -> str:
    """Return a part of the reader as a scope of its own, without what only people need."""
    shown = ", ".join(_EXPORT.findall(source))
    code = _IMPORT.sub(r"const \1 = part_\2;", _EXPORT.sub("", _COMMENT.sub("", source)))
    return f"const part_{name} = (() => {{\n{_INDENT.sub('', code).strip()}\nreturn {{ {shown} }};\n}})();"


def _raw(data: object) -> str:
    """Return data as JSON in a raw template: short to send, quick to read."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return "String.raw`" + text.replace("`", "\\u0060").replace("${", "$\\u007b") + "`"


def _together() -> list[dict[str, Any]]:
    return [
        {"any_of": sorted(pair.any_of), "with": sorted(pair.beside), "level": pair.level}
        for pair in together.load()
    ]


def _samples(language: str) -> list[str]:
    """Return sentences that make the reader of a language look at everything: signs, numbers, an amount."""
    signs = load_yaml(paths.DATA / "signs" / f"{language}.yml", "signs")["signs"]
    numbers = [text for row in signs for text in row["must_match"] if re.search(r"\d", text)]
    return ["baclofen", signs[0]["must_match"][0], numbers[0], f"{signs[1]['must_match'][0]}?"]


def packed(lexicon: Lexicon) -> dict[str, Any]:
    """Return what the reader needs of one language; what is alike stands together, which packs better."""
    data: dict[str, Any] = load_yaml(paths.DATA / "signs" / f"{lexicon.language}.yml", "signs")
    keys = [row["key"] for row in data["signs"]]
    roots = {view: Node() for view in get_args(View)}
    for key, weak, view, parts in sorted(lexicon.phrases()):
        roots[view].add(with_gaps(parts), keys.index(key) * 2 + weak)
    phrases = graph([roots[view] for view in get_args(View)])
    english = lexicon.language == DEFAULT
    listed = _listed(lexicon, data)
    words = {name: _list(lexicon.words[name]) for name in GROUPS if lexicon.words.get(name)}
    more = (lexicon.known - lexicon.fillers | lexicon.speller.vocabulary) - listed - set(phrases.names)
    vocabulary = {word for word in {*listed, *phrases.names, *more} if _LOWER.fullmatch(word)}
    result: dict[str, Any] = _latin(
        {
            "language": lexicon.language,
            "same": {name: " ".join(map(str, group)) for name, group in data["same"].items()},
            "words": words,
            "fillers": _list(lexicon.fillers),
            "also_english": "" if english else _list((listed | lexicon.fillers) & common_words()),
            "more": _list(more),
            "names": " ".join(phrases.names),
            "common": "".join(map(_common, sorted(vocabulary))) if english else "",
            "never": _list(data["spelling"]["never"]) if english else "",
            "slips": data["spelling"]["slips"],
            "counts": lexicon.counts,
            "idle": data["not_a_denial"],
            "frames": data["frames"],
            "patterns": {name: data["patterns"][name] for name in PATTERNS if name in data["patterns"]},
            "harmless": data["harmless"],
            "spoken": data.get("spoken_marks", {}),
            "vitals": data["vitals"],
            "signs": [_sign(row) for row in data["signs"]],
            "nodes": "\n".join(phrases.lines),
            "roots": phrases.roots,
        }
    )
    return result


def _common(word: str) -> str:
    """Return how common a word is as one character, the later the commoner."""
    return chr(ord("0") + int(2 * math.log2(1 + frequency(word))))


def _sign(row: Mapping[str, Any]) -> list[Any]:
    """Return key, level, about, needs, with, unless; what a sign lacks at the end left out."""
    fields = [row["key"], row["level"], *(row.get(name, "") for name in ("about", "needs", "with", "unless"))]
    while not fields[-1]:
        fields.pop()
    return fields


def _listed(lexicon: Lexicon, data: Mapping[str, Any]) -> set[str]:
    """Return the words that stand in the groups of a language, those of pairs singly too."""
    listed = set(lexicon.counts)
    for group in data["same"].values():
        listed.update(map(str, group))
        listed.update(half for word in group if str(word).count("_") == 1 for half in str(word).split("_"))
    for name in GROUPS:
        listed |= lexicon.words.get(name, frozenset())
    return listed


def _list(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _latin(data: Any) -> Any:
    """Return the data with its special letters written out, as the reader writes those of a message."""
    if isinstance(data, str):
        for letter, written in _LATIN.items():
            data = data.replace(letter, written)
        return data
    if isinstance(data, dict):
        return {_latin(key): _latin(value) for key, value in data.items()}
    return [_latin(value) for value in data] if isinstance(data, list | tuple) else data
