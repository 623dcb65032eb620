"""What a messaging channel says where there is no text to answer, and to the words that carriers demand."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baclofen import countries, phone_lines, replies, wording
from baclofen.countries import Place
from baclofen.dataset import Problem, check_for, problem_at
from baclofen.gsm7 import fits_one_message
from baclofen.wording import Wording

if TYPE_CHECKING:
    from baclofen.replies import Message

logger = logging.getLogger(__name__)

UNREAD = ("voice", "picture", "sticker", "place", "file", "empty")
"""Kinds of messages that hold no text."""

CARRIER = ("stop", "start", "help")
"""Words that carriers demand an answer to; each answer is one text message that names the number."""


def notice(key: str, place: Place | None, language: str = "en") -> Message:
    """Return the answer to a message without text, or to a carrier's word: it names the emergency number.

    Args:
        key: one of :data:`UNREAD` or :data:`CARRIER`.
    """
    try:
        words = wording.load(language)
        said = words["channels"][key].format(**phone_lines.places(words, place))
        lines = [] if key in CARRIER else phone_lines.elsewhere(words, place)
        return replies.Message(" ".join([said, *lines]))
    except Exception:
        logger.exception("Notice from the last resort")
        return replies.last_resort(place)


@check_for("wording/*.yml")
def check_notices(files: Mapping[Path, Any], root: Path) -> Iterator[Problem]:
    """What answers a carrier's word fits one text message in every country with a number of its own."""
    del root
    for path, words in files.items():
        for key in CARRIER:
            for place in _places():
                yield from _check_notice(path, words, key, place)


def _places() -> list[Place]:
    return [Place(country, False) for country in countries.load().values()]


def _check_notice(path: Path, words: Wording, key: str, place: Place) -> Iterator[Problem]:
    way = ("channels", key)
    try:
        said = words["channels"][key].format(**phone_lines.places(words, place))
    except (KeyError, IndexError, ValueError) as error:
        yield problem_at(path, way, f"holds a {{name}} that nothing fills in ({error})")
        return
    if not fits_one_message(said):
        name = place.country.name if place.country else "no country"
        yield problem_at(path, way, f"is too long for one text message ({name}); shorten it")
