"""Rule reader: the signs that the lexicon, the amounts and the numbers of the body show, unless denied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from baclofen import amounts, together
from baclofen.context import Frame, Sentence, frame, sentences
from baclofen.denial import is_denied
from baclofen.lexicon import DEFAULT, Hit, Lexicon, load_all, plain_text
from baclofen.phrases import PERSON
from baclofen.signs import Event, Level, Sign
from baclofen.text import END_MARKS, Token, tokens_of, undisguise, words_of

Kind = Literal["phrase", "amount", "number"]
SPACED = 4
"""Single letters from which on a message may hold a word with its letters spaced out."""


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


@dataclass(frozen=True)
class Message:
    """A message made plain.

    Attributes:
        text: as typed.
        plain: lower case, without tricks and apostrophes.
        where: for each character of ``plain`` the index it came from.
        lexicon: by which it is read.
        frames: how the sentences that were asked for are meant, by their start.
    """

    text: str
    plain: str
    where: Sequence[int]
    lexicon: Lexicon
    frames: dict[int, Frame] = field(default_factory=dict)

    @cached_property
    def sentences(self) -> Sequence[Sentence]:
        return sentences(self.plain)

    def without_figures(self) -> Message:
        """Return the message with its figures of speech blanked out; itself where it has none."""
        plain = self.lexicon.harmless.sub(lambda m: " " * len(m.group()), self.plain)
        return self if plain == self.plain else Message(self.text, plain, self.where, self.lexicon)

    def readings(self) -> Iterator[list[Token]]:
        """Yield the words as typed, then without disguise, then repaired, where these differ."""
        typed = tokens_of(self.plain)
        yield typed
        clear = undisguise(typed, self.lexicon.known)
        if clear != typed:
            yield clear
        repaired = self.lexicon.speller.repair(clear)
        if repaired is not clear:
            yield repaired

    def sentence_at(self, place: int) -> Sentence:
        """Return the sentence at a place of ``plain``."""
        return next(
            (s for s in self.sentences if s.start <= place < s.end), Sentence(self.plain, 0, len(self.plain))
        )

    def typed(self, start: int, end: int) -> str:
        """Return what was typed between two places of ``plain``."""
        return " ".join(self.text[self.where[start] : self.where[end - 1] + 1].split())

    def frame_of(self, sentence: Sentence) -> Frame:
        """Say how a sentence is meant."""
        if sentence.start not in self.frames:
            self.frames[sentence.start] = frame(sentence.text, self.plain, self.lexicon)
        return self.frames[sentence.start]

    def finding(self, kind: Kind, event: Event, context: bool) -> Finding | None:
        """Return what an event comes to in its sentence; None where nobody is ill.

        Args:
            kind: which part of the reader found it.
            event: a sign and its span in ``plain``.
            context: the medicine plays a part in the message.
        """
        start, end = event.span
        sentence = self.sentence_at(start)
        how = self.frame_of(sentence)
        if how == "well" or (how == "fiction" and not context):
            return None
        level: Level = event.level if how == "now" else "awareness"
        if event.level == "crisis" and how in ("question", "hypothetical"):
            level = "crisis"  # asking how to die is a crisis however it is put
        about = frozenset([event.about] if event.about else [])
        sign = Sign(event.key, self.typed(start, end), "rules", level)
        return Finding(sign, about, how, kind, self.typed(sentence.start, sentence.end))


def read(text: str, lexicon: Lexicon | None = None, context: bool = False) -> Reading:
    """Read a message by rule.

    Args:
        text: as typed.
        lexicon: signs of one language; None reads by all languages.
        context: the conversation has already named baclofen or a swallowed medicine.
    """
    plain, where = plain_text(text)
    words = words_of(plain)
    lexicons = load_all() if lexicon is None else (lexicon,)
    about = frozenset[str]().union(*(_about(frozenset(words), each) for each in lexicons))
    awake = [each for each in lexicons if _concerns(words, each, context)]
    found: dict[str, Finding] = {}
    denied: dict[str, str] = {}
    spoken_of = context
    for each in awake:
        there = _read(Message(text, plain, where, each), context)
        spoken_of = spoken_of or there.context
        denied.update(there.denied)
        for finding in there.findings:
            _keep(found, finding)
    if "animal" in about and not spoken_of:
        found = {}  # a cat asleep in the sun: nothing says that it swallowed anything
    return Reading(_combine(found.values(), about), spoken_of, about, tuple(denied.items()))


def _concerns(words: Sequence[str], lexicon: Lexicon, context: bool) -> bool:
    """Whether a message needs a close reading: few do, and the others cost next to nothing."""
    if context and lexicon.language == DEFAULT:
        return True
    return lexicon.concerns(words) or sum(len(word) == 1 and word.isalpha() for word in words) >= SPACED


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
        hits = _longest(lexicon.find(lexicon.canonical(tokens)))
        for hit in hits:
            if is_denied(hit, hits, tokens, lexicon):
                first, last = hit.tokens
                denied[hit.sign.key] = message.typed(tokens[first].start, tokens[last].end)
            elif _counts(hit, tokens, message, context):
                _keep(found, _of_hit(hit, tokens, message, context))
        for event in amounts.find(tokens, lexicon, context):
            _keep(found, message.finding("amount", event, context))
    for event in lexicon.vitals.find(message.plain, context):
        _keep(found, message.finding("number", event, context))
    return Reading(tuple(found.values()), context, denied=tuple(denied.items()))


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits of one sign that overlap keep the longest."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: h.start - h.end):
        first, last = hit.tokens
        if not any(k.sign.key == hit.sign.key and k.tokens[0] <= first and k.tokens[1] >= last for k in kept):
            kept.append(hit)
    return kept


def _of_hit(hit: Hit, tokens: Sequence[Token], message: Message, context: bool) -> Finding | None:
    first, last = hit.tokens
    span = (tokens[first].start, tokens[last].end)
    finding = message.finding("phrase", Event(hit.sign.key, hit.sign.level, hit.sign.about, span), context)
    if finding is None or context or finding.frame != "now":
        return finding
    return None if _about_nobody(hit, tokens, message.lexicon) else finding


def _counts(hit: Hit, tokens: Sequence[Token], message: Message, context: bool) -> bool:
    """Whether the sign's own conditions are met: what must be spoken of, who must be there, what must not."""
    sign, words = hit.sign, message.lexicon.words
    said = {t.text for t in tokens}
    if sign.needs and not context:
        return False
    if sign.needs == "withdrawal" and not said & (words["pump"] | words["stopping"]):
        return False
    if sign.beside and not said & words[sign.beside]:
        return False
    if sign.unless is None and context:
        return True
    start, end = _sentence(hit, tokens)
    if sign.unless is not None:
        first = message.where[tokens[start].start]
        after = message.where[tokens[end].start] if end < len(tokens) else len(message.text)
        whole = message.text[first:after].lower()  # with its emoji
        if sign.unless.search(whole):
            return False
    # A laptop, a boiler or a boss in a game rather than somebody.
    said = {t.text for t in tokens[start:end]}
    return context or not said & words["thing"] or bool(said & words["somebody"])


def _sentence(hit: Hit, tokens: Sequence[Token]) -> tuple[int, int]:
    """Return the first token of a hit's sentence and the one after its last."""
    first, last = hit.tokens
    start = max((i + 1 for i in range(first) if tokens[i].text in END_MARKS), default=0)
    end = next((i + 1 for i in range(last + 1, len(tokens)) if tokens[i].text in END_MARKS), len(tokens))
    return start, end


def _about_nobody(hit: Hit, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether a sign of one word ("collapsed") stands in a sentence that names nobody and says more."""
    if hit.end - hit.start > 1:
        return False
    start, end = _sentence(hit, tokens)
    if hit.tokens[0] == start or end - start <= 4:
        return False
    return not any(lexicon.group(t.text) == PERSON for t in tokens[start:end])


def _keep(found: dict[str, Finding], finding: Finding | None) -> None:
    """Keep one finding for each sign, one that is happening now before one that is not."""
    if finding is None:
        return
    known = found.get(finding.sign.key)
    if known is None or (known.frame != "now" and finding.frame == "now"):
        found[finding.sign.key] = finding


def _about(words: frozenset[str], lexicon: Lexicon) -> frozenset[str]:
    """Say who or what a message is about, from its words alone."""
    animal = amounts.about_an_animal(words, lexicon)
    found = {name for name in ("pump", "opioid", "kidney") if words & lexicon.words[name]}
    if animal:
        found.add("animal")
    elif words & lexicon.words["child"]:
        found.add("child")
    return frozenset(found)


def _combine(findings: Iterable[Finding], about: frozenset[str]) -> tuple[Finding, ...]:
    """Let circumstances move the level: a pair raises a mild sign, an animal is urgent, not more."""
    findings = list(findings)
    present = about | {finding.sign.key for finding in findings if finding.frame == "now"}
    result = []
    for finding in findings:
        sign, why = finding.sign, ""
        pair = together.raised(sign.key, sign.level, present) if finding.frame == "now" else None
        if pair:
            sign, why = replace(sign, level=pair.level), pair.name
        if "animal" in about and sign.level == "emergency":
            sign = replace(sign, level="urgent")
        result.append(replace(finding, sign=sign, about=finding.about | about, raised=why))
    return tuple(result)
