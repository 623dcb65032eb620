"""What to do while nobody answers, for the sign list of the browser: the steps that a reply is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from baclofen import phone_lines, replies, wording
from baclofen.wording import Wording

TELL = ("tell_operator", "tell_operator_pump", "tell_operator_child")


def order() -> dict[str, Any]:
    """Return in which order the matters of a message are looked at, and how many lines a reply has."""
    return {
        "care": list(replies.CARE_FOR),
        "advice": list(replies.ADVICE_FOR),
        "despairing": sorted(phone_lines.DESPAIRING),
        "most": replies.MOST_LINES,
    }


def said() -> dict[str, Any]:
    """Return the sentences of the care and of the advice by language, their ``{names}`` not filled in."""
    return {language: _words(wording.load(language)) for language in wording.languages()}


def _words(words: Wording) -> dict[str, Any]:
    care, crisis, urgent = words["care"], words["crisis_care"], words["urgent"]
    return {
        **{key: care[key] for key in ("also_call_poison", "also_call_crisis", "also_call_animal")},
        **{key: care[key] for key in ("heading", "bullet", "most_steps")},
        "steps": {key: _says(steps) for key, steps in care["steps"].items()},
        "do_not": _says(care["do_not"][part] for part in ("default", "awake")),
        "tell": [care[key]["say"] for key in TELL],
        "crisis": {
            **{key: crisis[key] for key in ("opening", "talk", "no_line", "closing")},
            "steps": _says(crisis["steps"]),
        },
        "urgent": {key: _says(urgent[key]) for key in ("default", "animal", *replies.ADVICE_FOR)},
    }


def _says(steps: Iterable[Mapping[str, Any]]) -> list[str]:
    return [step["say"] for step in steps]
