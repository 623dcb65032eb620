"""The messages that only judge are not among those that teach."""

from __future__ import annotations

from pathlib import Path

import pytest

from baclofen import dataset
from baclofen.paths import DATA, ROOT
from tests.dataset.test_messages import plain

FOLDERS = (ROOT / "tests" / "strangers", ROOT / "tests" / "emergencies")
FEW = 4
"""Words: shorter messages ("thank you") may stand in both."""

TAUGHT = {
    plain(row["text"])
    for file in sorted((DATA / "messages").glob("*.jsonl"))
    for row in dataset.load_jsonl(file)
}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_judges_does_not_teach(folder: Path) -> None:
    texts = [
        row["text"]
        for file in sorted(folder.glob("*.jsonl"))
        for row in dataset.load_jsonl(file)
        if "text" in row
    ]
    assert texts
    assert [text for text in texts if len(text.split()) >= FEW and plain(text) in TAUGHT] == []


def test_a_taught_message_would_be_noticed() -> None:
    file = sorted((DATA / "messages").glob("*.jsonl"))[0]
    assert plain(dataset.load_jsonl(file)[0]["text"]) in TAUGHT
