"""Whether a sign is denied.

Denial is strict: a negator counts only when every word between it and the sign is another sign or a joining
word; one unknown word ends its reach. Stock negation rules cancel real emergencies in chat language.
"""

from __future__ import annotations

from collections.abc import Sequence

from baclofen.hits import Scene
from baclofen.lexicon import COMMA, NOT, UNSURE, Hit, Lexicon
from baclofen.phrases import BREAK, PERSON, Canonical
from baclofen.text import CLAUSE_MARKS, Token

REACH = 60
"""Words back from a sign among which what denies it is looked for."""


def is_denied(hit: Hit, scene: Scene) -> bool:
    """Say whether a hit is denied in its clause.

    Args:
        hit: the sign in question.
        scene: the reading that it was found in, with all other signs, and whose words deny and join.
    """
    canonical, tokens, lexicon = hit.canonical, scene.tokens, scene.lexicon
    words = canonical.words
    joining = lexicon.words["joining"]
    begins = lexicon.words["and"] | lexicon.words["anew"] | {COMMA}
    named, looked = False, hit.tokens[0] + 1
    place = hit.start - 1
    while place >= max(0, hit.start - REACH) and words[place] != BREAK:
        word, here = words[place], canonical.index[place]
        holders = any(other is not hit for other in scene.holders.get(here, ()))
        # "Not sick, he is having a fit": whoever is named between two signs begins anew.
        people = [i for i in range(here + 1, looked) if lexicon.group(tokens[i].text) == PERSON]
        if any(tokens[i - 1].text in begins for i in people):
            break  # "no fever, he has fainted"
        if tokens[here].text in lexicon.words["anew"]:
            break  # "no fever but won't wake up"
        named = named or bool(people)
        looked = here + 1
        if word == NOT:
            if holders:
                return False  # this negator is itself part of a sign and denies nothing else
            if _answers(canonical, place, tokens, lexicon):
                break
            return not _doubly(canonical, place, tokens, lexicon)
        if word == UNSURE and place == hit.start - 1 and hit.sign.level == "crisis":
            return True  # "I don't want to die"
        tied = holders and not named and _joined(canonical, place, tokens)
        if not (tied or word == PERSON or tokens[here].text in joining or word in lexicon.fillers):
            break
        place -= 1
    return _denied_after(canonical, hit.end, tokens, lexicon)


def _answers(canonical: Canonical, place: int, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """ "No he can't breathe", "no, not breathing": the "no" answers what was asked, or is a cry."""
    here = canonical.index[place]
    if tokens[here].text not in lexicon.words["answering"]:
        return False
    if canonical.words[place + 1] == NOT:
        return True
    head = here == 0 or tokens[here - 1].text in CLAUSE_MARKS or tokens[here - 1].text == COMMA
    return head and here + 1 < len(tokens) and lexicon.group(tokens[here + 1].text) == PERSON


def _joined(canonical: Canonical, place: int, tokens: Sequence[Token]) -> bool:
    """Whether a known sign at this place is tied to the next word by "or", "nor" or a comma."""
    here = canonical.index[place]
    following = [t.text for t in tokens[here + 1 : here + 3]]
    return bool(following) and (
        following[0] in ("or", "nor", COMMA)
        or canonical.index[min(place + 1, len(canonical.index) - 1)] == here + 1
    )


def _doubly(canonical: Canonical, place: int, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Two negators in a row, as in "I wouldn't say he isn't": the sign stands."""
    first = max(0, place - 4)
    before = canonical.words[first:place]
    said = {tokens[i].text for i in canonical.index[first:place]}
    return NOT in before and not said.isdisjoint(lexicon.words["saying"])


def _denied_after(canonical: Canonical, end: int, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """ "vomiting? no" and "seizures: none", only where the clause ends after the "no"."""
    last = canonical.index[end - 1]
    rest = [t.text for t in tokens[last + 1 : last + 4]]
    if rest and rest[0] in "?:":
        rest = rest[1:]
    if not rest or rest[0] not in lexicon.words["denied_after"]:
        return False
    return len(rest) == 1 or rest[1] in ".!?;\n,"
