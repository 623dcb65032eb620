""" "Can I take it with X?": the name of X leads to what is known of its group beside baclofen."""

from __future__ import annotations

from dataclasses import dataclass

from baclofen import medicines

MEDICINE = "medicine"
"""Key of the understood message: the medicine that is named; empty where it names one that is not known."""

GENERAL = "other_medicines"
"""The fact that says what to ask where the medicine is not known."""

SEVERAL = "mixing_depressants"
"""The fact about downers of several kinds at once."""

VAGUE = frozenset([GENERAL, SEVERAL, "out_of_scope"])
"""Intents that a named medicine makes more exact."""

UNSURE, UNSURE_MIXING = 0.3, 0.6
"""Below this chance any intent gives way to the name; the second where the words are plainly of mixing."""

COMPARED = "versus_"
"""How intents begin that compare two medicines; one that asks to take both gives way to the name."""


@dataclass(frozen=True)
class Mixing:
    """What a message asks of a medicine beside baclofen.

    Attributes:
        fact: the id of the fact to answer with, None where the intent stands.
        medicine: what is said of the name: ``{}`` where it is not known, None where nothing is said.
    """

    fact: str | None = None
    medicine: dict[str, str] | None = None


def asked(text: str, intent: str, chance: float) -> Mixing:
    """Return what a message asks of another medicine.

    Args:
        text: as typed.
        intent: the likeliest one, with its chance.
    """
    names = medicines.load()
    plainly = names.asks_to_mix(text, plainly=True)
    gives_way = intent in VAGUE | names.facts or chance < (UNSURE_MIXING if plainly else UNSURE)
    gives_way = gives_way or (plainly and intent.startswith(COMPARED))
    if not gives_way or not (plainly or names.asks_to_mix(text)):
        return Mixing()
    found = names.mentioned(text)
    if intent == SEVERAL and len({entry.fact for entry in found}) > 1:
        return Mixing()
    if found:
        return Mixing(found[0].fact, found[0].to_dict())
    if names.unknown(text):
        return Mixing(GENERAL, {})
    return Mixing()
