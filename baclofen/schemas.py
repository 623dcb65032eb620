"""JSON Schemas of the data files, and their complaints in plain words."""

from __future__ import annotations

import difflib
import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baclofen.paths import DATA, ROOT

if TYPE_CHECKING:  # jsonschema takes a tenth of a second to import
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

Way = tuple[str | int, ...]
"""The way to one value inside a file, such as ``("facts", 3, "short")``."""

_NAMES = {"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
          "array": "a list", "object": "keys with values", "null": "nothing"}  # fmt: skip


def schema_path(name: str) -> Path:
    """Return where the schema lies: in the data folder in use, else in the project's own."""
    own = DATA / "schemas" / f"{name}.json"
    return own if own.exists() else ROOT / "data" / "schemas" / f"{name}.json"


@functools.lru_cache(maxsize=64)
def validator(name: str) -> Draft202012Validator:
    """Return the validator for ``data/schemas/<name>.json``.

    Raises:
        FileNotFoundError: there is no such schema.
    """
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(schema_path(name).read_text(encoding="utf-8")))


def faults(data: Any, name: str) -> Iterator[tuple[Way, str]]:
    """Yield the way to each value that breaks the schema, with what is wrong and what to do."""
    for error in validator(name).iter_errors(data):
        yield from _explain(error)


def schema_faults(text: str) -> Iterator[str]:
    """Yield what is wrong with a schema itself: no JSON Schema, or an object that lets any key in."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        schema = json.loads(text)
        Draft202012Validator.check_schema(schema)
    except (ValueError, SchemaError) as error:
        yield f"is no JSON Schema: {str(error).splitlines()[0]}"
        return
    for where in _open_objects(schema, "#"):
        yield f'{where} lets any key in; say "additionalProperties": false'


def _open_objects(schema: Any, where: str) -> Iterator[str]:
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "additionalProperties" not in schema:
            yield where
        for key, value in schema.items():
            yield from _open_objects(value, f"{where}/{key}")
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from _open_objects(value, f"{where}/{number}")


def _explain(error: ValidationError) -> Iterator[tuple[Way, str]]:
    if error.context:  # anyOf, oneOf: the branch that came nearest
        nearest = max(error.context, key=lambda part: (len(part.absolute_path), part.validator != "type"))
        yield from _explain(nearest)
        return
    way: Way = tuple(error.absolute_path)
    value: Any = error.instance
    rule: Any = error.validator_value
    schema = error.schema if isinstance(error.schema, dict) else {}
    hint = f". {schema['description']}" if "description" in schema else ""
    if error.validator == "additionalProperties" and rule is False:
        known = list(schema.get("properties", {}))
        for key in value:
            if key not in known and not any(
                re.search(p, str(key)) for p in schema.get("patternProperties", {})
            ):
                yield (*way, key), f"unknown key '{key}'; {_near(str(key), known)}"
    elif error.validator == "required":
        missing = [key for key in rule if key not in value]
        yield way, f"missing {', '.join(repr(key) for key in missing)}; add it"
    elif error.validator == "propertyNames":
        yield (*way, value), f"'{value}' cannot be a key here{hint}"
    else:
        yield way, _complaint(error, way) + hint


def _complaint(error: ValidationError, way: Way) -> str:
    value: Any = error.instance
    rule: Any = error.validator_value
    name = f"'{next((key for key in reversed(way) if isinstance(key, str)), 'the file')}'"
    if error.validator == "type":
        wanted = " or ".join(_NAMES[kind] for kind in ([rule] if isinstance(rule, str) else rule))
        if wanted == "text" and isinstance(value, (bool, int, float)):
            return f'{name} must be text: put quotes around it, exactly as it is, such as "0800 123"'
        return f"{name} must be {wanted}, not {_NAMES[_kind(value)]}"
    if error.validator in ("enum", "const"):
        choices = [str(choice) for choice in (rule if error.validator == "enum" else [rule])]
        return f"{name} cannot be '{value}'; {_near(str(value), choices)}"
    if error.validator == "maxLength":
        return f"{name} has {len(value)} characters; shorten it to {rule}"
    if error.validator in ("minLength", "minItems", "minProperties"):
        what = {"minLength": "characters", "minItems": "entries", "minProperties": "keys"}[error.validator]
        return f"{name} needs at least {rule} {what}"
    if error.validator == "uniqueItems":
        return f"{name} says something twice; keep one"
    if error.validator == "pattern":
        return f"{name} cannot be '{value}'; it must fit {rule}"
    return f"{name}: {error.message}"


def _near(word: str, choices: list[str]) -> str:
    near = difflib.get_close_matches(word, choices, n=1)
    return f"did you mean '{near[0]}'?" if near else f"use one of: {', '.join(choices)}"


def _kind(value: Any) -> str:
    kinds = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    return kinds.get(type(value), "null")
