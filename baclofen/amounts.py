"""What was swallowed: too much, nobody knows how much, by a child, by an animal, on purpose, or mixed.

An ingestion verb needs a medicine as its object. No amount is ever compared with a dose that is safe or
dangerous: anything beyond a few tablets, or beyond what was prescribed, is escalated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from baclofen.lexicon import Lexicon
from baclofen.signs import Event
from baclofen.text import CLAUSE_MARKS, Token

ABOUT = {"child_swallowed": "child", "deliberate_overdose": "self_harm", "with_opioids": "opioid"}
"""What the emergency words have to fit for each kind of amount; animals are told by their own words."""

MANY = 6  # tablets at once; nobody is prescribed that many
SOME = 3
MANY_MG = 100  # in one go; above the label's whole day
QUOTED = 12  # words; a clause no longer than this is quoted whole
REACH = 9  # words between verb and object


def speaks_of_medicine(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether baclofen, its pump, or a medicine somebody swallowed is spoken of."""
    words = {t.text for t in tokens}
    if any(lexicon.group(word) == "BACLOFEN" for word in words) or words & lexicon.words["pump"]:
        return True
    return bool(words & lexicon.words["medicine"])


def about_an_animal(words: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether the one who swallowed is an animal; a person named beside it makes this false."""
    return bool(words & lexicon.words["animal"]) and not words & lexicon.words["people"]


def find(tokens: Sequence[Token], lexicon: Lexicon, context: bool) -> Iterator[Event]:
    """Yield what was swallowed, clause by clause.

    Args:
        tokens: one reading of the message.
        lexicon: whose word groups are used.
        context: baclofen or a medicine is spoken of in the message or the conversation.
    """
    words = lexicon.words
    present = frozenset(t.text for t in tokens)
    animal = about_an_animal(present, lexicon)
    for clause in _clauses(tokens):
        texts = [t.text for t in clause]
        here = set(texts)
        verbs = [i for i, w in enumerate(texts) if w in words["swallowed"]]
        medicine = [
            i for i, w in enumerate(texts) if w in words["medicine"] or lexicon.group(w) == "BACLOFEN"
        ]
        swallowing = [i for i in verbs if texts[i] not in words["giving"]]
        pronouns = (
            [i for i, w in enumerate(texts) if w in words["pronouns"]] if context and swallowing else []
        )
        objects = medicine + pronouns
        pair = _nearest(verbs if medicine else swallowing, objects)
        if pair:
            first, last = (0, len(clause) - 1) if len(clause) <= QUOTED else pair
            span = (clause[first].start, clause[last].end)
            strong = texts[verbs[0]] not in words["giving"] or len(verbs) > 1
            usual = bool(here & words["usual"])
            by_accident = lexicon.patterns["by_accident"].search(" ".join(texts)) is not None
            if animal:
                yield Event("animal_swallowed", "urgent", "animal", span)
                continue
            if here & words["deliberate"] and not by_accident:
                yield Event("deliberate_overdose", "emergency", ABOUT["deliberate_overdose"], span)
            if here & words["child"] and strong and medicine and not usual:
                yield Event("child_swallowed", "emergency", ABOUT["child_swallowed"], span)
            if _whole_lot(texts[max(0, pair[0] - 4) : pair[1] + 5], medicine, lexicon):
                yield Event("large_amount", "emergency", "", span)
            amount = _tablets(texts, objects, lexicon)
            if amount >= MANY and not usual:
                yield Event("large_amount", "emergency", "", span)
            elif amount >= SOME and strong and not usual and context:
                yield Event("extra_or_double_dose", "urgent", "", span)
            if _milligrams(texts) >= MANY_MG and not usual:
                yield Event("large_amount", "emergency", "", span)
            if here & words["extra"] or by_accident:
                yield Event("extra_or_double_dose", "urgent", "", span)
        mixed = [
            i for i, w in enumerate(texts) if w in words["alcohol"] | words["opioid"] | words["sedative"]
        ]
        if mixed and context and (verbs or here & words["joined"]):
            kind = (
                "with_opioids"
                if here & words["opioid"]
                else "with_alcohol"
                if here & words["alcohol"]
                else "with_sedatives"
            )
            yield Event(
                kind,
                "urgent",
                ABOUT.get(kind, ""),
                (clause[mixed[0]].start, clause[mixed[-1]].end),
            )
    if context and not animal:
        joined = " ".join(t.text for t in tokens)
        unknown = lexicon.patterns["unknown_amount"].search(joined)
        if unknown and present & words["swallowed"]:
            index = joined.count(" ", 0, unknown.start())
            last = min(len(tokens) - 1, index + unknown.group().count(" "))
            yield Event("unknown_amount", "emergency", "", (tokens[index].start, tokens[last].end))


def _clauses(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    clause: list[Token] = []
    for token in tokens:
        if token.text in CLAUSE_MARKS:
            if clause:
                yield clause
            clause = []
        elif token.text != ",":
            clause.append(token)
    if clause:
        yield clause


def _nearest(verbs: Sequence[int], objects: Sequence[int]) -> tuple[int, int] | None:
    pairs = [
        (abs(o - v), min(v, o), max(v, o)) for v in verbs for o in objects if abs(o - v) <= REACH and o != v
    ]
    return min(pairs)[1:] if pairs else None


def _whole_lot(texts: Sequence[str], medicine: Sequence[int], lexicon: Lexicon) -> bool:
    """Whether all, most, a whole pack or an uncounted lot of it was swallowed."""
    joined, patterns = " ".join(texts), lexicon.patterns
    if patterns["whole_lot"].search(joined) is None:
        return patterns["whole_pack"].search(joined) is not None
    if patterns["whole_time"].search(joined):
        return False
    return bool(medicine) or any(w in lexicon.words["pronouns"] for w in texts)


def _tablets(texts: Sequence[str], objects: Sequence[int], lexicon: Lexicon) -> int:
    most = 0
    for place in objects:
        for word in texts[max(0, place - 3) : place]:
            value = lexicon.counts.get(word) or (int(word) if word.isdigit() and len(word) < 4 else 0)
            most = max(most, value)
    return most


def _milligrams(texts: Sequence[str]) -> int:
    most = 0
    for i, word in enumerate(texts):
        match = re.fullmatch(r"(\d{2,5})(mg|mgs|milligrams)?", word)
        if match and (match.group(2) or texts[i + 1 : i + 2] in (["mg"], ["mgs"], ["milligrams"])):
            most = max(most, int(match.group(1)))
    return most
