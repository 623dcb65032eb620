"""Rule reader: the signs that the lexicon knows, unless that very sign is denied.

Denial is strict: a negator counts only when every word between it and the sign is another sign or a joining
word; one unknown word ends its reach. Stock negation rules cancel real emergencies in chat language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from baclofen import amounts, vitals
from baclofen.context import Frame, Sentence, frame, sentences
from baclofen.lexicon import BREAK, COMMA, NOT, Canonical, Hit, Lexicon, plain_text
from baclofen.signs import Level, Sign
from baclofen.text import END_MARKS, Token, tokenise, undisguise

JOINING = frozenset(["or", "nor", "any", "signs", "sign", "symptoms", "other", "sudden", "more", "TROUBLE"])
DENIED_AFTER = frozenset(["no", "none", "nope", "nah", "negative", "denied"])


@dataclass(frozen=True)
class Finding:
    """A sign of the lexicon in a message, before the level is drawn.

    Attributes:
        sign: key, words, reader and the level it has now, after its frame.
        about: what the emergency words have to fit.
        frame: how it was said.
        grave: the level it would have if it were happening now.
    """

    sign: Sign
    about: frozenset[str]
    frame: Frame
    grave: Level


@dataclass(frozen=True)
class Reading:
    """What the rules made of a message.

    Attributes:
        findings: signs that were not denied.
        context: baclofen, a swallowed medicine or the pump is spoken of.
        question: nothing in it is a report: it asks, supposes, remembers or invents.
        denied: some sign was denied.
        about: who or what it is about, whatever was found: child, animal, pump, opioid, kidney.
    """

    findings: tuple[Finding, ...]
    context: bool
    question: bool
    denied: bool
    about: frozenset[str] = frozenset()


def read(text: str, lexicon: Lexicon, context: bool = False) -> Reading:
    """Read a message by rule.

    Args:
        text: as typed.
        lexicon: signs of the language.
        context: the conversation has already named baclofen or a swallowed medicine.
    """
    plain = lexicon.harmless.sub(lambda m: " " * len(m.group()), plain_text(text))
    typed = tokenise(plain)
    readings = [typed]
    clear = undisguise(typed, lexicon.known)
    repaired = lexicon.speller.repair(clear)
    for other in (clear, repaired):
        if other is not typed and [t.text for t in other] != [t.text for t in readings[-1]]:
            readings.append(other)
    plain_sentences = sentences(plain)
    whole = text.lower()
    found: dict[tuple[str, int], Finding] = {}
    denied = False
    has_context = context
    for tokens in readings:
        words = frozenset(t.text for t in tokens)
        has_context = has_context or amounts.speaks_of_medicine(tokens, lexicon)
        withdrawal = bool(words & lexicon.words["pump"]) or bool(words & lexicon.words["stopping"])
        canonical = lexicon.canonical(tokens)
        hits = _longest(lexicon.find(canonical))
        for hit in hits:
            if _is_denied(hit, hits, tokens):
                denied = True
                continue
            if not _counts(hit, words, has_context, withdrawal, lexicon):
                continue
            if hit.sign.unless is not None and hit.sign.unless.search(_sentence_of(hit, tokens, whole)):
                continue
            if not has_context and _about_a_thing(hit, tokens, lexicon):
                continue
            span = tokens[hit.canonical.index[hit.start]].start, tokens[hit.canonical.index[hit.end - 1]].end
            finding = _finding(hit.sign.key, hit.sign.level, hit.sign.about, span, text, plain, plain_sentences, lexicon)
            if has_context or finding.frame != "now" or not _about_nobody(hit, tokens, lexicon):
                _keep(found, finding)
        for event in amounts.find(tokens, lexicon, has_context):
            _keep(found, _finding(event.key, event.level, event.about, event.span, text, plain, plain_sentences, lexicon))
    for event in vitals.find(plain, has_context):
        _keep(found, _finding(event.key, event.level, event.about, event.span, text, plain, plain_sentences, lexicon))
    about = _about(frozenset(re.findall(r"[a-z_]+", plain)), lexicon)
    findings = _combine(found.values(), about)
    asks = bool(plain_sentences) and all(frame(s.text, plain, lexicon) != "now" for s in plain_sentences)
    return Reading(findings, has_context, asks, denied, about)


def _longest(hits: Sequence[Hit] | object) -> list[Hit]:
    """Of hits of one sign that overlap keep the longest."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: h.start - h.end):  # type: ignore[call-overload]
        span = range(hit.canonical.index[hit.start], hit.canonical.index[hit.end - 1] + 1)
        if not any(
            k.sign.key == hit.sign.key
            and k.canonical.index[k.start] <= span.start
            and k.canonical.index[k.end - 1] + 1 >= span.stop
            for k in kept
        ):
            kept.append(hit)
    return kept


def _is_denied(hit: Hit, hits: Sequence[Hit], tokens: Sequence[Token]) -> bool:
    canonical = hit.canonical
    words = canonical.words
    inside = {i for other in hits if other.canonical.words is words for i in range(other.start, other.end)}
    place = hit.start - 1
    while place >= 0 and words[place] != BREAK:
        word = words[place]
        if word == NOT:
            if place in inside and any(
                other.start <= place < other.end and other.sign.key != hit.sign.key
                for other in hits
                if other.canonical.words is words
            ):
                return False  # this negator is itself part of a sign and denies nothing else
            return not _doubly(words, place)
        if word in JOINING or word == "PERSON" or (place in inside and _joined(canonical, place, tokens)):
            place -= 1
            continue
        break
    return _denied_after(canonical, hit.end, tokens)


def _joined(canonical: Canonical, place: int, tokens: Sequence[Token]) -> bool:
    """Whether a known sign at this place is tied to the next word by "or", "nor" or a comma."""
    here = canonical.index[place]
    following = [t.text for t in tokens[here + 1 : here + 3]]
    return bool(following) and (following[0] in ("or", "nor", COMMA) or canonical.index[min(place + 1, len(canonical.index) - 1)] == here + 1)


def _counts(hit: Hit, words: frozenset[str], context: bool, withdrawal: bool, lexicon: Lexicon) -> bool:
    """Whether the sign's own conditions are met: what must be spoken of, who must be there."""
    if hit.sign.needs and not context:
        return False
    if hit.sign.needs == "withdrawal" and not withdrawal:
        return False
    return not hit.sign.beside or bool(words & lexicon.words[hit.sign.beside])


def _sentence_of(hit: Hit, tokens: Sequence[Token], text: str) -> str:
    """Return the part of the text between the end marks around a hit."""
    first, last = hit.canonical.index[hit.start], hit.canonical.index[hit.end - 1]
    start = max((tokens[i].end for i in range(first) if tokens[i].text in END_MARKS), default=0)
    end = next((tokens[i].end for i in range(last + 1, len(tokens)) if tokens[i].text in END_MARKS), len(text))
    return text[start:end]


_SOMEBODY = frozenset("he hes him his she shes her they theyre them i im me son daughter baby mum mom dad wife husband friend mate".split())


def _about_a_thing(hit: Hit, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether the sentence is about a laptop, a boiler or a boss rather than somebody."""
    first, last = hit.canonical.index[hit.start], hit.canonical.index[hit.end - 1]
    start = max((i + 1 for i in range(first) if tokens[i].text in END_MARKS), default=0)
    end = next((i for i in range(last + 1, len(tokens)) if tokens[i].text in END_MARKS), len(tokens))
    words = {t.text for t in tokens[start:end]}
    return bool(words & lexicon.words["thing"]) and not words & (_SOMEBODY - {"i", "im", "me"})


def _about_nobody(hit: Hit, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether a sign of one word ("collapsed") stands in a sentence that names nobody and says more."""
    if hit.end - hit.start > 1:
        return False
    place = hit.canonical.index[hit.start]
    start = max((i + 1 for i in range(place) if tokens[i].text in END_MARKS), default=0)
    end = next((i for i in range(place + 1, len(tokens)) if tokens[i].text in END_MARKS), len(tokens))
    return place != start and end - start > 4 and not any(lexicon.group(t.text) == "PERSON" for t in tokens[start:end])


def _doubly(words: Sequence[str], place: int) -> bool:
    """Two negators in a row, as in "I wouldn't say he isn't": the sign stands."""
    before = words[max(0, place - 4) : place]
    return NOT in before and any(word in ("say", "think", "mean", "true", "lie") for word in before)


def _denied_after(canonical: Canonical, end: int, tokens: Sequence[Token]) -> bool:
    """ "vomiting? no" and "seizures: none", only where the clause ends after the "no"."""
    last = canonical.index[end - 1]
    rest = [t.text for t in tokens[last + 1 : last + 4]]
    if rest and rest[0] in "?:":
        rest = rest[1:]
    if not rest or rest[0] not in DENIED_AFTER:
        return False
    return len(rest) == 1 or rest[1] in ".!?;\n,"


def _finding(
    key: str,
    level: Level,
    about: str,
    span: tuple[int, int],
    text: str,
    plain: str,
    plain_sentences: Sequence[Sentence],
    lexicon: Lexicon,
) -> Finding:
    start, end = span
    sentence = next((s.text for s in plain_sentences if s.start <= start < s.end), plain)
    how = frame(sentence, plain, lexicon)
    now: Level = level if how == "now" else "awareness"
    if level == "crisis" and how in ("question", "hypothetical"):
        now = "crisis"  # asking how to die is a crisis however it is put
    words = text[start:end] if len(plain) == len(text) else plain[start:end]
    return Finding(
        Sign(key, " ".join(words.split()), "rules", now), frozenset([about] if about else []), how, level
    )


def _keep(found: dict[tuple[str, int], Finding], finding: Finding) -> None:
    place = (finding.sign.key, 0)
    known = found.get(place)
    if known is None or (known.frame != "now" and finding.frame == "now"):
        found[place] = finding


def _about(words: frozenset[str], lexicon: Lexicon) -> frozenset[str]:
    """Say who or what a message is about, from its words alone."""
    animal = amounts.about_an_animal(words, lexicon)
    found = {name for name in ("pump", "opioid", "kidney") if words & lexicon.words[name]}
    if animal:
        found.add("animal")
    elif words & lexicon.words["child"]:
        found.add("child")
    return frozenset(found)


MILD = frozenset(["confusion", "extreme_drowsiness", "muscle_jerks", "agitation", "unsteady_slurred_dizzy"])
"""Signs that are an emergency in kidney disease (Muanda 2019, Chauvin 2020)."""


def _combine(findings: Iterable[Finding], about: frozenset[str]) -> tuple[Finding, ...]:
    """Let circumstances move the level: kidney disease raises a mild sign, an animal is urgent, not more."""
    result = []
    for finding in findings:
        sign = finding.sign
        level = sign.level
        if "kidney" in about and level == "urgent" and sign.key in MILD:
            level = "emergency"
        if "animal" in about and level == "emergency":
            level = "urgent"
        result.append(
            Finding(Sign(sign.key, sign.words, sign.reader, level), finding.about | about, finding.frame, finding.grave)
        )
    return tuple(result)
