# ruff: noqa: E501 (sentences are not broken)
"""Replies in the bot's shape, with its words: a text and its machine-readable part may be two messages."""

from __future__ import annotations

from typing import Any

EMERGENCY_SENTENCE = "If someone may be in danger, call 911 now."

Reply = list[dict[str, Any]]


def _line(kind: str, label: str, number: str, uri: str) -> dict[str, str]:
    return {"kind": kind, "label": label, "number": number, "uri": uri}


US_911 = _line("emergency", "Emergency services", "911", "tel:911")
US_POISON = _line("poison", "Poison Help", "1-800-222-1222", "tel:18002221222")
US_988 = _line("crisis", "988 Suicide & Crisis Lifeline", "988", "tel:988")
GB_999 = _line("emergency", "Emergency services", "999", "tel:999")
GB_112 = _line("emergency", "Emergency services", "112", "tel:112")


def _triage(level: str, words: str, call: list[dict[str, str]], country: str = "US") -> dict[str, Any]:
    signs = [{"key": "any", "words": words, "reader": "rules"}] if words else []
    return {"triage": {"level": level, "country": country, "language": "en", "signs": signs, "call": call}}


FACT = {
    "id": "overdose_signs",
    "sources": [
        {
            "title": "Baclofen tablets, US label",
            "url": "https://label.example/baclofen",
            "date": "2024-03-01",
        },
        {"title": "Leung et al. Baclofen overdose", "url": "https://journal.example/leung", "date": "2006"},
    ],
    "reviewed_on": "2026-11-22",
    "review_status": "researched, not reviewed by a clinician",
}

EMERGENCY = (
    "Call 911 now, on speaker. If they breathe, roll them on one side. If not, push hard on the chest."
)

CARE = """Then ask for poison advice: Poison Help on 1-800-222-1222 (24 hours).
While you wait:
- If they breathe, roll them on one side. Tip the head back a little.
- Check their breathing again and again until help comes.
- Get the packs and bottles ready for the crew.
- Do not make them throw up. Give no food or drink. Do not let them sleep it off alone.
- Do not put them in a cold shower. Do not drive them yourself: wait for the ambulance.
Tell the operator: baclofen, the strength, how much, when, what else was taken, and what you see now."""

ANSWER = """Look for very weak or floppy muscles, vomiting, seizures, slow or stopped breathing, or passing out. Other signs are a cold body, a slow heartbeat, high or low blood pressure and slow reflexes.

Someone may first be very sleepy or confused. If they will not wake, breathe badly or have a fit, call your \
emergency number at once. If more was taken than was prescribed, call the poison centre now, even with no signs."""

URGENT = """Call for poison advice now: Poison Help on 1-800-222-1222 (24 hours). Say what was taken, how much and when.
Call 911 at once if someone is hard to wake, breathes slowly or oddly, has a fit, faints, turns blue, or is very \
confused or cold.
Take no more baclofen, alcohol or sleeping pills until they advise you.
Stay with someone for the next hours. Signs can start late. Do not drive."""

CRISIS = (
    "Call or text 988 now, or 911 if anything was taken or life is in danger. You matter. Was anything taken?"
)

CRISIS_CARE = """I am glad you wrote. You do not have to carry this alone.
- Ask someone you trust to come and stay with you.
- Put pills and other things that can hurt out of reach.
- If you worry about someone else: stay with them and ask them straight out.
- If anything was taken, call 911 now. Do not wait to feel ill.
Was anything taken? Yes or no is enough."""

AWARENESS = """If this is happening now, call 911. Do not wait if someone is hard to wake, breathes oddly, has a fit \
or took too much. For poison advice: Poison Help on 1-800-222-1222 (24 hours)."""

REPLIES: dict[str, Reply] = {
    "signs": [
        {"text": ANSWER},
        {"custom": {"fact": FACT}},
        {"text": AWARENESS},
        {"custom": _triage("awareness", "", [US_911, US_POISON])},
    ],
    "wake": [
        {"text": EMERGENCY},
        {"custom": _triage("emergency", "wont wake up", [US_911, US_POISON])},
        {"text": CARE},
    ],
    "overdose": [
        {
            "text": EMERGENCY,
            "custom": _triage("emergency", "I think this is an overdose", [US_911, US_POISON]),
        },
        {"text": CARE},
    ],
    "london": [
        {"text": "Call 999 or 112 now."},
        {"custom": _triage("emergency", "not breathing", [GB_999, GB_112], "GB")},
        {"text": "Stay with them. Keep checking that they breathe. Unlock the door."},
    ],
    "max": [
        {"text": EMERGENCY},
        {"custom": _triage("emergency", "not breathing", [US_911])},
        {"text": CARE},
        {"text": "The label names 80 mg a day as the most."},
        {"custom": {"fact": {**FACT, "id": "maximum_dose"}}},
    ],
    "double": [
        {"text": URGENT},
        {"custom": _triage("urgent", "took my dose twice", [US_POISON, US_911])},
        {"text": "A missed dose can be taken later the same day."},
        {"custom": {"fact": {**FACT, "id": "missed_dose"}}},
    ],
    "end it": [
        {"text": CRISIS, "buttons": [{"title": "Yes, I took something", "payload": "I took something"}]},
        {"custom": _triage("crisis", "want to end it", [US_988, US_911])},
        {"text": CRISIS_CARE},
    ],
    "evil": [
        {"text": "<img src=x onerror=alert(1)> & <b>bold</b>"},
        {
            "custom": _triage(
                "urgent",
                "<script>alert(1)</script>",
                [
                    _line("poison", "<i>x</i>", "1", "javascript:alert(1)"),
                    _line("poison", "P", "22", "https://evil.example"),
                ],
            )
        },
        {
            "text": "A fact",
            "custom": {"fact": {**FACT, "sources": [{"title": "<u>t</u>", "url": "javascript:alert(1)"}]}},
        },
    ],
    "huge": [
        {
            "text": "\u202e<script>alert(1)</script> [x](javascript:alert(1)) " + "W" * 100_000 + " END",
            "buttons": [{"title": {"a": 1}, "payload": ["x"]}, {"title": "<b>b</b>"}, None, 7],
            "custom": {
                "fact": {"sources": "none", "page": "javascript:alert(1)", "reviewed_on": "9999-99-99"}
            },
        }
    ],
    "hostile": [
        {
            "text": "\u202eCall now <svg onload=alert(1)>\n"
            + "- \u202eW\n" * 20
            + "<iframe src=//evil.example>" * 4_000,
            "custom": {
                "triage": {
                    "level": "emergency",
                    "country": "<b>US</b>",
                    "language": 'en" onclick=alert(1)',
                    "signs": [
                        {"words": "\u202e" + "<script>alert(1)</script>" * 4_000},
                        None,
                        7,
                        {"words": {"a": 1}},
                    ],
                    "call": [
                        _line("emergency", "\u202e<img src=x onerror=alert(1)>" * 50, "911", "tel:911"),
                        _line("emergency", "x", "12", "tel:12;javascript:alert(1)"),
                        _line("__proto__", "x", "13", "data:text/html,<script>alert(1)</script>"),
                    ],
                }
            },
        },
        {
            "text": "more",
            "custom": {
                "triage": {"level": "__proto__"},
                "fact": {"sources": [None, 1, {"url": "//evil.example"}]},
            },
        },
    ],
    "menu": [
        {
            "text": "Did you mean one of these?",
            "buttons": [
                {"title": "What is baclofen?", "payload": "/what_is_baclofen"},
                {"title": "The signs", "payload": "What are the signs?"},
            ],
        }
    ],
    "hello": [{"text": "Hello. Ask me anything about baclofen."}],
}


def reply_to(message: str) -> Reply:
    """Return the canned reply whose key is in the message."""
    for key, reply in REPLIES.items():
        if key in message.lower():
            return [{"recipient_id": "you", **part} for part in reply]
    return [{"recipient_id": "you", "text": f"You said: {message}"}]
