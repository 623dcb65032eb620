"""A stated present place switches the country; relatives, origins, past stays and namesakes do not."""

from __future__ import annotations

import pytest

from baclofen.countries import stated_country

DOES = [
    ("we're in Leipzig", "DE"),
    ("I'm in the UK", "GB"),
    ("im in galway", "IE"),
    ("living in Lyon", "FR"),
    ("I write from Leipzig in Germany, my husband took too much", "DE"),
    ("here in Galway the ambulance takes ages", "IE"),
    ("my kid swallowed two of my pills. Gold Coast, arvo", "AU"),
    ("i live in Mumbai and my father is on baclofen", "IN"),
    ("We live near Cork", "IE"),
    ("we’re in münchen, he is not waking up", "DE"),
    ("I am currently in Madrid", "ES"),
    ("I'm on holiday in Spain and my mum took double", "ES"),
    ("we are staying at a hotel in Rome", "IT"),
    ("texting from Cape Town", "ZA"),
    ("UK here, what number do I ring", "GB"),
    ("he won't wake up. Leeds", "GB"),
    ("Leipzig, he is not breathing", "DE"),
    ("she took 20 tablets, Dunedin NZ", "NZ"),
    ("im in the us", "US"),
    ("I'm in US", "US"),
    ("we're in the States", "US"),
    ("I'm a nurse in Toronto", "CA"),
    ("I live in London, Ontario", "CA"),
    ("I'm in Paris, Texas", "US"),
    ("I'm in Paris", "FR"),
    ("im currently in Sydney", "AU"),
    ("my wife and I are in Berlin and she is very drowsy", "DE"),
    ("I'm from India but I live in Dublin", "IE"),
    ("I was in Spain last year. Now I'm in Leeds", "GB"),
    ("just landed here in Auckland", "NZ"),
    ("we just arrived in Vienna", "AT"),
    ("ich bin in Köln", "DE"),
    ("wir sind in Leipzig", "DE"),
    ("je suis à Lyon", "FR"),
    ("nous sommes en France", "FR"),
    ("estoy en Madrid", "ES"),
    ("siamo a Milano", "IT"),
    ("my location is Johannesburg", "ZA"),
    ("location: Glasgow", "GB"),
    ("based in Chennai", "IN"),
    ("I'M IN THE UK", "GB"),
    ("I'm at my mum's in Cardiff", "GB"),
    ("were in leipzig and he wont wake up", "DE"),
    ("no ambulance here, we're stuck in Nairobi", "KE"),
    ("I study in Edinburgh", "GB"),
    ("currently in New York, took 3 instead of 1", "US"),
    ("Edinburgh, Scotland. dad is confused", "GB"),
    ("U.K. here", "GB"),
    ("I am writing this from a hotel in Barcelona", "ES"),
    ("from Leeds here", "GB"),
    ("im a mum of 2 in leeds", "GB"),
    ("Hi from Germany", "DE"),
    ("who do i call in australia", "AU"),
    ("We are Indian and live in London", "GB"),
    ("I am based out of Bangalore", "IN"),
    ("I'm currently travelling through Italy", "IT"),
    ("i am italian living in berlin", "DE"),
    ("estamos en el Reino Unido", "GB"),
    ("my dad lives with me in Toronto", "CA"),
    ("we're here in sunny Brisbane", "AU"),
    ("London UK 3yo ate pill", "GB"),
    ("3yo ate pill london uk", "GB"),
]

DOES_NOT = [
    "my cousin in Germany takes baclofen",
    "my cousin is in Germany",
    "I'm worried about my cousin in Germany",
    "I'm from India",
    "from India",
    "my doctor is from Ireland",
    "I was in Spain last year",
    "we were in France when it started",
    "I'm in Germany next week",
    "when I'm in Spain I forget my pills",
    "if I'm in the UK can I buy it",
    "Jordan the footballer won't wake up in the film",
    "Jordan won't wake up",
    "Paris Hilton takes baclofen",
    "Paris won't wake up",
    "I ate a Turkey sandwich",
    "turkey sandwich",
    "moving to Canada",
    "I'm moving to Canada",
    "we're flying to Italy",
    "Georgia called",
    "Georgia called me from the hospital",
    "is baclofen legal in Germany?",
    "is it approved in France, Germany and Spain",
    "In France, baclofen is used for alcohol problems",
    "in Germany the number is 112",
    "she lives in Leipzig",
    "my sister lives in Lyon, France",
    "he texted: I'm in Germany",
    "I'm not in the UK",
    "we're no longer in Spain",
    "tell us what to do",
    "help us",
    "let US know",
    "I'm in the London Marathon",
    "I'm in the UK Biobank study",
    "I speak German",
    "I'm Italian",
    "my Irish setter ate a pill",
    "Germany?",
    "what about Spain?",
    "Houston, we have a problem",
    "I love Italy",
    "I'm in love with Italy",
    "China cup broke",
    "a friend from Scotland said so",
    "Sydney isn't breathing",
    "Florence has stopped breathing",
    "our son in Toronto took ten",
    "I want to live in Canada one day",
    "the NHS (UK) says 999",
    "he was born in Leeds",
    "Milan is my son, he took two",
    "wish I was in Spain",
    "a study in Germany found this",
    "I'm with my cousin in Germany on the phone",
    "my parents are old and live in Leeds",
    "she drove to London UK",
    "I bought it in Mexico",
    "India ate my pills",
    "Kent won't wake up",
    "I'm going to Spain tomorrow",
    "the pharmacy in Canada sent me the wrong strength",
    "I heard in Australia they use it",
    "before I moved to London",
    "",
]


@pytest.mark.parametrize(("text", "code"), DOES)
def test_a_stated_present_place_names_its_country(text: str, code: str) -> None:
    assert stated_country(text) == code


@pytest.mark.parametrize("text", DOES_NOT)
def test_anything_else_names_no_country(text: str) -> None:
    assert stated_country(text) is None


def test_capitals_alone_do_not_make_us_a_country() -> None:
    assert stated_country("HELP US HE IS NOT BREATHING") is None


def test_a_very_long_message_is_read_in_reasonable_time() -> None:
    assert stated_country("he took some and we're in Leipzig " * 2_000) == "DE"
