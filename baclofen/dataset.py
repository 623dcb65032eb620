"""Load and check everything below ``data/``: what a clinician, translator or operator edits.

Every file is checked against a JSON Schema in ``data/schemas`` before anybody sees its contents, and every
complaint names the file, the line and what to do.  A sound file is parsed once; only a faulty one is parsed
again, for its lines.
"""

from __future__ import annotations

import fnmatch
import functools
import importlib
import importlib.util
import json
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from baclofen import schemas
from baclofen.paths import DATA, ROOT

SCHEMA_FOR: list[tuple[str, str]] = [
    ("facts/*.yml", "facts"),
    ("sources.yml", "sources"),
    ("signs/*.yml", "signs"),
    ("countries/*.yml", "country"),
    ("wording/*.yml", "wording"),
    ("channels/*.yml", "channel"),
    ("messages/*.jsonl", "message"),
]
"""Which schema a file answers to; the first pattern that fits wins. Paths are relative to ``data/``.

A file in ``data/`` itself that is not listed answers to the schema of its own name."""

RASA_FILES = ("nlu/*.yml", "rules.yml")
"""Files that Rasa reads and checks itself; here only their YAML must parse."""

RASA_KEYS = frozenset(
    ["nlu", "rules", "stories", "responses", "intents", "slots", "forms", "entities", "actions"]
)
"""A root key among these makes ``rasa train`` take the file for its own."""

CHECK_MODULES = (
    "channel_shape",
    "channel_words",
    "fact_checks",
    "sign_checks",
    "together",
    "countries",
    "wording",
    "first_message",
    "phone_lines",
    "replies",
    "signs",
    "rules",
    "entities",
    "follow_ups",
    "intent_checks",
    "medicines",
    "persons",
)
"""Modules of this package that add checks of their own when imported; those not there are passed over."""


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in the data; ``line`` counts from 1, and 0 means the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class DataError(ValueError):
    """A data file cannot be used. The text holds every problem, one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


DataCheck = Callable[[Mapping[Path, Any], Path], Iterable[Problem]]
CHECKS: list[tuple[str, DataCheck]] = []


def check_for(pattern: str) -> Callable[[DataCheck], DataCheck]:
    """Register a check of its own for the files that fit ``pattern`` (relative to the data folder).

    The check gets ``{path: contents}`` of those files that passed their schema, and the data folder.  It
    yields problems; ``problem_at(path, keys, message)`` makes one with the right line.
    """

    def register(check: DataCheck) -> DataCheck:
        CHECKS.append((pattern, check))
        return check

    return register


class _Loader(yaml.CSafeLoader):
    """YAML as people mean it: dates, times and ``NO`` stay text, ``0123`` is no octal, no key twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key.value}' stands twice here; keep one", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]+$"), list("-+0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^(?:<<)$"), ["<"])
_Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def load_yaml(path: Path | str, schema_name: str) -> Any:
    """Return the contents of one YAML file that passes ``data/schemas/<schema_name>.json``.

    Returns:
        Plain dicts, lists, strings, numbers, booleans: a fresh copy on each call, parsed once while the file
        stays as it is.

    Raises:
        DataError: the file is missing, is no YAML or breaks its schema.
    """
    path = Path(path)
    try:
        version = path.stat()
    except OSError as error:
        raise DataError(
            [Problem(shown(path), 0, f"cannot be read ({error.strerror}); is it there?")]
        ) from error
    return pickle.loads(_load(path, schema_name, version.st_mtime_ns, version.st_size))


@functools.lru_cache(maxsize=256)
def _load(path: Path, schema_name: str, mtime_ns: int, size: int) -> bytes:
    data = _parse(path)
    wrong = list(_faults(path, data, schema_name))
    if wrong:
        raise DataError(sorted({problem_at(path, way, text) for way, text in wrong}))
    return pickle.dumps(data)


def load_jsonl(path: Path | str, schema_name: str | None = None) -> list[Any]:
    """Return the objects of a file with one JSON value a line; blank lines are skipped.

    Raises:
        DataError: a line is no JSON, or breaks ``data/schemas/<schema_name>.json``.
    """
    path = Path(path)
    rows: list[Any] = []
    problems: list[Problem] = []
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(Problem(shown(path), number, f"is no JSON ({error.msg}); one object a line"))
            continue
        rows.append(row)
        if schema_name:
            problems += [Problem(shown(path), number, text) for _, text in _faults(path, row, schema_name)]
    if problems:
        raise DataError(problems)
    return rows


def line_of(path: Path, keys: schemas.Way) -> int:
    """Return the line (from 1) of the value at ``keys``, or of the nearest part of the way that exists."""
    node = yaml.compose(_read(path), Loader=_Loader)
    line = 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = [(name, value) for name, value in node.value if name.value == str(key)]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            break
    return line


def problem_at(path: Path, keys: schemas.Way, message: str) -> Problem:
    """Return a problem that points at the value at ``keys`` of a YAML file."""
    return Problem(shown(path), line_of(path, keys), message)


def check(root: Path | None = None) -> list[Problem]:
    """Check the whole data folder: syntax, schemas, keys that Rasa would grab, every registered check."""
    root = root or DATA
    for module in CHECK_MODULES:
        if importlib.util.find_spec(f"baclofen.{module}"):
            importlib.import_module(f"baclofen.{module}")
    problems = list(_check_schemas(root))
    sound: dict[Path, Any] = {}
    for path in sorted([*root.rglob("*.yml"), *root.rglob("*.yaml"), *root.rglob("*.jsonl")]):
        try:
            sound[path] = _check_file(path, path.relative_to(root))
        except DataError as error:
            problems += error.problems
    for pattern, extra in CHECKS:
        try:
            problems += extra({p: d for p, d in sound.items() if fits(p.relative_to(root), pattern)}, root)
        except DataError as error:  # it read another file that is faulty
            problems += error.problems
    return sorted(set(problems))


def fits(relative: Path, pattern: str) -> bool:
    """Say whether a path below the data folder has the shape of ``pattern``, folder by folder."""
    parts, wanted = relative.parts, pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted))


def _check_file(path: Path, relative: Path) -> Any:
    if any(fits(relative, pattern) for pattern in RASA_FILES):
        return _parse(path)
    schema = _schema_for(relative)
    if schema is None:
        text = "has no schema; move it, or add its pattern to dataset.SCHEMA_FOR"
        raise DataError([Problem(shown(path), 0, text)])
    if path.suffix == ".jsonl":
        return load_jsonl(path, schema if schemas.schema_path(schema).exists() else None)
    data = load_yaml(path, schema)
    taken = sorted(RASA_KEYS.intersection(data)) if isinstance(data, dict) else []
    if taken:
        raise DataError(
            problem_at(path, (key,), f"Rasa would take this file for its own; rename '{key}'")
            for key in taken
        )
    return data


def _schema_for(relative: Path) -> str | None:
    listed = next((name for pattern, name in SCHEMA_FOR if fits(relative, pattern)), None)
    own = relative.stem if len(relative.parts) == 1 and schemas.schema_path(relative.stem).exists() else None
    return listed or own


def _check_schemas(root: Path) -> Iterator[Problem]:
    for path in sorted((root / "schemas").glob("*.json")):
        for fault in schemas.schema_faults(_read(path)):
            yield Problem(shown(path), 0, fault)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError([Problem(shown(path), 0, f"cannot be read as UTF-8 text ({error})")]) from error


def _parse(path: Path) -> Any:
    try:
        return yaml.load(_read(path), Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        text = getattr(error, "problem", None) or str(error)
        raise DataError(
            [Problem(shown(path), mark.line + 1 if mark else 0, f"is no valid YAML: {text}")]
        ) from error


def _faults(path: Path, data: Any, schema_name: str) -> list[tuple[schemas.Way, str]]:
    try:
        return list(schemas.faults(data, schema_name))
    except FileNotFoundError as error:
        text = f"its schema data/schemas/{schema_name}.json is missing; write it"
        raise DataError([Problem(shown(path), 0, text)]) from error


def shown(path: Path) -> str:
    """Return the path as people know it: from the project's root where it lies inside."""
    path = path.resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
