"""Rule reader: the signs that the lexicon, the amounts and the numbers of the body show, unless denied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from baclofen import amounts
from baclofen.context import Frame, Sentence, frame, sentences
from baclofen.denial import is_denied
from baclofen.lexicon import DEFAULT, Hit, Lexicon, load_all, plain_text
from baclofen.phrases import PERSON
from baclofen.signs import Event, Level, Sign
from baclofen.text import END_MARKS, Token, tokens_of, undisguise, words_of

MILD = frozenset(["confusion", "extreme_drowsiness", "muscle_jerks", "agitation", "unsteady_slurred_dizzy"])
"""Signs that are an emergency in kidney disease (Muanda 2019, Chauvin 2020)."""

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
        raised: what raised the level: ``kidney``, the other sign of a pair; or "".
    """

    sign: Sign
    about: frozenset[str]
    frame: Frame
    kind: Kind = "phrase"
    raised: str = ""


@dataclass(frozen=True)
class Reading:
    """What the rules made of a message.

    Attributes:
        findings: signs that were not denied.
        context: baclofen, a swallowed medicine or the pump is spoken of.
        about: who or what it is about, whatever was found: child, animal, pump, opioid, kidney.
    """

    findings: tuple[Finding, ...]
    context: bool
    about: frozenset[str] = frozenset()


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

    def frame_at(self, place: int) -> Frame:
        """Say how the sentence at a place of ``plain`` is meant."""
        sentence = next(
            (s for s in self.sentences if s.start <= place < s.end), Sentence(self.plain, 0, len(self.plain))
        )
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
        how = self.frame_at(start)
        if how == "well" or (how == "fiction" and not context):
            return None
        level: Level = event.level if how == "now" else "awareness"
        if event.level == "crisis" and how in ("question", "hypothetical"):
            level = "crisis"  # asking how to die is a crisis however it is put
        words = self.text[self.where[start] : self.where[end - 1] + 1]
        about = frozenset([event.about] if event.about else [])
        return Finding(Sign(event.key, " ".join(words.split()), "rules", level), about, how, kind)


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
    spoken_of = context
    for each in awake:
        there, here = _read(Message(text, plain, where, each), context)
        spoken_of = spoken_of or here
        for finding in there.values():
            _keep(found, finding)
    if "animal" in about and not spoken_of:
        found = {}  # a cat asleep in the sun: nothing says that it swallowed anything
    return Reading(_combine(found.values(), about), spoken_of, about)


def _concerns(words: Sequence[str], lexicon: Lexicon, context: bool) -> bool:
    """Whether a message needs a close reading: few do, and the others cost next to nothing."""
    if context and lexicon.language == DEFAULT:
        return True
    return lexicon.concerns(words) or sum(len(word) == 1 and word.isalpha() for word in words) >= SPACED


def _read(message: Message, context: bool) -> tuple[dict[str, Finding], bool]:
    """Return the findings of one language by their key, and whether the medicine is spoken of."""
    found, here = _read_literally(message, context)
    clear = message.without_figures() if found else message
    return (found, here) if clear is message else _read_literally(clear, context)


def _read_literally(message: Message, context: bool) -> tuple[dict[str, Finding], bool]:
    lexicon = message.lexicon
    found: dict[str, Finding] = {}
    for tokens in message.readings():
        context = context or amounts.speaks_of_medicine(tokens, lexicon)
        hits = _longest(lexicon.find(lexicon.canonical(tokens)))
        for hit in hits:
            if not is_denied(hit, hits, tokens, lexicon) and _counts(hit, tokens, message, context):
                _keep(found, _of_hit(hit, tokens, message, context))
        for event in amounts.find(tokens, lexicon, context):
            _keep(found, message.finding("amount", event, context))
    for event in lexicon.vitals.find(message.plain, context):
        _keep(found, message.finding("number", event, context))
    return found, context


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
            replace(
                finding,
                sign=Sign(sign.key, sign.words, sign.reader, level),
                about=finding.about | about,
            )
        )
    return tuple(result)
