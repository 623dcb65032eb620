"""Rule reader: the signs that the lexicon, the amounts and the numbers of the body show, unless denied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from baclofen import amounts, hits, together
from baclofen.context import Frame, Place, frame
from baclofen.denial import is_denied
from baclofen.glance import eye
from baclofen.lexicon import Hit, Lexicon, plain_text
from baclofen.message import Message
from baclofen.phrases import PERSON
from baclofen.signs import Event, Level, Sign
from baclofen.text import Token, words_of

Kind = Literal["phrase", "amount", "number"]


@dataclass(frozen=True)
class Finding:
    """A sign of the lexicon in a message.

    Attributes:
        sign: key, words, reader and the level it has after its frame.
        about: what the emergency words have to fit.
        frame: how it was said; anything but ``now`` has lowered the level.
        kind: which part of the reader found it.
        sentence: what was typed in the sentence that holds it.
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
        there = hits.longest(lexicon.find(tokens))
        for hit in there:
            if is_denied(hit, there, tokens, lexicon):
                first, last = hit.tokens
                denied[hit.sign.key] = message.typed(tokens[first].start, tokens[last].end)
            elif hits.counts(hit, tokens, message, context):
                finding = _of_hit(hit, tokens, message, context)
                if finding and (finding.frame != "now" or hits.is_meant(hit, there, message, context)):
                    _keep(found, finding)
        for event in amounts.find(tokens, lexicon, context):
            _keep(found, _finding(message, "amount", event, context))
    for event in lexicon.vitals.find(message.plain, context):
        _keep(found, _finding(message, "number", event, context))
    return Reading(tuple(found.values()), context, denied=tuple(denied.items()))


def _of_hit(hit: Hit, tokens: Sequence[Token], message: Message, context: bool) -> Finding | None:
    """Return what the words of a sign come to; None where nobody is ill."""
    lexicon = message.lexicon
    first, last = hit.tokens
    span = (tokens[first].start, tokens[last].end)
    # Whom it is said of stands before the sign, whether the phrase names them or not.
    named = (i for i in range(first, last) if lexicon.group(tokens[i].text) != PERSON)
    event = Event(hit.sign.key, hit.sign.level, hit.sign.about, span, tokens[next(named, last)].start)
    finding = _finding(message, "phrase", event, context, hits.is_claim(hit, tokens, lexicon))
    if finding is not None and amounts.is_of_an_animal(tokens, first, lexicon):
        if not context:
            return None  # a cat asleep in the sun: nothing says that it swallowed anything
        if finding.sign.level == "emergency":
            finding = replace(finding, sign=replace(finding.sign, level="urgent"))
    if finding is None or context or finding.frame != "now":
        return finding
    return None if hits.is_about_nobody(hit, tokens, lexicon) else finding


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
    place = Place(sentence.text.lstrip(), message.plain[sentence.start : at].lstrip(), claim)
    how = frame(place, message.plain, message.lexicon)
    if how == "well" or (how == "fiction" and not context):
        return None
    level: Level = event.level if how == "now" else "awareness"
    if event.level == "crisis" and how in ("question", "hypothetical"):
        level = "crisis"  # asking how to die is a crisis however it is put
    about = frozenset([event.about] if event.about else [])
    sign = Sign(event.key, message.typed(start, end), "rules", level)
    return Finding(sign, about, how, kind, message.typed(sentence.start, sentence.end))


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
