"""What the bot says: the emergency words, the care, the advice, the answers and the small talk.

Built from ``data/wording`` and ``data/countries``. Whatever is wrong with those files, a function here
returns a sentence with an emergency number instead of raising. No text of a user ever stands in a reply,
except, as a quotation, in ``custom.triage.signs[].words``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from baclofen import facts, first_message, phone_lines, wording
from baclofen.gsm7 import gsm7_length, is_gsm7
from baclofen.wording import Wording

if TYPE_CHECKING:
    from baclofen.countries import Place
    from baclofen.triage import Triage

__all__ = [
    "Button", "Message", "advice", "busy", "escalation", "fact", "first_words", "follow_up", "gsm7_length",
    "is_gsm7", "last_resort", "nearest", "small_talk", "unavailable",
]  # fmt: skip

logger = logging.getLogger(__name__)

LAST_RESORT = (
    "Call your emergency number now if anyone is in danger: "
    "911 (US, Canada), 999 (UK), 112 (EU, most mobiles)."
)
LAST_RESORT_CARE = (
    "Stay with them. If they breathe but do not wake, roll them on one side. If they do not breathe, "
    "push hard and fast on the chest. Do not make them throw up. Say what was taken, how much and when."
)
LAST_RESORT_CALLS = (("US, Canada", "911"), ("UK", "999"), ("EU", "112"))

CARE_FOR = (
    "breathing", "unconscious", "seizure", "opioid", "child", "self_harm", "pump", "withdrawal", "kidney",
    "vomiting", "cold", "confused", "heart",
)  # fmt: skip
ADVICE_FOR = ("pump", "withdrawal", "child", "kidney", "opioid")
AWARE_FOR = ("animal", "self_harm", "pump", "withdrawal")
HANDOVER = "handover"
"""In ``Triage.about``: doctors or the crew have taken over."""
CORRECTED = "corrected"
"""In ``Triage.about``: the user took a graver report back."""
STEPS = "steps"
"""In ``Triage.about``: the user asks what to do."""
MOST_LINES = 9
MORE = "follow_more"
"""The intent that asks for the rest of an answer."""
SHORTEST = 20
"""Characters that a sentence has to have to be an answer by itself."""


@dataclass(frozen=True)
class Button:
    """A choice to tap: ``payload`` is sent as if the user had typed it."""

    title: str
    payload: str


@dataclass(frozen=True)
class Message:
    """One message of a reply: words, a machine-readable part, choices."""

    text: str | None = None
    custom: dict[str, Any] | None = None
    buttons: tuple[Button, ...] = ()


def first_words(triage: Triage, place: Place | None, language: str = "en", first_time: bool = True) -> str:
    """Return message 1: what to do now, with the number, in one plain text message.

    Args:
        first_time: False on later turns of the episode, when help may be on its way.
    """
    try:
        return first_message.text(triage, place, wording.load(language), first_time)
    except Exception:
        logger.exception("First words from the last resort")
        return _last_resort_text(place)


def escalation(
    triage: Triage, place: Place | None, language: str = "en", first_time: bool = True
) -> tuple[Message, Message]:
    """Return message 1, with the machine-readable part, and the care that follows it."""
    try:
        words = wording.load(language)
        is_due = first_message.is_first(triage, first_time) or STEPS in triage.about
        if triage.level == "crisis":
            care = _crisis_care(place, words) if is_due else _later_crisis_care(triage, place, words)
        else:
            care = _care(triage, place, words) if is_due else _later_care(triage, place, words)
        first = Message(first_message.text(triage, place, words, first_time), _custom(triage, place, words))
        return first, Message(care)
    except Exception:
        logger.exception("Escalation from the last resort")
        return Message(_last_resort_text(place), _bare_custom(triage, place)), Message(LAST_RESORT_CARE)


def advice(triage: Triage, place: Place | None, language: str = "en") -> Message:
    """Return the advice of an urgent message, or what an awareness message says beside its answer."""
    try:
        words = wording.load(language)
        filled = phone_lines.places(words, place)
        if triage.level == "awareness":
            lines = [words["awareness"][_awareness_key(triage)].format(**filled)]
        else:
            lines = [step.format(**filled) for step in _urgent_steps(triage, words)]
        return Message(
            "\n".join([*lines, *phone_lines.elsewhere(words, place)]), _custom(triage, place, words)
        )
    except Exception:
        logger.exception("Advice from the last resort")
        return Message(_last_resort_text(place), _bare_custom(triage, place))


def fact(
    item: facts.Fact,
    place: Place | None,
    language: str = "en",
    part: facts.Part = "short",
    medicine: Mapping[str, str] | None = None,
) -> Message:
    """Return a curated answer; the question about numbers gets those of the place.

    Answers exist in English only: in another language a sentence before it says so.

    Args:
        part: how much of it; a short answer that has more to it comes with a button for the rest.
        medicine: what the question names: ``name`` and ``title`` of ``baclofen.medicines.Medicine``; an
            empty one where it names something unknown. None where it names nothing.
    """
    try:
        words = wording.load(language)
        text = " ".join([*_named(medicine, words["answers"]), _answer(item, place, words, part)])
        if "english_only" in words:
            text = f"{words['english_only']}\n\n{text}"
        text = "\n".join([text, *_numbers_of(item.numbers, place, words)])
        has_more = part == "short" and item.full is not None
        buttons = (Button(words["answers"]["more"], f"/{MORE}"),) if has_more else ()
        return Message(text, {"fact": item.to_dict()}, buttons)
    except Exception:
        logger.exception("Answer from the last resort")
        return last_resort(place)


def follow_up(
    says: str, item: facts.Fact | None, place: Place | None = None, language: str = "en"
) -> Message:
    """Return what was asked about the answer before.

    Args:
        says: see ``baclofen.follow_ups.Says``.
        item: the fact that was answered before, None where there is none.
    """
    try:
        words = wording.load(language)
        own = words["answers"]
        if item is None:
            return Message(own["no_topic"], buttons=_suggestions(words))
        if says == "more" and item.full is not None:
            return fact(item, place, language, "full")
        short = _answer(item, place, words, "short")
        if says == "more":
            text = own["all_said"]
        elif says == "short":
            text = f"{own['in_short']} {_first_sentence(short)}"
        elif says == "sources":
            text = "\n".join([own["from"], *_sources(item, own)])
        elif says == "certainty":
            text = " ".join(_certainty(item, words))
        else:
            text = f"{own['asked']} {item.question}\n\n{short}"
        return Message(text, {"fact": item.to_dict()})
    except Exception:
        logger.exception("Follow-up from the last resort")
        return last_resort(place)


def _named(medicine: Mapping[str, str] | None, own: Mapping[str, str]) -> list[str]:
    """Return the sentence that says what the named medicine is; none where its group has its name."""
    if medicine is None:
        return []
    if not medicine:
        return [own["unknown_medicine"]]
    name, title = medicine["name"], medicine["title"]
    if name.lower().rstrip("s") in title.lower():
        return []
    return [own["of_class"].format(name=name[:1].upper() + name[1:], title=title)]


def _answer(item: facts.Fact, place: Place | None, words: Wording, part: facts.Part) -> str:
    code = place.country.code if place and place.country else None
    due = wording.day(words, date.fromisoformat(item.review_by))
    return facts.answer(item, code, notice=words["review_past"].format(review_by=due), part=part)


def _first_sentence(text: str) -> str:
    """Return the first sentence, or two where the first is as short as "No."."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return sentences[0] if len(sentences[0]) > SHORTEST else " ".join(sentences[:2])


def _sources(item: facts.Fact, own: Mapping[str, str]) -> list[str]:
    lines = []
    for source in item.sources:
        line = own["source"].format(title=source.title, publisher=source.publisher, date=source.date)
        line += own["unchecked_source"] if not source.checked else ""
        lines.append(f"{line} {source.url}" if source.url else line)
    return lines + ([] if item.checked else [own["unchecked"]])


def _certainty(item: facts.Fact, words: Wording) -> list[str]:
    own = words["answers"]
    reviewed = wording.day(words, date.fromisoformat(item.reviewed_on))
    is_reviewed = item.review_status == "reviewed by a clinician"
    said = [own["certainty"].format(reviewed=reviewed), own["reviewed" if is_reviewed else "not_reviewed"]]
    return said + ([] if item.checked else [own["unchecked"]]) + [own["ask_pharmacist"]]


def small_talk(key: str, place: Place | None = None, language: str = "en") -> Message:
    """Return calm conversation, without any number; an unknown key is out of scope."""
    del place
    try:
        words = wording.load(language)
        said = words["small_talk"]
        buttons = () if key in ("thanks", "goodbye") else _suggestions(words)
        return Message(said.get(key, said["out_of_scope"]), buttons=buttons)
    except Exception:
        logger.exception("Small talk from the last resort")
        return last_resort()


def nearest(questions: Iterable[str | facts.Fact], language: str = "en") -> Message:
    """Return the fallback: the nearest questions that have an answer, as choices."""
    try:
        words = wording.load(language)
        buttons = tuple(Button(q, q) if isinstance(q, str) else _asks(q.id, q.question) for q in questions)
        key = "ask" if buttons else "nothing_near"
        return Message(words["fallback"][key], buttons=buttons or _suggestions(words))
    except Exception:
        logger.exception("Fallback from the last resort")
        return last_resort()


def unavailable(place: Place | None = None, language: str = "en") -> Message:
    """Return what to say when an answer cannot be given just now: it holds the emergency number."""
    return _with_number("unavailable", place, language)


def busy(place: Place | None = None, language: str = "en") -> Message:
    """Return what to say when too many write at once: it holds the emergency number."""
    return _with_number("busy", place, language)


def _with_number(key: str, place: Place | None, language: str) -> Message:
    try:
        words = wording.load(language)
        filled = phone_lines.places(words, place)
        return Message("\n".join([words[key].format(**filled), *phone_lines.elsewhere(words, place)]))
    except Exception:
        logger.exception("Apology from the last resort")
        return last_resort(place)


def last_resort(place: Place | None = None) -> Message:
    """Return a sentence with an emergency number. It needs no file and never raises."""
    return Message(_last_resort_text(place))


def _last_resort_text(place: Place | None) -> str:
    try:
        if place and place.country and not place.is_default:
            return f"Call {place.country.emergency[0].number} now if anyone is in danger."
    except Exception:
        logger.exception("A place without a number")
    return LAST_RESORT


def _urgent_key(triage: Triage) -> str:
    if "animal" in triage.about:
        return "animal"
    if CORRECTED in triage.about or triage.episode.level in ("emergency", "crisis"):
        return "held"
    return next((key for key in ADVICE_FOR if key in triage.about), "default")


def _urgent_steps(triage: Triage, words: Wording) -> list[str]:
    """Return the steps; of those that were said before only what names a number."""
    urgent, episode = words["urgent"], triage.episode
    steps = [step["say"] for step in urgent[_urgent_key(triage)]]
    if "urgent" in episode.said and STEPS not in triage.about:
        steps = [step for step in steps if "{" in step]
    if triage.about & phone_lines.DESPAIRING - episode.said:
        steps.append(words["care"]["also_call_crisis"])
    return [*steps, urgent["how_many"]] if episode.asked == "amount" else steps


def _awareness_key(triage: Triage) -> str:
    if triage.clarify:
        return "clarify"
    if HANDOVER in triage.about:
        return "recovered"
    if CORRECTED in triage.about:
        return "corrected"
    return next((key for key in AWARE_FOR if key in triage.about), "default")


def _care(triage: Triage, place: Place | None, words: Wording) -> str:
    care, about = words["care"], triage.about
    filled = phone_lines.places(words, place)
    lines = [care["also_call_crisis"]] if about & phone_lines.DESPAIRING else []
    lines += [care["also_call_poison"]] if phone_lines.has(place, "poison") else []
    lines += [care["also_call_animal"]] if "animal" in about else []
    lines += [care["heading"], *(care["bullet"] + step for step in _steps(about, words))]
    lines.append(care["bullet"] + care["do_not"]["default"]["say"])
    tell = "pump" if "pump" in about else "child" if "child" in about else None
    ending = care[f"tell_operator_{tell}" if tell else "tell_operator"]["say"]
    if len(lines) + 2 <= MOST_LINES:
        lines.append(care["bullet"] + care["do_not"]["awake"]["say"])
    return "\n".join(line.format(**filled) for line in [*lines, ending])


def _later_care(triage: Triage, place: Place | None, words: Wording) -> str:
    """Return the care of a later turn: what is new, and one line that fits how things stand."""
    care, new = words["care"], triage.about - triage.episode.said
    lines = [care["also_call_crisis"]] if new & phone_lines.DESPAIRING else []
    lines += [care["also_call_animal"]] if "animal" in new else []
    steps = [step["say"] for key in CARE_FOR if key in new for step in care["steps"][key]]
    lines += [care["bullet"] + step for step in steps[: care["most_steps"]]]
    lines += [care[f"tell_operator_{key}"]["say"] for key in ("pump", "child") if key in new][:1]
    ending = next((key for key in (first_message.HUSHED, "better") if key in triage.about), "later")
    filled = phone_lines.places(words, place)
    return "\n".join(line.format(**filled) for line in [*lines, care[ending]["say"]])


def _steps(about: frozenset[str], words: Wording) -> list[str]:
    """Return what to do while waiting: the first step of each matter, then the second ones, then general."""
    steps, most = words["care"]["steps"], words["care"]["most_steps"]
    chosen = [steps[key] for key in CARE_FOR if key in about]
    by_turn = [each[turn]["say"] for turn in range(most) for each in chosen if turn < len(each)]
    general = [step["say"] for step in steps["default"]]
    return list(dict.fromkeys([*by_turn, *general]))[:most]


def _later_crisis_care(triage: Triage, place: Place | None, words: Wording) -> str:
    care, about = words["crisis_care"], triage.about
    if first_message.HUSHED in about:
        return str(words["care"]["hushed"]["say"])
    answered = first_message.NOT_TAKEN in about
    is_news = answered and first_message.NOT_TAKEN not in triage.episode.said
    lines = [care["not_taken" if is_news else "later"], _talk(place, words)]
    lines += [] if answered else [care["closing"]]
    filled = phone_lines.places(words, place)
    return "\n".join(line.format(**filled) for line in lines)


def _talk(place: Place | None, words: Wording) -> str:
    known = not place or not place.country or phone_lines.has(place, "crisis")
    return str(words["crisis_care"]["talk" if known else "no_line"])


def _crisis_care(place: Place | None, words: Wording) -> str:
    care = words["crisis_care"]
    lines = [care["opening"], _talk(place, words)]
    lines += [words["care"]["bullet"] + step["say"] for step in care["steps"]]
    filled = phone_lines.places(words, place)
    return "\n".join(line.format(**filled) for line in [*lines, care["closing"]])


def _numbers_of(kinds: Sequence[str], place: Place | None, words: Wording) -> list[str]:
    """Return a line for each kind of number; a crisis line only where the place has one."""
    if not kinds:
        return []
    filled = phone_lines.places(words, place)
    known = [kind for kind in kinds if kind != "crisis" or phone_lines.has(place, "crisis")]
    return [
        *(words["place_numbers"][kind].format(**filled) for kind in known),
        *phone_lines.elsewhere(words, place),
    ]


def _suggestions(words: Wording) -> tuple[Button, ...]:
    return tuple(_asks(row["fact"], row["say"]) for row in words["suggestions"])


def _asks(fact_id: str, title: str) -> Button:
    """Return a button that asks for a fact by its id: its words may be in any language."""
    return Button(title, f"/{fact_id}")


def _custom(triage: Triage, place: Place | None, words: Wording) -> dict[str, Any]:
    calls = phone_lines.call_list(triage.level, triage.about, place, words)
    return {"triage": _triage_part(triage, place, words["language"], calls)}


def _bare_custom(triage: Triage, place: Place | None) -> dict[str, Any] | None:
    """Return the machine-readable part where no file can be read; None where not even the verdict is one."""
    calls = [
        {"kind": "emergency", "label": f"Emergency ({where})", "number": number, "uri": f"tel:{number}"}
        for where, number in LAST_RESORT_CALLS
    ]
    try:
        return {"triage": _triage_part(triage, place, wording.DEFAULT, calls)}
    except Exception:
        logger.exception("A verdict that is none")
        return None


def _triage_part(
    triage: Triage, place: Place | None, language: str, calls: list[dict[str, str]]
) -> dict[str, Any]:
    part: dict[str, Any] = {
        "level": triage.level,
        "country": place.country.code if place and place.country else None,
        "language": language,
        "signs": [sign.to_dict() for sign in triage.signs],
        "call": calls,
    }
    return {**part, "clarify": True} if triage.clarify else part
