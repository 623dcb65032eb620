"""Without any data file, every reply still holds an emergency number."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from baclofen import countries, replies
from baclofen.countries import Place

SCRIPT = """
import json
from baclofen import countries, replies
from baclofen.triage import Triage
place = countries.resolve(given="GB")
said = []
for level in ("emergency", "crisis"):
    said.append(replies.Message(replies.first_words(Triage(level), place)))
    said += replies.escalation(Triage(level), place)[:1]
for level in ("urgent", "awareness"):
    said.append(replies.advice(Triage(level), place))
said += [replies.small_talk("greet", place), replies.nearest([])]
said += [replies.unavailable(place), replies.last_resort()]
care = replies.escalation(Triage("emergency"), place)[1].text
parts = [message.custom for message in said if message.custom]
print(json.dumps({"texts": [message.text for message in said], "care": care, "parts": parts,
                  "stated": countries.stated_country("we're in Leipzig")}))
"""


def test_with_the_data_folder_gone_every_reply_names_911_999_and_112(tmp_path: Path) -> None:
    environment = {**os.environ, "BACLOFEN_DATA": str(tmp_path / "nowhere")}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = json.loads(run.stdout)
    for text in said["texts"]:
        assert all(number in text for number in ("911", "999", "112"))
    assert "on one side" in said["care"]
    assert said["stated"] is None
    levels = [part["triage"]["level"] for part in said["parts"]]
    assert levels == ["emergency", "crisis", "urgent", "awareness"]
    assert all(part["triage"]["call"][0]["number"] == "911" for part in said["parts"])


def test_the_last_resort_names_the_number_of_a_known_place() -> None:
    assert "999" in (replies.last_resort(Place(countries.load()["GB"], False)).text or "")


@pytest.mark.parametrize("place", [None, Place(None, True), "nonsense", 3])
def test_the_last_resort_never_raises(place: object) -> None:
    text = replies.last_resort(place).text or ""  # type: ignore[arg-type]
    assert all(number in text for number in ("911", "999", "112"))
    assert replies.is_gsm7(text)
    assert len(text) <= 160


@pytest.mark.parametrize("verdict", [None, "emergency", 7])
def test_a_broken_verdict_gets_the_last_resort_and_no_error(verdict: object) -> None:
    first, care = replies.escalation(verdict, Place(None, True))  # type: ignore[arg-type]
    assert "911" in (first.text or "")
    assert care.text
    assert "911" in replies.first_words(verdict, None)  # type: ignore[arg-type]
    assert "911" in (replies.advice(verdict, None).text or "")  # type: ignore[arg-type]
