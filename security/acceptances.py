"""The list of findings that are accepted: each for one flaw in one version, until a day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from security.environment import HERE

FILE = HERE / "accepted.yml"


class BadList(Exception):
    """The list of acceptances is wrong; the text says where."""


@dataclass(frozen=True)
class Accepted:
    """One accepted flaw."""

    id: str
    package: str
    version: str
    why: str
    look_again: date


def load(file: Path = FILE) -> tuple[Accepted, ...]:
    """Return the acceptances.

    Raises:
        BadList: the file cannot be read, or has a wrong or unknown key.
    """
    schema = json.loads((HERE / "accepted.schema.json").read_text("utf-8"))
    try:
        data: Any = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadList(f"{file.name}: {error}") from None
    problems = [
        f"{file.name}: {'.'.join(map(str, error.absolute_path)) or 'top'}: {error.message}"
        for error in Draft202012Validator(schema).iter_errors(data)
    ]
    if problems:
        raise BadList("\n".join(problems))
    try:
        return tuple(
            Accepted(**{**row, "look_again": date.fromisoformat(row["look_again"])})
            for row in data["findings"]
        )
    except ValueError as error:
        raise BadList(f"{file.name}: {error}") from None


def expired(accepted: tuple[Accepted, ...], today: date) -> list[Accepted]:
    """Return the acceptances whose day has come."""
    return [row for row in accepted if row.look_again <= today]
