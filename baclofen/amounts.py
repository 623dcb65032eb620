"""What was swallowed: too much, nobody knows how much, by a child, by an animal, on purpose, or mixed.

An ingestion verb needs a medicine as its object. No amount is ever compared with a dose that is safe or
dangerous: anything beyond a few tablets, or beyond what was prescribed, is escalated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from baclofen.lexicon import Lexicon
from baclofen.phrases import PERSON
from baclofen.signs import Event, Level
from baclofen.text import CLAUSE_MARKS, END_MARKS, Joined, Token

ABOUT = {
    "animal_swallowed": "animal",
    "child_swallowed": "child",
    "deliberate_overdose": "self_harm",
    "with_opioids": "opioid",
}
"""What the emergency words have to fit for each kind of amount."""

ABOUT_WORDS = ("child", "animal", "pump", "opioid", "kidney")
"""Groups of words that say whom or what a message is about."""

MANY = 6  # tablets at once; nobody is prescribed that many
SOME = 3
MANY_MG = 100  # in one go; above the label's whole day
QUOTED = 12  # words; a clause no longer than this is quoted whole
REACH = 9  # words between verb and object
NAMED_BEFORE = 60  # words before a verb or sign among which the one it is said of is looked for
BACK = 7  # words between a number and what it counts
_STRENGTH = re.compile(r"\d{1,3}(?:mg|mgs|s)")  # "25s", "ten of the 10mg"
_TIMES = re.compile(r"\b(\d{1,3}) ?(?:mg )?x ?(\d{1,3})\b")


def speaks_of_medicine(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether baclofen, its pump, or a medicine somebody swallowed is spoken of."""
    words = {t.text for t in tokens}
    if any(lexicon.group(word) == "BACLOFEN" for word in words) or words & lexicon.words["pump"]:
        return True
    return bool(words & lexicon.words["medicine"])


def about_an_animal(words: Set[str], lexicon: Lexicon) -> bool:
    """Whether the one who swallowed is an animal; a person named beside it makes this false."""
    return bool(words & lexicon.words["animal"]) and not words & lexicon.words["people"]


def is_of(group: str, tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether what was named before a place belongs to a group, animals or things, and not to people.

    Of animals and people the last one counts: "the dog ate", not "the dog barks, he ate". Things count only
    where nobody is named. Only in its sentence, not beyond a "but": whoever is not named there is a person.
    """
    words, found = lexicon.words, False
    for i in range(place - 1, max(-1, place - 1 - NAMED_BEFORE), -1):
        text = tokens[i].text
        if text in END_MARKS or text in words["anew"]:
            return found
        if lexicon.group(text) == PERSON or text in words["people"] or text in words["somebody"]:
            return False
        if (text in words[group] or text.removesuffix("s") in words[group]) and _is_subject(
            tokens, i, lexicon
        ):
            found = True
            if group == "animal":
                return True
    return found


def _is_subject(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a word is not only compared with or a place: "like a dog", "in the oven"."""
    said = [t.text for t in tokens[max(0, place - 4) : place]]
    if not lexicon.words["at"].isdisjoint(said[-3:]):
        return False
    joined = " ".join(said)
    return not any(match.end() == len(joined) for match in lexicon.pattern("like_a").finditer(joined))


@dataclass(frozen=True)
class Clause:
    """Words between two marks, commas left out.

    Attributes:
        index: places of its words in the message.
        tokens, texts: the words.
        verbs: places of what says that something was swallowed.
        medicine: places of what was.
        objects: the same with what stands for it: "them", "25s".
    """

    index: Sequence[int]
    tokens: Sequence[Token]
    texts: Sequence[str]
    verbs: Sequence[int]
    medicine: Sequence[int]
    objects: Sequence[int]


def find(tokens: Sequence[Token], lexicon: Lexicon, context: bool) -> Iterator[Event]:
    """Yield what was swallowed, clause by clause.

    Args:
        tokens: one reading of the message.
        lexicon: whose word groups are used.
        context: baclofen or a medicine is spoken of in the message or the conversation.
    """
    words = lexicon.words
    present = frozenset(t.text for t in tokens)
    beast = bool(present & words["animal"])
    small = lexicon.pattern("is_a_child").search(" ".join(t.text for t in tokens)) is not None
    for index in _clauses(tokens):
        clause = _read(index, tokens, lexicon, context)
        fed = beast and _is_fed(tokens, clause, lexicon)
        yield from _swallowed(clause, lexicon, context, fed, small)
        yield from _mixed(clause, lexicon, context)
    if context and not about_an_animal(present, lexicon):
        yield from _uncounted(tokens, lexicon, bool(present & words["swallowed"]))


def _is_fed(tokens: Sequence[Token], clause: Clause, lexicon: Lexicon) -> bool:
    """Whether it was an animal that swallowed, or that something was given to."""
    pair = _nearest(clause.verbs, clause.objects)
    if pair is None:
        return False
    verb = pair[0] if pair[0] in clause.verbs else pair[1]
    if clause.texts[verb] in lexicon.words["giving"]:
        given = clause.texts[verb + 1 : verb + 5]
        if any(word in lexicon.words["animal"] for word in given):
            return True
    return is_of("animal", tokens, clause.index[verb], lexicon)


def _clauses(tokens: Sequence[Token]) -> Iterator[list[int]]:
    """Yield the places of the words between two marks, commas left out."""
    clause: list[int] = []
    for i, token in enumerate(tokens):
        if token.text in CLAUSE_MARKS:
            if clause:
                yield clause
            clause = []
        elif token.text != ",":
            clause.append(i)
    if clause:
        yield clause


def _places(pattern: re.Pattern[str], joined: Joined) -> set[int]:
    """Return the places of the words that a pattern covers."""
    return {
        joined.place(match.start()) + i
        for match in pattern.finditer(joined.text)
        for i in range(match.group().count(" ") + 1)
    }


def _read(index: Sequence[int], message: Sequence[Token], lexicon: Lexicon, context: bool) -> Clause:
    words = lexicon.words
    tokens = [message[i] for i in index]
    texts = [t.text for t in tokens]
    joined = Joined(texts)
    undone = _places(lexicon.pattern("not_swallowed"), joined)
    verbs = {i for i, w in enumerate(texts) if w in words["swallowed"]}
    verbs |= {joined.place(match.start()) for match in lexicon.pattern("got_at").finditer(joined.text)}
    verbs -= undone
    medicine = [
        i
        for i, w in enumerate(texts)
        if (w in words["medicine"] or lexicon.group(w) == "BACLOFEN") and i not in undone
    ]
    packs = [i for i, w in enumerate(texts) if w in words["pack"] and not _of_another(texts, i, lexicon)]
    swallowing = [i for i in sorted(verbs) if texts[i] not in words["giving"]]
    medicine += packs if context or swallowing else []
    others: list[int] = []
    if context and swallowing:
        others = [i for i, w in enumerate(texts) if w in words["pronouns"] or _STRENGTH.fullmatch(w)]
    usable = sorted(verbs) if medicine else swallowing
    return Clause(index, tokens, texts, usable, medicine, sorted(medicine + others))


def _of_another(texts: Sequence[str], pack: int, lexicon: Lexicon) -> bool:
    """Whether a bottle or box holds something else: wine, chocolates, buttons."""
    rest = texts[pack + 1 : pack + 5]
    if not rest or rest[0] not in lexicon.words["of"]:
        return False
    medicine = lexicon.words["medicine"] | lexicon.words["pronouns"] | lexicon.words["drug"]
    return not any(w in medicine or lexicon.group(w) == "BACLOFEN" or w[0].isdigit() for w in rest[1:])


def _swallowed(clause: Clause, lexicon: Lexicon, context: bool, animal: bool, small: bool) -> Iterator[Event]:
    words, texts = lexicon.words, clause.texts
    pair = _nearest(clause.verbs, clause.objects)
    if pair is None:
        return
    here = set(texts)
    joined = " ".join(texts)
    first, last = (0, len(texts) - 1) if len(texts) <= QUOTED else pair
    span = (clause.tokens[first].start, clause.tokens[last].end)

    def event(key: str, level: Level) -> Event:
        return Event(key, level, ABOUT.get(key, ""), span, clause.tokens[pair[0]].start)

    if animal:
        yield event("animal_swallowed", "urgent")
        return
    strong = any(texts[i] not in words["giving"] for i in clause.verbs)
    usual = bool(here & words["usual"])
    by_accident = lexicon.patterns["by_accident"].search(joined) is not None
    on_purpose = here & words["deliberate"] or lexicon.pattern("to_die").search(joined)
    if on_purpose and not by_accident:
        yield event("deliberate_overdose", "emergency")
    young = here & words["child"] or (small and here & words["somebody"])
    wrong = strong or lexicon.pattern("not_theirs").search(joined)
    if young and wrong and clause.medicine and not usual:
        yield event("child_swallowed", "emergency")
    if _whole_lot(texts[max(0, pair[0] - 4) : pair[1] + 5], clause, lexicon):
        yield event("large_amount", "emergency")
    if not usual:
        tablets = max((_counted(texts, place, lexicon) for place in clause.objects), default=0)
        if tablets >= MANY or _milligrams(texts, lexicon) >= MANY_MG:
            yield event("large_amount", "emergency")
        elif tablets >= SOME and strong and context:
            yield event("extra_or_double_dose", "urgent")
    if here & words["extra"] or by_accident:
        yield event("extra_or_double_dose", "urgent")


def _mixed(clause: Clause, lexicon: Lexicon, context: bool) -> Iterator[Event]:
    words, here = lexicon.words, set(clause.texts)
    others = words["alcohol"] | words["opioid"] | words["sedative"]
    mixed = [i for i, w in enumerate(clause.texts) if w in others]
    if not mixed or not context or not (here & words["swallowed"] or here & words["joined"]):
        return
    if here & words["opioid"]:
        kind = "with_opioids"
    else:
        kind = "with_alcohol" if here & words["alcohol"] else "with_sedatives"
    span = (clause.tokens[mixed[0]].start, clause.tokens[mixed[-1]].end)
    yield Event(kind, "urgent", ABOUT.get(kind, ""), span)


def _uncounted(tokens: Sequence[Token], lexicon: Lexicon, swallowed: bool) -> Iterator[Event]:
    """Nobody knows how much: with what says that some was taken, or "lost count", which says so itself."""
    joined = Joined([t.text for t in tokens])
    unknown = lexicon.patterns["unknown_amount"].search(joined.text) if swallowed else None
    unknown = unknown or lexicon.pattern("lost_count").search(joined.text)
    if unknown:
        first = joined.place(unknown.start())
        last = min(len(tokens) - 1, first + unknown.group().count(" "))
        yield Event("unknown_amount", "emergency", "", (tokens[first].start, tokens[last].end))


def _nearest(verbs: Sequence[int], objects: Sequence[int]) -> tuple[int, int] | None:
    found: tuple[int, int, int] | None = None
    begin = 0
    for verb in verbs:
        while begin < len(objects) and objects[begin] < verb - REACH:
            begin += 1
        for place in objects[begin:]:
            if place > verb + REACH:
                break
            if place != verb:
                pair = (abs(place - verb), min(verb, place), max(verb, place))
                found = pair if found is None else min(found, pair)
    return found and found[1:]


def _whole_lot(texts: Sequence[str], clause: Clause, lexicon: Lexicon) -> bool:
    """Whether all, most, a whole pack or an uncounted lot of it was swallowed."""
    joined, patterns = " ".join(texts), lexicon.patterns
    if patterns["whole_lot"].search(joined) is None:
        return patterns["whole_pack"].search(joined) is not None
    if patterns["whole_time"].search(joined):
        return False
    return bool(clause.medicine) or any(w in lexicon.words["pronouns"] for w in texts)


def _number(word: str, lexicon: Lexicon) -> int:
    """Return the value of a number as it is written or spoken; 0 for any other word."""
    return lexicon.counts.get(word) or (int(word) if word.isdecimal() and len(word) < 4 else 0)


def _counted(texts: Sequence[str], place: int, lexicon: Lexicon) -> int:
    """Return the number that counts the object at a place: "12 or 13 of my mum's tablets" are 13."""
    most = 0
    for i in range(place - 1, max(-1, place - 1 - BACK), -1):
        value = _number(texts[i], lexicon)
        if texts[i] in lexicon.words["swallowed"]:
            break  # "a woman of sixty took some"
        if value:
            unit = texts[i + 1] in lexicon.words["unit"] or _STRENGTH.fullmatch(texts[i])
            if not unit and not (i and texts[i - 1] in lexicon.words["not_counting"]):
                most = max(most, value)
        elif place - i > 3 and not _small(texts[i], lexicon):
            break
    return most


def _small(word: str, lexicon: Lexicon) -> bool:
    """Whether a word may stand between a number and what it counts."""
    return (
        word in lexicon.fillers
        or word in lexicon.words["unit"]
        or word in lexicon.words["joining"]
        or lexicon.group(word) == PERSON
        or _STRENGTH.fullmatch(word) is not None
    )


def _milligrams(texts: Sequence[str], lexicon: Lexicon) -> int:
    """Return the most milligrams that are named, tablets times strength included."""
    most = 0
    for i, word in enumerate(texts):
        match = re.fullmatch(r"(\d{2,5})(mg|mgs|milligrams)?", word)
        if match and (match.group(2) or texts[i + 1 : i + 2] in (["mg"], ["mgs"], ["milligrams"])):
            most = max(most, int(match.group(1)))
    for match in _TIMES.finditer(" ".join(texts)):
        times = [int(group) for group in match.groups()]
        if min(times) > 1:
            most = max(most, times[0] * times[1])
    return most
