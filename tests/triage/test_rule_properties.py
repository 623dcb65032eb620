"""What must hold for any message, tried on many: nothing that is added lowers, no disguise hides.

These hold for the English rules alone, whatever the learned reader thinks.
"""

from __future__ import annotations

import copy
import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from baclofen import lexicon, rules
from baclofen.signs import RANK
from tests.triage.reading import GRAVE, MUST, level_of, rank

SOME = settings(max_examples=150, deadline=None)
SIGNS = sorted({text for _, _, text in MUST})
NEUTRAL = [
    "it is tuesday",
    "we are at home",
    "the kettle is on",
    "my phone is at 4 percent",
    "the dog is barking at us",
    "she had lunch at one",
    "my sister is here",
    "sorry for the spelling",
    "I don't know who to ask",
]
DENIED = [
    "no seizures",
    "he is not unconscious",
    "she isn't having a seizure",
    "no fits",
    "no vomiting or seizures",
    "he has not fainted",
    "she is not blue",
    "no trouble breathing",
    "he is not limp",
    "not confused",
]
JOINERS = [". ", "\n", " but ", "; ", "! ", "... "]
LISTED = [", ", " and ", ", and "]
DISGUISES = {
    "upper case": str.upper,
    "title case": str.title,
    "no apostrophes": lambda text: text.replace("'", ""),
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "blanks": lambda text: "  " + text.replace(" ", "   ") + "\t",
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "zero-width characters": lambda text: "\u200b".join(text),
    "quotes": lambda text: f"“{text}”",
    "end marks": lambda text: text + "!!!",
    "dots": lambda text: text + "...",
    "emoji": lambda text: f"😭 {text} 🙏",
    "markup": lambda text: f"<b>{text}</b>",
    "full-width letters": lambda text: "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in text),
    "look-alike letters": lambda text: text.translate(str.maketrans("aeocp", "аеоср")),
    "accents": lambda text: text.replace("e", "é").replace("o", "ö"),
    "a stretched end": lambda text: re.sub(r"([a-z])$", r"\1\1\1\1", text),
    "a word before": lambda text: f"pls {text}",
}
"""Ways to type the same words; each gives the text in another form."""

signs = st.sampled_from(SIGNS)
grave = st.sampled_from(GRAVE)
neutral = st.sampled_from(NEUTRAL)
denied = st.sampled_from(DENIED)
joiners = st.sampled_from(JOINERS)


@SOME
@given(neutral | denied | signs, joiners, signs)
def test_adding_a_sign_never_lowers_the_level(before: str, joiner: str, sign: str) -> None:
    alone = rank(sign)
    assert rank(before + joiner + sign) >= max(alone, rank(before))
    assert rank(sign + joiner + before) >= max(alone, rank(before))


@SOME
@given(grave, st.lists(st.tuples(joiners, neutral | denied), max_size=4))
def test_an_emergency_survives_whatever_is_said_around_it(sign: str, around: list[tuple[str, str]]) -> None:
    text = sign
    for joiner, other in around:
        text = other + joiner + text if len(text) % 2 else text + joiner + other
    assert level_of(text) == "emergency"


@SOME
@given(denied, st.sampled_from(LISTED + JOINERS), grave)
def test_a_denied_sign_never_cancels_another(no: str, joiner: str, sign: str) -> None:
    said = f"he is not ok, {sign}" if sign.startswith(("no ", "not ")) else f"he is ill, {sign}"
    assert level_of(no + joiner + said) == "emergency"
    assert level_of(said + joiner + no) == "emergency"


@SOME
@given(st.lists(denied, min_size=1, max_size=4), st.sampled_from(JOINERS + [", "]))
def test_denials_alone_are_nothing(said: list[str], joiner: str) -> None:
    assert level_of(joiner.join(said)) == "none"


@SOME
@given(signs, st.lists(st.sampled_from(sorted(DISGUISES)), max_size=3, unique=True))
@example("he isn't breathing", ["zero-width characters", "look-alike letters", "upper case"])
def test_how_it_is_typed_does_not_matter(sign: str, ways: list[str]) -> None:
    text = sign
    for way in ways:
        text = DISGUISES[way](text)
    assert level_of(text) == level_of(sign)


@pytest.mark.parametrize(
    "who", ["I", "he", "she", "my son", "my wife", "mum", "my nan", "my friend", "a stranger", "the patient"]
)
@pytest.mark.parametrize(
    "what",
    [
        "can't breathe",
        "stopped breathing",
        "fainted just now",
        "had a seizure this morning",
        "took 30 tablets",
        "took all my baclofen",
        "turned blue and went limp",
        "can't be woken",
    ],
)
def test_who_it_is_never_lowers_the_level(who: str, what: str) -> None:
    assert level_of(f"{who} {what}") == "emergency"


@SOME
@given(st.text(max_size=300) | st.text("abehinorst' .,?!\n", max_size=200))
def test_any_text_gets_the_same_level_twice_and_never_fails(text: str) -> None:
    assert rules.read(text) == rules.read(text)


@SOME
@given(
    st.text(alphabet=st.characters(blacklist_categories=[], blacklist_characters="?？"), max_size=80), grave
)
def test_noise_beside_an_emergency_does_not_hide_it(noise: str, sign: str) -> None:
    plain = lexicon.plain_text(noise)[0]
    english = lexicon.load()
    assume(not english.frames["well"].search(plain) and not english.frames["fiction"].search(plain))
    assume(not english.patterns["lesson"].search(plain))
    assert level_of(f"{sign}.\n{noise}") == "emergency"


@pytest.fixture(scope="module")
def unmended() -> lexicon.Lexicon:
    """The lexicon with a speller that mends nothing."""
    english = copy.copy(lexicon.load())
    english.speller = copy.copy(english.speller)
    english.speller.repair = lambda tokens, choice=0: tokens  # type: ignore[method-assign]
    return english


@SOME
@given(sign=signs, at=st.integers(0, 60), letter=st.sampled_from("abcdefghiklmnoprstuwy"))
def test_mending_the_spelling_only_adds(unmended: lexicon.Lexicon, sign: str, at: int, letter: str) -> None:
    text = sign[:at] + letter + sign[at + 1 :]
    assert rank(text) >= RANK[level_of(text, unmended)]
