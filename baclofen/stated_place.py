"""The present place that a user states: "we're in Leipzig", "living in Lyon", "UK here".

Only a place of the person who writes, and only now: relatives abroad, origins, past and future stays,
people and things that are named like places say nothing about whom to call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from baclofen.text import fold

LONG = 2_000
"""Characters read at each end of a long text."""

_WORD = re.compile(r"[^\W\d_]+")
_GAP_IN_NAME = re.compile(r"[ .'\-]{0,2}\Z")
_GAP_IN_CHAIN = re.compile(r"\s*(?:,|-|\(|,?\s*\bin\b)?\s*\Z")
_SENTENCE_END = re.compile(r"[.!?;\n]+(?=\s|\Z)")

_NEAR = (
    r"(?:in|at|near|outside|around|close to|just outside)"
    r"(?: (?:sunny|rainy|rural|central|downtown|north|south|east|west|northern|southern|eastern|western|"
    r"greater|inner|upstate|good old|the (?:north|south|east|west|middle|centre|center|heart) of))?"
)
_PLACE_NOUN = (
    r"(?:house|home|flat|place|hotel|hostel|airport|apartment|airbnb|campsite|b&b|villa|village|town|"
    r"city|suburb|"
    r"office|station|pub|farm|uni|school|dorm|cottage)"
)
_HOW = (
    r"(?:currently|now|right now|rn|just|actually|here|all|both|still|back|also|only|physically|"
    r"temporarily|based|"
    r"located|living|staying|stuck|visiting|travell?ing|working|studying|alone|sat|sitting|lying|"
    r"parked|stranded|"
    r"camping|over|out|up|down|away|at home|at work|on holidays?|on vacation|on a trip|at the moment|"
    r"with (?:him|her|them|my \w+|our \w+)|at (?:my|our|a|the|his|her) (?:\w+'?s? )?" + _PLACE_NOUN + r"|"
    r"in (?:a|the|my|our) (?:\w+ )?" + _PLACE_NOUN + r"|at my \w+'?s|"
    r"\w{3,}(?:ian|an|ish|ese)|an? (?!fan|lover|friend|cousin|relative|believer)\w+(?: of \w+| \w+)?)"
)
_I_AM = (
    r"(?:\bi'?m|\bi am|\bi m|\bwe're|\bwe are|\bwe r|(?:^|[.,!?;:]\s*)(?:were|am|we)|\band i are|"
    r"\band me are|"
    r"\bboth of us are)"
)
_TRIGGERS = [
    rf"{_I_AM}(?: {_HOW},?){{0,3}} {_NEAR} ",
    rf"{_I_AM}(?: {_HOW},?){{0,2}} visiting ",
    rf"\b(?:i|we) (?:currently |now |both |all |still |also |actually )?(?:live|stay|reside|work|teach|"
    rf"study)(?: {_HOW})?"
    rf" {_NEAR} ",
    r"(?:\b(?:i|we) (?:am |are )?|\bi'?m |\bwe'?re |(?:^|[.,!?;:(\-]\s*))"
    r"(?:writ(?:e|ing)|text(?:ing)?|messag(?:e|ing)|call(?:ing)?|chat(?:ting)?|typ(?:e|ing)|"
    r"post(?:ing)?|ring(?:ing)?)"
    r"(?: (?:you|to you|this|here|now))* from "
    rf"(?:(?:a|the|my|our) (?:\w+ )?{_PLACE_NOUN} {_NEAR} )?",
    r"(?:^\s*|[.!,]\s*)(?:hi|hello|hey|hiya|greetings|good (?:morning|evening|afternoon|day))"
    r"(?: there| all)? from ",
    rf"(?:\bi|\bwe|\bi'm|\bwe're)\b[^.,;!?]{{1,40}}\band (?:live|stay|work) {_NEAR} ",
    r"\b(?:do|should|can|must) (?:i|we) (?:call|ring|phone|dial|contact)(?: for help| here)? in ",
    r"\b(?:(?:lives?|stays?|staying|is|are) )?with (?:me|us)(?: here| now)? in ",
    rf"{_I_AM} (?:currently )?(?:based out of|travell?ing (?:through|around|across)) ",
    rf"\b(?:over |out |up |down |back )?here,? {_NEAR} ",
    r"(?:^|[.,!?;:(\-]\s*|\band )(?:currently|now|based|located|living|staying|stuck|stranded|"
    r"on holidays?|on vacation|"
    rf"on a trip|travell?ing|at home|(?:at|in) (?:a|the|my|our) (?:\w+ )?{_PLACE_NOUN})"
    rf"(?: (?:now|currently|right now|here|alone|at the moment|with my \w+))? {_NEAR} ",
    r"\b(?:i|we)(?:'ve| have|'re| are)? (?:just |now |finally )*(?:landed|arrived) (?:back )?(?:in|at) ",
    r"\b(?:my|our) (?:location|place|country|city|town|home) is (?:in )?|\b(?:location|country|"
    r"city)\s*[:=]\s*",
    # German, French, Spanish, Italian
    r"\b(?:ich bin|wir sind|bin|sind|ich wohne|wir wohnen|ich lebe|wir leben|wohne|wohnen|hier)"
    r"(?: (?:gerade|hier|jetzt|momentan|zu hause|im urlaub))* (?:in|bei|im) ",
    r"\b(?:je suis|nous sommes|on est|j'habite|nous habitons|on habite|je vis|ici)"
    r"(?: (?:actuellement|ici|maintenant|en vacances))* (?:a|en|au|aux|dans|pres de) (?:la |le |l')?",
    r"\b(?:estoy|estamos|vivo|vivimos|aqui)(?: (?:ahora|aqui|de vacaciones))* "
    r"(?:en|cerca de) (?:el |la |los )?",
    r"\b(?:sono|siamo|vivo|viviamo|abito|abitiamo|mi trovo|ci troviamo|qui)(?: (?:ora|qui|adesso|"
    r"in vacanza))* (?:a|in|nel) ",
]
_STATED = re.compile("(?:" + "|".join(f"(?:{trigger})" for trigger in _TRIGGERS) + r")\Z")
_NOT_NOW_BEFORE = re.compile(
    r"\b(?:when|whenever|if|once|until|unless|before|after|while|wish|imagine|pretend|suppose|as if|"
    r"next time|"
    r"last time|not|never|no longer|aren'?t|isn'?t|said|says|saying|texted|told me|wrote|goes|quote|"
    r"lives?|lived|"
    r"wenn|quand|si|cuando|quando)"
    r"[\s,:\"']*\Z"
)
_NOT_NOW_AFTER = re.compile(
    r"[\s,]*(?:last |next (?:week|month|year|summer|winter|spring|autumn|fall|time|\w+day)|tomorrow\b|soon\b|"
    r"ago\b|\w+ (?:years?|months?|weeks?|days?) ago|in (?:\w+ )?(?:\w+ )?(?:days?|weeks?|months?)\b|"
    r"in (?:19|20)\d\d|"
    r"from (?:mon|tues|wednes|thurs|fri|satur|sun)day|when\b|"
    r"on (?:the phone|a call|facetime|whatsapp)|over the phone)"
)
_NOT_A_PLACE = re.compile(
    r"(?:'s?)? (?:hilton|sandwich\w*|embassy|consulate|marathon|biobank|study|trial|registry|register|"
    r"forum|discord|"
    r"subreddit|reddit|squad|army|navy|mode|final|group|chat|class|costume|call(?:ed|ing)?|team|"
    r"jersey|airlines|"
    r"syndrome|lions?|bulls?|house hotel)\b"
)
_BARE_BEFORE = re.compile(r"(?:^\s*|[.!?;,:\n]\s*|\s[\-]\s*|\b(?:btw|pls|please|fyi) )(in |near )?\Z")
_BARE_AFTER = re.compile(
    r"\s*(?:\Z|[.,;!\n\-]|(?:here|now|rn|btw|atm|time|based|pls|please|thanks|thx|arvo|tonight|today|"
    r"this (?:morning|arvo|afternoon|evening))\b)"
)
_FROM_HERE = re.compile(r"(?:^\s*|[.!?;,:\n]\s*)from \Z")
_HERE = re.compile(r"\s*here\b")
_PREPOSITION = re.compile(
    r"\b(?:in|from|near|to|of|for|at|around|outside|visiting|visit|about|and|or|love|like|via|with|into|leaving)\s*\Z"
)
_QUESTION = re.compile(
    r"\s*(?:and |but |so |ok |hi |hello |hey |also )*,?\s*(?:is|are|can|does|do|what|which|how|where|"
    r"who|why|should|"
    r"could|would|will|was|were|did|has|have|whats|what's|wheres)\b(?!.*[.!?].)"
)
_GENERAL = re.compile(
    r"approv|legal|licen[sc]|availab|\bsold\b|\bbrand|\btrials?\b|\bstud(?:y|ies)\b|\blaws?\b|embassy|"
    r"flight|visa\b|"
    r"\b(?:last (?:year|month|week|summer|winter)|ago|used to|yesterday|was in|were in|moved|moving|"
    r"going to|flying|born|"
    r"from|trip to|won|beat|match|game|cup|football|song|film|movie|marketed|prescribers|guidelines?)\b"
)


@dataclass(frozen=True)
class _Name:
    code: str
    is_country: bool
    only_after_in: bool = False
    in_capitals: bool = False


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    name: _Name


def stated_country(text: str) -> str | None:
    """Return the code of the country in which the user says to be now, or None; the last statement wins.

    Of a very long text only both ends are read.
    """
    if len(text) > 2 * LONG:
        text = text[:LONG] + "\n" + text[-LONG:]
    plain, _ = fold(text)
    if len(plain) != len(text):
        text = plain  # offsets moved: names that need capitals are not looked for
    chains = _chains(plain, _find(plain, text))
    sentences = _sentences(plain)
    stated = None
    for chain in chains:
        if _is_stated(plain, chain) or _is_bare(plain, chain, chains, sentences):
            stated = chain[-1].name.code
    return stated


def _is_stated(plain: str, chain: list[_Found]) -> bool:
    before = plain[max(0, chain[0].start - 160) : chain[0].start]
    before = re.sub(r"[ \t]+", " ", before)
    trigger = _STATED.search(before)
    if not trigger or _NOT_NOW_BEFORE.search(before[: trigger.start()]):
        return False
    after = plain[chain[-1].end : chain[-1].end + 60]
    return not (_NOT_NOW_AFTER.match(after) or _NOT_A_PLACE.match(after))


def _is_bare(
    plain: str, chain: list[_Found], chains: list[list[_Found]], sentences: list[tuple[int, int]]
) -> bool:
    """Say whether a place stands alone as a clause: "Gold Coast, arvo", "he won't wake up. Leeds"."""
    names = [found.name for found in chain]
    if names[0].only_after_in and len(chain) == 1:
        return False
    start, end = chain[0].start, chain[-1].end
    sentence = next(((a, b) for a, b in sentences if a <= start < b), (0, len(plain)))
    before, after = plain[sentence[0] : start], plain[end : sentence[1] + 1]
    bare = _BARE_BEFORE.search(before)
    from_here = _FROM_HERE.search(before) if _HERE.match(after) else None
    around = plain[sentence[0] : sentence[1]] if not from_here else before[: from_here.start()] + after
    alone = bool(bare and _BARE_AFTER.match(after)) or bool(from_here)
    if not alone and not _is_telegram(before, after, names):
        return False
    if plain[end:].lstrip().startswith("?") or _QUESTION.match(around) or _GENERAL.search(around):
        return False
    if any(c is not chain and sentence[0] <= c[0].start < sentence[1] for c in chains):
        return False
    leads = re.fullmatch(r"\s*(?:in|near)\s*", before)
    return not (leads and names[-1].is_country and plain[end : sentence[1]].strip(" .,!"))


def _is_telegram(before: str, after: str, names: list[_Name]) -> bool:
    """Say whether a city and its country open or close a message in note form: "London UK 3yo ate pill"."""
    if len(names) < 2 or len({name.code for name in names}) > 1 or not names[-1].is_country:
        return False
    return not before.strip() or (not after.strip(" .!?") and not _PREPOSITION.search(before))


def _sentences(plain: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in _SENTENCE_END.finditer(plain)]
    return list(zip([0, *ends], [*ends, len(plain) + 1], strict=True))


def _find(plain: str, text: str) -> list[_Found]:
    """Return the place names in the text, the longest at each spot."""
    names, longest = _names()
    words = list(_WORD.finditer(plain))
    shouts = not any(char.islower() for char in text)
    found: list[_Found] = []
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            part = words[at : at + size]
            name = names.get(tuple(word.group() for word in part))
            if name is None or not all(
                _GAP_IN_NAME.match(plain[a.end() : b.start()]) for a, b in zip(part, part[1:], strict=False)
            ):
                continue
            start, end = part[0].start(), part[-1].end()
            if name.in_capitals and (shouts or not text[start:end].isupper()):
                continue
            found.append(_Found(start, end, name))
            at += size - 1
            break
        at += 1
    return found


def _chains(plain: str, found: list[_Found]) -> list[list[_Found]]:
    """Join names that say one place together: "Leipzig in Germany", "London, Ontario"; lists are left out."""
    chains: list[list[_Found]] = []
    for name in found:
        if chains and _GAP_IN_CHAIN.match(plain[chains[-1][-1].end : name.start]):
            chains[-1].append(name)
        else:
            chains.append([name])
    return [chain for chain in chains if len(chain) < 3 or len({f.name.code for f in chain}) == 1]


@lru_cache(maxsize=1)
def _names() -> tuple[dict[tuple[str, ...], _Name], int]:
    from baclofen.countries import load

    names: dict[tuple[str, ...], _Name] = {}
    for code, country in load().items():
        groups = (
            (country.cities_after_in, _Name(code, False, only_after_in=True)),
            (country.cities, _Name(code, False)),
            (country.names_in_capitals, _Name(code, True, in_capitals=True)),
            ((country.name, *country.also_called), _Name(code, True)),
        )
        for words, name in groups:
            for word in words:
                names[tuple(match.group() for match in _WORD.finditer(fold(word)[0]))] = name
    return names, max(map(len, names), default=1)
