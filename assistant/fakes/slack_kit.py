"""What Slack accepts as blocks. Source: https://docs.slack.dev/reference/block-kit/blocks and its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from assistant.fakes.shapes import Button

MOST_BLOCKS = 50
MOST_ELEMENTS = 25
MOST_CONTEXT = 10
MOST_FIELDS = 10
LONGEST = {
    "section": 3000,
    "field": 2000,
    "header": 150,
    "button": 75,
    "value": 2000,
    "url": 3000,
    "id": 255,
    "context": 3000,
}
"""Characters."""

STYLES = (None, "primary", "danger")


class BlockError(ValueError):
    """Slack refuses the blocks; the text names the place, as Slack's own does."""


def check(blocks: Any) -> tuple[str, tuple[Button, ...]]:
    """Return the words and the buttons of blocks.

    Raises:
        BlockError: Slack would refuse them.
    """
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= MOST_BLOCKS:
        raise BlockError(f"must be 1 to {MOST_BLOCKS} blocks [json-pointer:/blocks]")
    words: list[str] = []
    buttons: list[Button] = []
    for number, block in enumerate(blocks):
        at = f"/blocks/{number}"
        kind = block.get("type") if isinstance(block, dict) else None
        reader = READERS.get(str(kind))
        if reader is None:
            raise BlockError(f"unsupported type: {kind} [json-pointer:{at}/type]")
        _short(block.get("block_id", ""), "id", f"{at}/block_id")
        for part in reader(block, at):
            if isinstance(part, Button):
                buttons.append(part)
            else:
                words.append(part)
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        raise BlockError("block_id must be unique [json-pointer:/blocks]")
    return "\n".join(words), tuple(buttons)


def _section(block: dict[str, Any], at: str) -> Iterator[str | Button]:
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        raise BlockError(f"missing required field: text [json-pointer:{at}]")
    if "text" in block:
        yield _text(block["text"], "section", f"{at}/text")
    if len(fields) > MOST_FIELDS:
        raise BlockError(f"no more than {MOST_FIELDS} items allowed [json-pointer:{at}/fields]")
    for number, field in enumerate(fields):
        yield _text(field, "field", f"{at}/fields/{number}")
    if "accessory" in block:
        yield _button(block["accessory"], f"{at}/accessory")


def _actions(block: dict[str, Any], at: str) -> Iterator[str | Button]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= MOST_ELEMENTS:
        raise BlockError(f"must be 1 to {MOST_ELEMENTS} items [json-pointer:{at}/elements]")
    names = [element.get("action_id") for element in elements if element.get("action_id")]
    if len(names) != len(set(names)):
        raise BlockError(f"action_id must be unique [json-pointer:{at}/elements]")
    for number, element in enumerate(elements):
        yield _button(element, f"{at}/elements/{number}")


def _header(block: dict[str, Any], at: str) -> Iterator[str | Button]:
    yield _text(block.get("text"), "header", f"{at}/text", kinds=("plain_text",))


def _context(block: dict[str, Any], at: str) -> Iterator[str | Button]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= MOST_CONTEXT:
        raise BlockError(f"must be 1 to {MOST_CONTEXT} items [json-pointer:{at}/elements]")
    for number, element in enumerate(elements):
        yield _text(element, "context", f"{at}/elements/{number}")


def _divider(block: dict[str, Any], at: str) -> Iterator[str | Button]:
    return iter(())


READERS: dict[str, Callable[[dict[str, Any], str], Iterator[str | Button]]] = {
    "section": _section,
    "actions": _actions,
    "header": _header,
    "context": _context,
    "divider": _divider,
}
"""The types of block that a chatbot sends; images, inputs and rich text are refused here."""


def _text(given: Any, longest: str, at: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> str:
    if not isinstance(given, dict) or given.get("type") not in kinds:
        raise BlockError(f"must be an object of type {' or '.join(kinds)} [json-pointer:{at}]")
    text = given.get("text")
    if not isinstance(text, str) or not text:
        raise BlockError(f"must be more than 0 characters [json-pointer:{at}/text]")
    return _short(text, longest, f"{at}/text")


def _button(given: Any, at: str) -> Button:
    if not isinstance(given, dict) or given.get("type") != "button":
        raise BlockError(f"unsupported type: only buttons are known here [json-pointer:{at}/type]")
    title = _text(given.get("text"), "button", f"{at}/text", kinds=("plain_text",))
    name = _short(given.get("action_id", ""), "id", f"{at}/action_id")
    if given.get("style") not in STYLES:
        raise BlockError(f"must be a valid enum value [json-pointer:{at}/style]")
    value = _short(given.get("value", ""), "value", f"{at}/value")
    return Button(title, value, _short(given.get("url", ""), "url", f"{at}/url"), name)


def _short(given: Any, name: str, at: str) -> str:
    if not isinstance(given, str):
        raise BlockError(f"must be a string [json-pointer:{at}]")
    if len(given) > LONGEST[name]:
        raise BlockError(f"must be less than {LONGEST[name] + 1} characters [json-pointer:{at}]")
    return given
