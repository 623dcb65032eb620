"""Rules of every sign of ``data/signs``: its sources exist, its example sentences do what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from baclofen import dataset, rules
from baclofen.dataset import Problem, problem_at
from baclofen.lexicon import Lexicon


@dataset.check_for("signs/*.yml")
def check_signs(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """Yield every sign that stands twice, names no known source, or misreads one of its own sentences."""
    known = {row["id"] for row in dataset.load_yaml(root / "sources.yml", "sources")["sources"]}
    for path, data in files.items():
        lexicon = Lexicon(data)
        seen: set[str] = set()
        for number, sign in enumerate(data["signs"]):
            here = ("signs", number)
            key = sign["key"]
            if key in seen:
                yield problem_at(path, (*here, "key"), f"'{key}' stands twice; give one of them another key")
            seen.add(key)
            for source in sign["sources"]:
                if source not in known:
                    yield problem_at(
                        path, (*here, "sources"), f"{key}: no source '{source}' in data/sources.yml; add it"
                    )
            for field, wanted in (("must_match", True), ("must_not_match", False)):
                for place, sentence in enumerate(sign.get(field, ())):
                    if finds(sentence, key, sign["level"], lexicon) is not wanted:
                        verb = "is not found" if wanted else "is found"
                        yield problem_at(
                            path, (*here, field, place), f"{key}: '{sentence}' {verb}; mend its phrases"
                        )


def finds(sentence: str, key: str, level: str, lexicon: Lexicon) -> bool:
    """Say whether a sentence shows a sign at its full level."""
    return any(f.sign.key == key and f.sign.level == level for f in rules.read(sentence, lexicon).findings)
