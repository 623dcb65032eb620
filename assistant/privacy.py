"""What is left of an event when it is written down: what the next turn needs, not what a person typed.

Kept are slots, intents, names of actions and of facts, times. Left out are texts, what was recognised in
them, quotations in what the bot said, ids of messages, and of a telephone number all but its prefix.
``KEEP_TEXT=1`` keeps everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from assistant import payloads, settings
from assistant.conversation import LANGUAGE, clean_metadata
from baclofen import countries

ALWAYS = ("event", "timestamp", "type_name")
"""Keys that any event keeps."""

KEPT: dict[str, tuple[str, ...]] = {
    "user": ("input_channel",),
    "bot": (),
    "slot": ("name",),
    "action": ("name", "policy", "confidence", "hide_rule_turn"),
    "rewind": (),
    "restart": (),
    "session_started": (),
    "reset_slots": (),
    "undo": (),
    "pause": (),
    "resume": (),
    "active_loop": ("name",),
    "loop_interrupted": ("is_interrupted",),
    "followup": ("name",),
    "action_execution_rejected": ("name", "policy", "confidence"),
    "user_featurization": ("use_text_for_featurization",),
}
"""What else an event of a kind keeps as it is. A kind that is not here has its name and time alone."""

OURS = ("model_id", "assistant_id", "utter_action")
"""Keys of Rasa's own metadata that say nothing of a person."""

DIGITS = 12
"""Characters of a telephone number as it is written down."""


def redacted(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event, as ``Event.as_dict`` gives it, in the form in which it is written down.

    The result can be read back by ``Event.from_parameters``; reducing it again changes nothing.
    """
    if settings.keep_text():
        return dict(event)
    kind = str(event.get("event"))
    kept = {key: event[key] for key in (*ALWAYS, *KEPT.get(kind, ())) if key in event}
    if "metadata" in event:
        kept["metadata"] = _metadata(event["metadata"])
    if kind == "user":
        kept |= {"text": None, "parse_data": _parsed(event.get("parse_data")), "message_id": None}
    elif kind == "bot":
        kept |= {"text": None, "data": _said(event.get("data"))}
    elif kind == "slot":
        kept["value"] = _slot(str(event.get("name")), event.get("value"))
    return kept


def _metadata(metadata: Any) -> dict[str, Any]:
    """Return of metadata what tells the place, and what Rasa's own part of it says."""
    if not isinstance(metadata, Mapping):
        return {}
    kept: dict[str, Any] = dict(_place(clean_metadata(metadata)))
    return kept | {key: metadata[key] for key in OURS if isinstance(metadata.get(key), str)}


def _parsed(parsed: Any) -> dict[str, Any]:
    """Return of what was understood the intent alone."""
    intent = parsed.get("intent") if isinstance(parsed, Mapping) else None
    if not isinstance(intent, Mapping):
        return {"intent": {}, "entities": [], "text": None}
    kept = {key: intent[key] for key in ("name", "confidence") if key in intent}
    return {"intent": kept, "entities": [], "text": None}


def _said(data: Any) -> dict[str, Any]:
    """Return of what the bot said the fact that it told and the intents that it offered: what comes next may
    be about that fact, or the number of a choice."""
    if not isinstance(data, Mapping):
        return {}
    custom = data.get("custom")
    fact = custom.get("fact") if isinstance(custom, Mapping) else None
    said: dict[str, Any] = {}
    if isinstance(fact, Mapping) and "id" in fact:
        said["custom"] = {"fact": {"id": fact["id"]}}
    buttons = data.get("buttons") or ()
    offered = [str(button.get("payload")) for button in buttons if isinstance(button, Mapping)]
    if offered and all(payloads.intent_of(payload) for payload in offered):
        said["buttons"] = [{"title": "", "payload": payload.strip()} for payload in offered]
    return said


def _slot(name: str, value: Any) -> Any:
    """Return the value of a slot; of one that is not ours, nothing."""
    if name == "episode":
        return value
    if name == "language" and isinstance(value, Mapping):
        return {key: _language(tag) for key, tag in value.items() if key in LANGUAGE and _language(tag)}
    if name == "country" and isinstance(value, Mapping):
        return _place(value)
    return _metadata(value) if name == "session_started_metadata" and value is not None else None


def _place(known: Mapping[str, Any]) -> dict[str, str]:
    """Return what is known of a place, as far as it names a country; a client may send any words."""
    kept = {key: read(value) for key, read in _READERS.items() if isinstance(value := known.get(key), str)}
    return {key: value for key, value in kept.items() if value}


def _language(tag: Any) -> str:
    """Return the language of a tag such as ``en-GB``, without what stands behind it."""
    match = _TAG.match(tag) if isinstance(tag, str) else None
    return match[0] if match else ""


def prefix_of(phone: str) -> str:
    """Return a number that has the prefix of its country and zeros behind it, empty where it tells none."""
    code = countries.code_of_phone(phone)
    country = countries.load().get(code) if code else None
    if country is None:
        return ""
    for prefix in sorted(country.phone_prefixes, key=len):
        made = prefix.ljust(DIGITS, "0")
        if countries.code_of_phone(made) == code:
            return made
    return ""


_TAG = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")

_READERS: dict[str, Callable[[str], str]] = {
    "said": lambda value: countries.code_of(value) or "",
    "given": lambda value: countries.code_of(value) or "",
    "country": lambda value: countries.code_of(value) or "",
    "phone": prefix_of,
    "time_zone": lambda value: value if countries.code_of_time_zone(value) else "",
    "locale": lambda value: f"{_language(value)}-{code}" if (code := countries.code_of_locale(value)) else "",
    "language": _language,
}
"""How each hint is written down; a hint that tells no country is left out."""
