"""What Telegram accepts as inline keyboards and as HTML. Source: https://core.telegram.org/bots/api."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

from assistant.fakes.server import Rejection
from assistant.fakes.shapes import Button

LONGEST_PAYLOAD = 64
"""Bytes of callback_data."""

MOST_BUTTONS = 100
TAGS = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "code",
        "del",
        "em",
        "i",
        "ins",
        "pre",
        "s",
        "span",
        "strike",
        "strong",
        "tg-emoji",
        "tg-spoiler",
        "u",
    ]
)
SCHEMES = ("http://", "https://", "tg://")


def bad(reason: str) -> Rejection:
    return Rejection(400, 400, f"Bad Request: {reason}")


def keyboard(markup: Any) -> tuple[Button, ...]:
    """Return the buttons of an inline keyboard, row by row.

    Raises:
        Rejection: Telegram would refuse it.
    """
    if markup in (None, ""):
        return ()
    try:
        markup = json.loads(markup) if isinstance(markup, str) else markup
        rows = markup.get("inline_keyboard", [])
        flat = [button for row in rows for button in row]
    except (ValueError, AttributeError, TypeError):
        raise bad("can't parse reply keyboard markup JSON object") from None
    if len(flat) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    return tuple(_button(button) for button in flat)


def _button(given: Any) -> Button:
    text = given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    if len({"callback_data", "url"} & set(given)) != 1:
        raise bad("Text buttons are unallowed in the inline keyboard")
    if "url" in given:
        if not str(given["url"]).startswith(SCHEMES):
            raise bad(f"inline keyboard button URL '{given['url']}' is invalid: Unsupported URL protocol")
        return Button(text, url=str(given["url"]))
    if not 1 <= len(str(given["callback_data"]).encode()) <= LONGEST_PAYLOAD:
        raise bad("BUTTON_DATA_INVALID")
    return Button(text, str(given["callback_data"]))


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise bad(f'can\'t parse entities: Unexpected end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def plain(text: str) -> str:
    """Return what a text in Telegram's HTML shows.

    Raises:
        Rejection: a tag that Telegram does not know, or that is not closed.
    """
    parser = _Markup()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise bad(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{parser.open[-1]}\""
        )
    return "".join(parser.text)
