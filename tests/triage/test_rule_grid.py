"""All of it, no sample: every grave sentence of the data, framed and typed in any way, is an emergency."""

from __future__ import annotations

import pytest

from tests.triage.reading import GRAVE, level_of

FRAMES = [
    "{}",
    "help {}",
    "{} please help",
    "please, {}, what do i do",
    "it is raining. {}",
    "{}. it is raining",
    "no fever. {}",
    "{}, no fever",
    "he is not drunk. {}",
    "my phone is nearly dead. {}",
    "i read your leaflet. {}",
    "sorry to bother you but {}",
    "is this normal? {}",
    "it says call if in doubt. {}",
    "we watched a film. then this: {}",
    "last year was bad. {}",
    "{}. is that bad?",
]
"""What people say around it; none of it makes it less."""

SURFACES = {
    "as it is": lambda text: text,
    "upper case": str.upper,
    "no marks": lambda text: text.replace("'", "").replace(",", ""),
    "shouted": lambda text: text + "!!!",
    "curly": lambda text: text.replace("'", "’"),
    "blanks": lambda text: text.replace(" ", "  "),
    "zero width": lambda text: text.replace("e", "e\u200b"),
    "accents": lambda text: text.replace("a", "á"),
    "emoji": lambda text: f"😭{text}😭",
}


@pytest.mark.parametrize("frame", FRAMES)
def test_every_grave_sentence_is_an_emergency_however_it_is_typed(frame: str) -> None:
    missed = []
    for sentence in GRAVE:
        for name, surface in SURFACES.items():
            text = surface(frame.format(sentence))
            if level_of(text) != "emergency":
                missed.append(f"{name}: {text}")
    assert missed == []
