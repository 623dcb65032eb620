"""Message 1 of an emergency or a crisis: what to do now, with the number, in one text message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baclofen import countries, phone_lines
from baclofen.countries import Place
from baclofen.dataset import Problem, check_for, problem_at
from baclofen.gsm7 import fits_one_message
from baclofen.wording import Wording

if TYPE_CHECKING:
    from baclofen.triage import Triage

FITTED_TO = (
    "breathing", "unconscious", "seizure", "self_harm", "child", "opioid", "pump", "withdrawal", "vomiting",
    "kidney",
)  # fmt: skip
"""What the signs can be about that has first words of its own, the most pressing first."""

HUSHED = "hushed"
"""In ``Triage.about``: the user wants to hear no more of it."""
NOT_TAKEN = "not_taken"
"""In ``Triage.about``: the user said that nothing was taken."""


def text(triage: Triage, place: Place | None, words: Wording, first_time: bool = True) -> str:
    """Return message 1.

    Args:
        first_time: False on later turns of the episode, when help may be on its way.

    Raises:
        KeyError: the wording lacks a part or uses an unknown ``{name}``.
    """
    first, about = is_first(triage, first_time), triage.about
    hushed = HUSHED in about and not first
    if triage.level == "crisis":
        key = _crisis_key(place, first, hushed)
        sentences = words["first_words"]["crisis"][key]
        if key != HUSHED and about & {HUSHED, NOT_TAKEN}:
            sentences = sentences[:-1]  # the question, which was answered
    elif hushed:
        sentences = words["first_words"]["emergency"][HUSHED]
    else:
        sentences = _emergency_sentences(about, words["first_words"]["emergency"], first, triage.episode.said)
    return _said(sentences, place, words)


def is_first(triage: Triage, first_time: bool) -> bool:
    """Whether the words of this level are due in full: at first, and when a crisis becomes an emergency."""
    said = triage.episode.said
    return triage.level not in said if said else first_time


def fitted(sentences: Sequence[str], ending: Sequence[str] = ()) -> str:
    """Return as many sentences, in order, as one text message carries; the first and the ending always."""
    said = [sentences[0], *ending]
    for number, sentence in enumerate(sentences[1:], start=1):
        longer = [*said[:number], sentence, *ending]
        if not fits_one_message(" ".join(longer)):
            break
        said = longer
    return " ".join(said)


def _said(sentences: Sequence[str], place: Place | None, words: Wording) -> str:
    filled = phone_lines.places(words, place)
    return fitted([sentence.format(**filled) for sentence in sentences], phone_lines.elsewhere(words, place))


def _emergency_sentences(
    about: frozenset[str], emergency: Mapping[str, Sequence[str]], first: bool, said: frozenset[str]
) -> Sequence[str]:
    pressing = [key for key in FITTED_TO if key in about]
    if first:
        said = frozenset()
    key = next((key for key in pressing if key not in said), [*pressing, "default"][0])
    if first:
        return emergency[key]
    later = emergency["later"]
    return later if key == "default" else [later[0], *emergency[key][1:]]


def _crisis_key(place: Place | None, first: bool, hushed: bool = False) -> str:
    if not place or not place.country:
        return "unknown_place"
    if not any(line.checked for line in place.country.crisis):
        return "no_line"
    return "default" if first else HUSHED if hushed else "later"


@check_for("wording/*.yml")
def check_first_messages(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """In every country, message 1 fits one text message and names the number."""
    del root
    for path, words in files.items():
        for keys, sentences, place in _every_first_message(words):
            name = place.country.name if place.country else "no country"
            try:
                said = _said(sentences, place, words)
            except (KeyError, IndexError, ValueError) as error:
                yield problem_at(path, keys, f"holds a {{name}} that nothing fills in ({error})")
                continue
            number = (
                place.country.emergency[0].number
                if place.country
                else words["numbers"]["unknown_place"][0]["number"]
            )
            if not fits_one_message(said):
                yield problem_at(
                    path, keys, f"is too long for one text message ({name}); shorten the first sentence"
                )
            elif not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", said):
                yield problem_at(
                    path, keys, f"does not name {number} ({name}); put {{number}} into the first sentence"
                )


def _every_first_message(words: Wording) -> Iterator[tuple[tuple[str, str, str], Sequence[str], Place]]:
    known = countries.load().values()
    places = [Place(country, default) for country in known for default in (True, False)] + [Place(None, True)]
    for place in places:
        for key, sentences in words["first_words"]["emergency"].items():
            yield ("first_words", "emergency", key), sentences, place
        for key in {_crisis_key(place, True), _crisis_key(place, False), _crisis_key(place, False, True)}:
            yield ("first_words", "crisis", key), words["first_words"]["crisis"][key], place
