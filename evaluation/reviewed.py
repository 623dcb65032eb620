"""``python -m evaluation.reviewed REVIEWED FOLDER``: makes labelled examples of what clinicians reviewed.

REVIEWED is what ``python -m assistant review`` wrote (CSV or JSONL), with the column ``right_level`` filled
in. FOLDER gets two files: ``messages/reviewed.jsonl`` in the form of ``data/messages``, for training, and
``cases/reviewed.jsonl`` in the form of ``tests/emergencies``, for scoring (``EVAL_DIR=FOLDER/cases``). A row
goes into one of them, by its id, so that nothing is trained on what it is scored with.

The words are those of real people, whatever was taken out of them: they do not belong in a repository.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.rows import LEVELS, LabelError

VOICE = "reviewed"
HELD_BACK = 4
"""One row in so many is for scoring, the others for training."""


@dataclass(frozen=True)
class Reviewed:
    """A row that a clinician has given a level."""

    id: str
    text: str
    level: str
    also_ok: tuple[str, ...]
    signs: tuple[str, ...]
    language: str
    note: str

    @property
    def is_for_scoring(self) -> bool:
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % HELD_BACK == 0

    def as_message(self) -> str:
        """Return the line for ``data/messages``."""
        tags = {"tags": ["borderline"]} if self.also_ok else {}
        return json.dumps(
            {
                "text": self.text,
                "level": self.level,
                "signs": list(self.signs),
                "voice": VOICE,
                "lang": self.language,
                **tags,
            },
            ensure_ascii=False,
        )

    def as_case(self) -> str:
        """Return the line for scoring."""
        case = {
            "id": f"{VOICE}-{self.id[:12]}",
            "text": self.text,
            "level": self.level,
            "signs": list(self.signs),
            "tags": [VOICE],
            "why": self.note,
        }
        return json.dumps(
            case | ({"also_ok": list(self.also_ok)} if self.also_ok else {}), ensure_ascii=False
        )


def read(path: Path) -> tuple[list[Reviewed], int]:
    """Return the rows that have a level, each text once, and how many have none.

    Raises:
        LabelError: the file cannot be read, or a level is none.
    """
    known: dict[str, Reviewed] = {}
    left = 0
    for where, row in _rows(path):
        level = (row.get("right_level") or "").strip().lower()
        text = (row["text"].removeprefix("'") if path.suffix == ".csv" else row["text"]).strip()
        if not level or not text:
            left += 1
            continue
        also = tuple(dict.fromkeys((row.get("also_ok") or "").lower().split()))
        for each in (level, *also):
            if each not in LEVELS:
                raise LabelError(f"{where}: {each!r} is no level. Take one of {', '.join(LEVELS)}.")
        signs = row.get("signs") or ()
        known[text] = Reviewed(
            row["id"],
            text,
            level,
            tuple(each for each in also if each != level),
            tuple(signs.split() if isinstance(signs, str) else signs),
            (row.get("language") or "en")[:2],
            (row.get("note") or "").strip(),
        )
    return list(known.values()), left


def _rows(path: Path) -> Iterable[tuple[str, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            if path.suffix == ".csv":
                found = [(f"{path}:{n}", row) for n, row in enumerate(csv.DictReader(lines), start=2)]
            else:
                found = [
                    (f"{path}:{n}", json.loads(line)) for n, line in enumerate(lines, start=1) if line.strip()
                ]
    except (OSError, ValueError, csv.Error) as error:
        raise LabelError(f"{path} cannot be read ({error}).") from error
    for where, row in found:
        if not isinstance(row, dict) or not row.get("id") or not isinstance(row.get("text"), str):
            raise LabelError(f"{where}: 'id' and 'text' are needed, as 'assistant review' writes them.")
    return found


def write(reviewed: Sequence[Reviewed], folder: Path) -> tuple[int, int]:
    """Write both files; return how many rows each got."""
    cases = [row.as_case() for row in reviewed if row.is_for_scoring]
    messages = [row.as_message() for row in reviewed if not row.is_for_scoring]
    for name, lines in (("messages", messages), ("cases", cases)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "reviewed.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return len(messages), len(cases)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do it; return 0, or 1 when a row is wrong."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.reviewed", description=__doc__.split("\n")[0])
    parser.add_argument("reviewed", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    try:
        found, left = read(options.reviewed)
    except LabelError as error:
        print(error, file=sys.stderr)
        return 1
    messages, cases = write(found, options.folder)
    print(f"{messages} messages for training, {cases} cases for scoring, {left} rows without a level.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
