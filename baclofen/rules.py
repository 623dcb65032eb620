"""Rule reader: the signs that the lexicon, the amounts and the numbers of the body show, unless denied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from baclofen import amounts, together
from baclofen.context import FAR, Frame, Place, frame
from baclofen.denial import is_denied
from baclofen.glance import eye
from baclofen.hits import Scene, longest
from baclofen.lexicon import Hit, Lexicon, plain_text
from baclofen.message import Message
from baclofen.signs import Event, Level, Sign
from baclofen.text import words_of

MOST = 100
"""Times that one sign is looked at closely in one message: nobody says it so often and means it once."""
Kind = Literal["phrase", "amount", "number"]


@dataclass(frozen=True)
class Finding:
    """A sign of the lexicon in a message.

    Attributes:
        sign: key, words, reader and the level it has after its frame.
        about: what the emergency words have to fit.
        frame: how it was said; anything but ``now`` has lowered the level.
        kind: which part of the reader found it.
        sentence: what was typed in the sentence that holds it, as far as it was read.
        raised: what raised the level, see ``data/together.yml``; or "".
    """

    sign: Sign
    about: frozenset[str]
    frame: Frame
    kind: Kind
    sentence: str
    raised: str = ""


@dataclass(frozen=True)
class Reading:
    """What the rules made of a message.

    Attributes:
        findings: signs that were not denied.
        denied: signs that were: key and the words.
        context: baclofen, a swallowed medicine or the pump is spoken of.
        about: who or what it is about, whatever was found: child, animal, pump, opioid, kidney.
    """

    findings: tuple[Finding, ...]
    context: bool
    about: frozenset[str] = frozenset()
    denied: tuple[tuple[str, str], ...] = ()


def read(text: str, lexicon: Lexicon | None = None, context: bool = False) -> Reading:
    """Read a message by rule.

    Args:
        text: as typed.
        lexicon: signs of one language; None reads by all languages.
        context: the conversation has already named baclofen or a swallowed medicine.
    """
    plain, where = plain_text(text)
    seen = eye(lexicon).look(words_of(plain), context)
    found: dict[str, Finding] = {}
    denied: dict[str, str] = {}
    spoken_of = context or seen.context
    for each in seen.awake:
        there = _read(Message(text, each.punctuated(plain), where, each), context)
        spoken_of = spoken_of or there.context
        denied.update(there.denied)
        for finding in _combine(there.findings, seen.about[each.language]):
            _keep(found, finding)
    about = frozenset[str]().union(*seen.about.values())
    return Reading(tuple(found.values()), spoken_of, about, tuple(denied.items()))


@lru_cache(maxsize=512)
def reading(text: str, context: bool = False) -> Reading:
    """Return what :func:`read` makes of a message by all languages: who waits is looked at, then triaged."""
    return read(text, context=context)


def _read(message: Message, context: bool) -> Reading:
    """Read by one language, figures of speech left out."""
    reading = _read_literally(message, context)
    clear = message.without_figures() if reading.findings else message
    return reading if clear is message else _read_literally(clear, context)


def _read_literally(message: Message, context: bool) -> Reading:
    lexicon = message.lexicon
    found: dict[str, Finding] = {}
    denied: dict[str, str] = {}
    for tokens in message.readings():
        context = context or amounts.speaks_of_medicine(tokens, lexicon)
        hits = list(lexicon.find(tokens))
        scene = Scene(message, tokens, longest(hits), context)
        no = {id(hit) for hit in hits if is_denied(hit, scene)}
        for first, last, key in {(*hit.tokens, hit.sign.key) for hit in hits if id(hit) in no}:
            denied[key] = message.typed(tokens[first].start, tokens[last].end)
        tried = Counter[str]()
        for hit in longest(hit for hit in hits if id(hit) not in no):
            if tried[hit.sign.key] >= MOST or _is_settled(found, hit.sign.key, hit.sign.level):
                continue
            elif scene.counts(hit):
                tried[hit.sign.key] += 1
                finding = _of_hit(hit, scene)
                if finding is not None and (finding.frame != "now" or scene.is_meant(hit)):
                    _keep(found, finding)
        for event in amounts.find(tokens, lexicon, context):
            if not _is_settled(found, event.key, event.level):
                _keep(found, _finding(message, "amount", event, context))
    for measured in [message] if message.mended is message else [message, message.mended]:
        for event in lexicon.vitals.find(measured.plain, context):
            if not _is_settled(found, event.key, event.level):
                _keep(found, _finding(measured, "number", event, context))
    return Reading(tuple(found.values()), context, denied=tuple(denied.items()))


def _of_hit(hit: Hit, scene: Scene) -> Finding | None:
    """Return what the words of a sign come to; None where nobody is ill."""
    tokens, sign = scene.tokens, hit.sign
    first, last = hit.tokens
    core = scene.core(hit)
    event = Event(
        sign.key, sign.level, sign.about, (tokens[first].start, tokens[last].end), tokens[core].start
    )
    finding = _finding(scene.message, "phrase", event, scene.context, scene.is_claim(hit))
    if finding is not None and amounts.is_of("animal", tokens, core, scene.lexicon):
        if not scene.context:
            return None  # a cat asleep in the sun: nothing says that it swallowed anything
        if finding.sign.level == "emergency":
            finding = replace(finding, sign=replace(finding.sign, level="urgent"))
    if finding is None or scene.context or finding.frame != "now":
        return finding
    return None if scene.is_about_nobody(hit) else finding


def _finding(message: Message, kind: Kind, event: Event, context: bool, claim: bool = True) -> Finding | None:
    """Return what an event comes to in its sentence; None where nobody is ill.

    Args:
        message: that holds it.
        kind: which part of the reader found it.
        event: a sign and its span in ``message.plain``.
        context: the medicine plays a part in the message.
        claim: the words say that it is so, see ``context.Place``.
    """
    start, end = event.span
    at = start if event.at is None else event.at
    sentence = message.sentence_at(at)
    place = Place.at(message.plain, sentence, at, claim, message.lexicon.pattern("turn"))
    how = frame(place, message, message.lexicon)
    if how == "well" or (how == "fiction" and not context):
        return None
    level: Level = event.level if how == "now" else "awareness"
    if event.level == "crisis" and how in ("question", "hypothetical"):
        level = "crisis"  # asking how to die is a crisis however it is put
    about = frozenset([event.about] if event.about else [])
    sign = Sign(event.key, message.typed(start, end), "rules", level)
    around = max(sentence.start, start - FAR), min(sentence.end, end + FAR)
    return Finding(sign, about, how, kind, message.typed(*around))


def _is_settled(found: dict[str, Finding], key: str, level: Level) -> bool:
    """Whether nothing more is to be learned of a sign: it is there, now, at its full level."""
    known = found.get(key)
    return known is not None and known.frame == "now" and known.sign.level == level


def _keep(found: dict[str, Finding], finding: Finding | None) -> None:
    """Keep one finding for each sign, one that is happening now before one that is not."""
    if finding is None:
        return
    known = found.get(finding.sign.key)
    if known is None or (known.frame != "now" and finding.frame == "now"):
        found[finding.sign.key] = finding


def _combine(findings: Iterable[Finding], about: frozenset[str]) -> tuple[Finding, ...]:
    """Let circumstances move the level: a pair raises a mild sign, an animal is urgent, not more."""
    findings = list(findings)
    present = about | {finding.sign.key for finding in findings if finding.frame == "now"}
    fed = "animal" in about and "animal_swallowed" in present
    result = []
    for finding in findings:
        sign, why = finding.sign, ""
        pair = together.raised(sign.key, sign.level, present) if finding.frame == "now" else None
        if pair:
            sign, why = replace(sign, level=pair.level), pair.name
        if fed and sign.level == "emergency":
            sign = replace(sign, level="urgent")
        result.append(replace(finding, sign=sign, about=finding.about | about, raised=why))
    return tuple(result)
