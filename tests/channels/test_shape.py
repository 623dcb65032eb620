"""A reply in the shape of each channel: lengths, segments, choices, calls."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baclofen import channel_shape, countries, dataset, facts, gsm7, replies, wording
from baclofen.paths import DATA
from baclofen.splitting import split
from baclofen.triage import triage
from tests.channels.people import CHANNELS

WORDS = wording.load()
GB = countries.resolve(given="GB")


def as_reply(message: replies.Message) -> dict[str, object]:
    buttons = [{"title": b.title, "payload": b.payload} for b in message.buttons]
    return {"text": message.text, "buttons": buttons, "custom": message.custom}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 459, 3),
        ("a" * 460, 4),
        ("\u20ac" * 80, 1),
        ("\u20ac" * 81, 2),
        ("a" * 152 + "\u20ac" + "a" * 152, 3),  # a letter of two places is not cut in two
        ("\u00e1" + "a" * 69, 1),
        ("\u00e1" + "a" * 70, 2),
        ("\u00e1" + "a" * 134, 3),
        ("\U0001f600" * 35, 1),
        ("\U0001f600" * 36, 2),
    ],
)
def test_segments_are_counted_as_networks_bill_them(text: str, count: int) -> None:
    assert gsm7.segments(text) == count


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab .,\n0123456789\u00e9\u00e1\U0001f600", max_size=900), st.integers(1, 3))
def test_parts_of_a_long_text_fit_and_lose_nothing(text: str, most: int) -> None:
    parts = split(text, lambda part: gsm7.segments(part) <= most)
    assert all(gsm7.segments(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_cut_at_the_end_of_a_sentence_where_that_costs_no_part_more() -> None:
    parts = split("One is here. Two is here. Three is here.", lambda part: len(part) <= 30)
    assert parts == ["One is here. Two is here.", "Three is here."]


def test_a_nicer_cut_never_costs_a_part_more() -> None:
    text = "Aaaa bbbb cccc. Dddd eeee ffff gggg hhhh iiii jjjj"
    assert len(split(text, lambda part: len(part) <= 26)) == 2


def test_a_telephone_number_is_not_cut() -> None:
    assert split("please call 116 123", lambda part: len(part) <= 16) == ["please call", "116 123"]


@pytest.mark.parametrize("language", wording.languages())
@pytest.mark.parametrize("code", ["US", "GB", "AU", "DE"])
def test_an_emergency_by_text_message_is_one_segment_and_then_three_at_most(language: str, code: str) -> None:
    shape, words, place = channel_shape.load("sms"), wording.load(language), countries.resolve(given=code)
    for text in ("he is not breathing", "my toddler swallowed 3 of my baclofen", "I want to kill myself"):
        first, care = replies.escalation(triage(text), place, language)
        (only,) = channel_shape.parts(as_reply(first), shape, words)
        assert only.text == first.text
        assert gsm7.segments(only.text) == 1
        assert all(gsm7.segments(p.text) <= 3 for p in channel_shape.parts(as_reply(care), shape, words))


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_answer_fits_every_channel(channel: str) -> None:
    shape = channel_shape.load(channel)
    for fact in facts.load().values():
        for part in ("short", "full"):
            message = replies.fact(fact, GB, part=part)  # type: ignore[arg-type]
            parts = channel_shape.parts(as_reply(message), shape, WORDS)
            assert parts
            assert all(shape.fits(p.text) for p in parts)


def test_fancy_punctuation_does_not_make_a_text_message_dearer() -> None:
    shape = channel_shape.load("sms")
    text = "Don\u2019t wait \u2013 call \u201cnow\u201d\u2026 " * 10
    (part,) = channel_shape.parts({"text": text}, shape, WORDS)
    assert gsm7.is_gsm7(part.text)
    assert gsm7.segments(part.text) <= 3


BUTTONS = [{"title": f"What is question {n} about?", "payload": f"/q{n}"} for n in range(5)]


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_choices_by_number_stand_in_the_text(channel: str) -> None:
    shape = channel_shape.load(channel)
    (part,) = channel_shape.parts({"text": "Which?", "buttons": BUTTONS}, shape, WORDS)
    assert part.choices == ()
    assert [choice.payload for choice in part.numbered] == ["/q0", "/q1", "/q2"]
    assert part.text.splitlines()[-3:] == [f"{n} What is question {n - 1} about?" for n in (1, 2, 3)]


def test_short_choices_are_quick_replies_of_messenger_and_long_ones_are_numbered() -> None:
    shape = channel_shape.load("messenger")
    (short,) = channel_shape.parts(
        {"text": "Yes.", "buttons": [{"title": "Tell me more", "payload": "/m"}]}, shape, WORDS
    )
    assert [(c.title, c.payload) for c in short.choices] == [("Tell me more", "/m")]
    assert short.text == "Yes."
    (long,) = channel_shape.parts({"text": "Which?", "buttons": BUTTONS}, shape, WORDS)
    assert [(c.title, c.payload) for c in long.choices] == [(str(n + 1), f"/q{n}") for n in range(5)]
    assert "1 What is question 0 about?" in long.text


def test_choices_are_buttons_of_telegram_and_slack() -> None:
    for channel in ("telegram", "slack"):
        shape = channel_shape.load(channel)
        (part,) = channel_shape.parts({"text": "Which?", "buttons": BUTTONS}, shape, WORDS)
        assert len(part.choices) == 5
        assert part.text == "Which?"
        assert part.numbered == ()


def test_a_payload_that_is_too_long_for_a_button_is_numbered() -> None:
    shape = channel_shape.load("telegram")
    button = {"title": "x", "payload": "/" + "\u00e9" * 40}
    (part,) = channel_shape.parts({"text": "Which?", "buttons": [button]}, shape, WORDS)
    assert part.choices == ()
    assert len(part.numbered) == 1


def test_only_slack_gets_calls_to_tap() -> None:
    first, _ = replies.escalation(triage("he is not breathing"), GB)
    for channel in CHANNELS:
        (part,) = channel_shape.parts(as_reply(first), channel_shape.load(channel), WORDS)
        uris = [call.uri for call in part.calls]
        assert uris == (["tel:999", "tel:112", "tel:111"] if channel == "slack" else [])


def test_a_whole_message_is_a_keyword_and_a_part_of_one_is_not() -> None:
    shape = channel_shape.load("sms")
    assert [shape.keyword(text) for text in ("STOP", " stop. ", "Help!", "start", "yes")] == [
        "stop", "stop", "help", "start", "start_after_stop",
    ]  # fmt: skip
    for text in ("please stop shaking", "help he is not breathing", "can I stop", "stop it", ""):
        assert shape.keyword(text) is None
    assert channel_shape.load("telegram").keyword("STOP") is None


def test_a_broken_file_of_a_channel_leaves_it_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    shape = channel_shape.load_or_plain("nonsense")
    (part,) = channel_shape.parts({"text": "Call 999 now."}, shape, WORDS)
    assert part.text == "Call 999 now."


def test_a_fault_in_a_channels_file_is_named(tmp_path: object) -> None:
    text = (DATA / "channels" / "sms.yml").read_text("utf-8")
    broken = text.replace("name: sms", "name: mms").replace("longest: 3", "longest: 3\n  colour: red")
    file = tmp_path / "channels" / "sms.yml"  # type: ignore[operator]
    file.parent.mkdir()
    file.write_text(broken, "utf-8")
    said = " ".join(str(problem) for problem in dataset.check(tmp_path) if "sms.yml" in problem.file)  # type: ignore[arg-type]
    assert "unknown key 'colour'" in said


def test_a_keyword_that_means_two_things_and_a_wrong_name_are_named(tmp_path: object) -> None:
    text = (DATA / "channels" / "sms.yml").read_text("utf-8")
    broken = text.replace("name: sms", "name: mms").replace("help: [HELP", "help: [STOP, HELP")
    file = tmp_path / "channels" / "sms.yml"  # type: ignore[operator]
    file.parent.mkdir()
    file.write_text(broken, "utf-8")
    said = " ".join(str(problem) for problem in dataset.check(tmp_path) if "sms.yml" in problem.file)  # type: ignore[arg-type]
    assert "rename it" in said
    assert "'STOP' also stands under stop" in said
