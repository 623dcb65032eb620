"""What the chat widget says, and whom it names without a server: made from ``data/``.

English and the numbers are in the widget's bundle; ``python -m assistant.widget_words`` writes both files
of ``assistant/widget/src/generated``. The other languages are small files that the bot serves.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from baclofen import countries, wording
from baclofen.countries import Country, Place
from baclofen.phone_lines import call_list

WIDGET = Path(__file__).parent / "widget"
GENERATED = WIDGET / "src" / "generated"

_HEAD = "// Made from data/ by assistant/widget_words.py; change the words there.\n"


def files() -> dict[str, str]:
    """Return the content of every generated file by its name."""
    names = [[code, wording.load(code)["name"]] for code in _languages()]
    places = ",\n".join(_json(_place(country)) for _, country in sorted(countries.load().items()))
    english = json.dumps(_words(wording.load()), ensure_ascii=False, indent=1)
    return {
        "words.js": f"{_HEAD}export const LANGUAGES = {_json(names)};\nexport const ENGLISH = {english};\n",
        "places.js": f"{_HEAD}export const PLACES = [\n{places},\n];\n",
    }


@functools.lru_cache(maxsize=16)
def module(language: str) -> str | None:
    """Return the words of a language as a module of their own, None for a language without words."""
    if language not in wording.languages():
        return None
    return f"export default {_json(_words(wording.load(language)))};\n"


def write() -> None:
    """Write the generated files."""
    GENERATED.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (GENERATED / name).write_text(content, "utf-8")


def _languages() -> list[str]:
    """Return the languages, the default first: it stands in for those that are missing."""
    return sorted(wording.languages(), key=lambda code: (code != wording.DEFAULT, code))


def _words(words: Mapping[str, Any]) -> dict[str, Any]:
    numbers, care, crisis = words["numbers"], words["care"], words["crisis_care"]
    bullet = care["bullet"]
    return {
        **words["widget"],
        "or": numbers["or"],
        "call": numbers["call"],
        "mobile": numbers["mobile"],
        "line": numbers["line"],
        "starter_list": [[row["say"], f"/{row['fact']}"] for row in words["suggestions"]],
        "no_poison": words["urgent"]["no_poison_line"],
        "no_poison_unknown": words["urgent"]["no_poison_line_unknown"],
        # What a card says when no server answers; the same words as the server's, for no sign in particular.
        "device": {
            "emergency": [
                " ".join(words["first_words"]["emergency"]["default"]),
                care["heading"],
                *(bullet + step["say"] for step in care["steps"]["default"]),
                *(bullet + care["do_not"][part]["say"] for part in ("default", "awake")),
                care["tell_operator"]["say"],
            ],
            "crisis": [
                " ".join(words["first_words"]["crisis"]["default"]),
                crisis["opening"],
                *(bullet + step["say"] for step in crisis["steps"]),
            ],
            "no_crisis_line": " ".join(words["first_words"]["crisis"]["no_line"]),
            "urgent": [step["say"] for step in words["urgent"]["default"]],
        },
        "labels": {
            label: words["country_words"][label]
            for label in _labels()
            if label in words.get("country_words", {})
        },
        "call_or_text": numbers["call_or_text"],
    }


def _labels() -> list[str]:
    return sorted({line["label"] for country in countries.load().values() for line in _calls(country)})


def _place(country: Country) -> dict[str, Any]:
    kept = {line.number: line for kind in countries.KINDS for line in getattr(country, kind)}
    lines = []
    for call in _calls(country):
        line = kept[call["number"]]
        mark = "mobile" if line.only_mobile else "text" if line.by_text else ""
        lines.append([call["kind"], call["label"], call["number"], call["uri"], *([mark] if mark else [])])
    return {"code": country.code, "lines": lines, "zones": list(country.time_zones)}


def _calls(country: Country) -> list[dict[str, str]]:
    """Return the emergency, poison and crisis lines that the bot would offer for a country, in English."""
    english, place = wording.load(), Place(country, False)
    lines = [
        *call_list("urgent", frozenset(), place, english),
        *call_list("crisis", frozenset(), place, english),
    ]
    return list({(line["kind"], line["uri"]): line for line in lines}.values())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    write()
