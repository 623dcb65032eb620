"""Begins a fact in every file that has to know it: the fact, its examples, the domain and the rules."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from baclofen import facts
from baclofen.paths import DATA, ROOT

FACT = """\

  - id: {id}
    question: TODO the question in plain words, at most 60 characters?
    level: none                # or awareness, where the danger of an overdose or of stopping is the point
    short: >-
      TODO the answer by itself, at most 320 characters, first the answer, then why.
    full: >-
      TODO two to five short sentences more; leave the key out where there is no more to say.
    sources: [{{id: TODO}}]      # ids of data/sources.yml
    reviewed_on: "{today}"
    review_by: "{due}"
    review_status: researched, not reviewed by a clinician
"""
EXAMPLES = """\
- intent: {id}
  examples: |
    - TODO forty or more questions, each as another person would put it
"""


def begin(
    name: str, topic: str, root: Path = ROOT, data: Path = DATA, today: date | None = None
) -> list[str]:
    """Write the beginnings of a fact, and return the files that were changed.

    Args:
        name: the id. topic: the file in ``data/facts``, without .yml.
        root: the project. data: its data folder. today: the day, the present one by default.

    Raises:
        ValueError: the id is no id, is taken, or the topic does not exist; nothing was written then.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            f"'{name}' is no id: small letters, digits and _, a letter first, such as sun_cream."
        )
    if name in facts.load(data):
        raise ValueError(f"The fact '{name}' exists: data/facts/{facts.load(data)[name].topic}.yml.")
    paths = (
        data / "facts" / f"{topic}.yml",
        data / "nlu" / f"{topic}.yml",
        root / "domain.yml",
        data / "rules.yml",
    )
    if not paths[0].exists():
        known = ", ".join(sorted(path.stem for path in (data / "facts").glob("*.yml")))
        raise ValueError(
            f"There is no topic '{topic}'. Take one of: {known}; or write data/facts/{topic}.yml first."
        )
    day = today or date.today()
    due = day.replace(year=day.year + 1, day=min(day.day, 28))
    fact, nlu, domain, rules = (path.read_text("utf-8") if path.exists() else "" for path in paths)
    written = (
        fact.rstrip("\n") + "\n" + FACT.format(id=name, today=day.isoformat(), due=due.isoformat()),
        (nlu.rstrip("\n") + "\n" if nlu else 'version: "3.1"\nnlu:\n') + EXAMPLES.format(id=name),
        _listed(domain, f"  # data/facts/{topic}.yml\n", f"  - {name}: {{use_entities: []}}\n"),
        _listed(rules, f"          # {topic}\n", f"          - intent: {name}\n"),
    )
    for path, content in zip(paths, written, strict=True):
        path.write_text(content, "utf-8")
    return [path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path) for path in paths]


def _listed(text: str, heading: str, line: str) -> str:
    """Put a line below the heading of its topic, or at the head of the list where the topic is new."""
    if heading in text:
        return text.replace(heading, heading + line, 1)
    first = "intents:\n" if line.startswith("  - ") and not line.startswith("   ") else "      - or:\n"
    return text.replace(first, first + heading + line, 1)
