"""Calibration, trade-offs and constants, from votes that are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from baclofen import learned
from baclofen.classifier import softmax
from baclofen.clear import clear
from baclofen.rules import read as read_by_rule
from baclofen.signs import LEVELS, RANK
from baclofen.triage import is_bare_red_flag, triage
from evaluation import tuning
from evaluation.cases import Cases, Findings, Message, Votes, Windows, gravest
from evaluation.tuning import Bench, Settings
from tests.evaluation.some_cases import Builder, chances

EVEN = dict.fromkeys(LEVELS, 1.0)
TALK = dict.fromkeys(LEVELS[1:], 0.1)
PLAIN = Settings(EVEN, tuning.NEVER, tuning.NO_TALK, temperature=1.0)
TALKING = replace(PLAIN, talk=TALK)


def drawn(builder: Builder, settings: Settings = PLAIN) -> list[str]:
    levels = Bench(builder.build(), 1.0).whole(settings).levels
    return [LEVELS[level] for level in levels]


# Calibration


def labelled_scores(stretched: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores of many texts whose labels come as often as the chances say, then stretched."""
    random = np.random.default_rng(0)
    scores = random.normal(0, 2, (4000, len(LEVELS))).astype(np.float32)
    labels = np.array([random.choice(len(LEVELS), p=p / p.sum()) for p in softmax(scores).astype(float)])
    return scores * np.float32(stretched), labels


@pytest.mark.parametrize("stretched", [0.5, 1.0, 2.0])
def test_the_temperature_undoes_what_stretched_the_scores(stretched: float) -> None:
    scores, labels = labelled_scores(stretched)
    assert tuning.fit_temperature(scores, labels) == pytest.approx(stretched, rel=0.1)


def test_scores_that_are_too_sure_are_far_from_the_truth_and_others_are_not() -> None:
    scores, labels = labelled_scores(3.0)
    far = tuning.expected_error(tuning.reliability(softmax(scores), labels))
    near = tuning.expected_error(tuning.reliability(softmax(scores / 3), labels))
    assert far > 0.1 > 0.03 > near


def test_bins_hold_every_message_once() -> None:
    read = np.array([chances("none", 1.0), chances("none", 0.55), chances("none", 0.52)])
    bins = tuning.reliability(read, np.array([0, 0, RANK["emergency"]]))
    assert [(b.low, b.messages, b.right) for b in bins] == [(0.5, 2, 0.5), (0.9, 1, 1.0)]


def test_without_messages_nothing_is_far_from_the_truth() -> None:
    assert tuning.expected_error(()) == 0


# Drawing levels


def test_either_reader_raises_a_level_and_neither_lowers_it() -> None:
    cases = Builder()
    cases.add("emergency", chances("emergency"))
    cases.add("urgent", chances("none"), signs=[("urgent", chances("none"))])
    cases.add("emergency", chances("emergency"), signs=[("urgent", chances("urgent"))])
    cases.add("none", chances("none"))
    assert drawn(cases) == ["emergency", "urgent", "emergency", "none"]


def test_a_sign_in_mere_talk_is_not_counted() -> None:
    cases = Builder().add("none", chances("none"), signs=[("emergency", chances("none"))])
    assert drawn(cases, TALKING) == ["none"]


def test_a_red_flag_that_a_message_says_alone_is_never_mere_talk() -> None:
    cases = Builder().add("none", chances("none"), signs=[("emergency", chances("none"))], bare=True)
    assert drawn(cases, TALKING) == ["emergency"]


def test_a_sign_in_a_message_that_sounds_dangerous_is_counted() -> None:
    cases = Builder().add("emergency", chances("none", 0.8), signs=[("emergency", chances("none"))])
    assert drawn(cases, TALKING) == ["emergency"]


def test_a_sentence_that_is_danger_by_itself_is_counted_in_a_harmless_message() -> None:
    cases = Builder()
    cases.add("emergency", chances("none"), signs=[("emergency", chances("emergency"))])
    cases.add("none", chances("none"), signs=[("emergency", chances("none", 0.5))])
    assert drawn(cases, TALKING) == ["emergency", "none"]


def test_the_graver_sign_may_need_a_surer_reader() -> None:
    read = chances("none", 0.8)
    cases = (
        Builder().add("none", read, signs=[("emergency", read)]).add("none", read, signs=[("urgent", read)])
    )
    assert drawn(cases, replace(PLAIN, talk={**TALK, "urgent": 0.3})) == ["emergency", "none"]


def test_of_a_long_message_the_sentence_alone_says_whether_a_sign_is_talk() -> None:
    sign = ("emergency", chances("none"))
    cases = Builder().add("none", chances("none", 0.8), signs=[sign], long=True)
    assert drawn(cases, TALKING) == ["none"]


def test_a_sure_window_raises_the_message_and_an_unsure_one_does_not() -> None:
    cases = Builder()
    cases.add("emergency", chances("none"), windows=[chances("none"), chances("emergency", 0.7)], long=True)
    cases.add("none", chances("none"), windows=[chances("emergency", 0.5)], long=True)
    assert drawn(cases) == ["emergency", "none"]


def test_a_doubtful_message_is_asked_back_and_a_harmless_one_is_not() -> None:
    cases = Builder().add("emergency", chances("none", 0.5)).add("none", chances("none"))
    found = Bench(cases.build(), 1.0).whole(replace(PLAIN, doubt=0.2))
    assert found.asked.tolist() == [True, False]
    assert (found.lost, found.lost_in_silence, found.asked_back) == ((1, 1), (0, 1), (0, 1))


def test_a_costly_level_is_drawn_before_a_likelier_one() -> None:
    close = 0.55 * chances("none", 1.0) + 0.45 * chances("emergency", 1.0)
    cases = Builder().add("emergency", close)
    assert drawn(cases) == ["none"]
    assert drawn(cases, replace(PLAIN, cost={**EVEN, "emergency": 1.5})) == ["emergency"]


TOLD = (
    "he wont wake up",
    "can it make you faint",
    "what is baclofen",
    "she took four instead of two of her baclofen",
    "my stomach dropped when i saw the bill",
    "i want to die",
    "he is not blue. he is eating his tea",
    "my dog ate one of my baclofen",
    "so we went to the shop and i bought bread and milk and eggs. then we came home and i put the kettle on. "
    "my brother was on the sofa and i could not wake him up, he was blue. i had a cup of tea and i read the "
    "paper and the weather is meant to be good tomorrow. what do you think i should do about the garden?",
)


def test_levels_are_drawn_as_triage_draws_them() -> None:
    reader = learned.load()
    assert reader is not None
    assert reader._encoder is not None
    encoder, order = reader._encoder, reader._order

    def votes(texts: list[str]) -> Votes:
        plain = [clear(text) for text in texts]
        scores = encoder.encode(plain).levels[:, order]
        return Votes(reader._ngrams.predict_proba(plain)[:, reader._columns], scores, scores)

    found = [(n, finding) for n, text in enumerate(TOLD) for finding in read_by_rule(text).findings]
    windows = [(n, part) for n, text in enumerate(TOLD) for part in learned._parts(text)[1:]]
    assert found
    assert windows
    of_windows, owners = votes([part for _, part in windows]), np.array([n for n, _ in windows])
    closely = gravest(owners, of_windows.ngrams)
    cases = Cases(
        tuple(Message(text, "none", "ann", 0) for text in TOLD),
        votes(list(TOLD)),
        Windows(owners[closely], of_windows.take(closely)),
        Findings(
            np.array([n for n, _ in found]),
            np.array([RANK[finding.sign.level] for _, finding in found]),
            votes([finding.sentence for _, finding in found]),
            np.array([len(TOLD[n].split()) <= learned.LONG for n, _ in found]),
            np.array([is_bare_red_flag(finding, TOLD[n]) for n, finding in found]),
        ),
        0,
    )
    now = Settings.now()
    levels = Bench(cases, now.temperature).whole(now).levels
    assert [LEVELS[level] for level in levels] == [triage(text, now=0.0).level for text in TOLD]


# Curves


def test_a_higher_threshold_finds_fewer_emergencies_and_alarms_less() -> None:
    read = np.array([chances("emergency", 0.8), chances("emergency", 0.4), chances("emergency", 0.5)])
    labels = np.array([RANK["emergency"], RANK["emergency"], 0])
    low, high = tuning.alarm_curve(read, labels, (0.3, 0.6))
    assert (low.found, low.false) == (1.0, 1.0)
    assert (high.found, high.false) == (0.5, 0.0)


def test_doubt_counts_whom_it_asks_and_whom_it_catches() -> None:
    cases = Builder()
    cases.add("emergency", chances("none", 0.5)).add("emergency", chances("none"))
    cases.add("none", chances("none", 0.5)).add("none", chances("none")).add("none", chances("none"))
    (point,) = tuning.doubt_curve(Bench(cases.build(), 1.0), PLAIN, (0.2,))
    assert (point.asked, point.caught, point.none_kept) == ((1, 3), (1, 2), (2, 3))


def test_talk_counts_what_it_calms_and_what_it_lowers_in_error() -> None:
    sign = ("emergency", chances("none"))
    cases = Builder()
    cases.add("none", chances("none"), signs=[sign])
    cases.add("emergency", chances("none"), signs=[sign])
    cases.add("emergency", chances("emergency"), signs=[sign])
    points = tuning.talk_curve(Bench(cases.build(), 1.0), PLAIN, (0.0, 0.1))
    nothing, some = (p for p in points if p.level == "emergency")
    assert (nothing.removed, nothing.dropped, nothing.calmed) == ((0, 1), (0, 2), 0)
    assert (some.removed, some.dropped, some.calmed) == ((1, 1), (1, 2), 1)
    assert some.lowered[RANK["emergency"]] == 1
    assert nothing.lowered[RANK["emergency"]] == 0


# Constants


def hard(harmless: int, doubtful: int, fold: int = 0) -> Builder:
    """Emergencies that look harmless, harmless messages, and some of these that look like the former."""
    close = 0.55 * chances("none", 1.0) + 0.45 * chances("emergency", 1.0)
    cases = Builder()
    for _ in range(4):
        cases.add("emergency", close, fold=fold)
    for number in range(harmless):
        cases.add("none", close if number < doubtful else chances("none"), fold=fold)
    return cases


def test_emergencies_are_found_where_the_harmless_stay_so() -> None:
    bench = Bench(hard(100, 2).build(), 1.0)
    found = bench.whole(tuning.recommend(bench, 1.0))
    assert found.lost == (0, 4)


def test_emergencies_are_not_found_at_the_price_of_the_harmless() -> None:
    bench = Bench(hard(100, 30).build(), 1.0)
    found = bench.whole(tuning.recommend(bench, 1.0))
    assert found.recall(0)[0] >= tuning.NONE_KEPT * 100
    assert found.lost == (4, 4)


def test_as_many_harmless_messages_are_kept_as_now_where_more_is_out_of_reach() -> None:
    bench = Bench(hard(100, 30).build(), 1.0)
    costly = replace(PLAIN, cost={**EVEN, "emergency": 1.5})
    assert tuning.within_reach(bench, costly) == pytest.approx(0.7)
    assert tuning.within_reach(bench, PLAIN) == tuning.NONE_KEPT


def test_the_more_harmless_messages_are_kept_the_more_emergencies_are_lost() -> None:
    few, many = tuning.front(Bench(hard(100, 3).build(), 1.0), 1.0, (0.9, 0.99))
    assert (few[1].lost, many[1].lost) == ((0, 4), (4, 4))


def test_each_fold_is_drawn_with_what_the_others_recommend() -> None:
    cases = hard(50, 0, fold=0)
    for message, read in zip(hard(50, 0).messages, hard(50, 0).whole, strict=True):
        cases.add(message.level, read, fold=1)  # type: ignore[arg-type]
    found = tuning.cross_checked(cases.build(), 1.0, tuning.NONE_KEPT)
    assert found is not None
    assert len(found.labels) == 108


def test_one_fold_alone_checks_nothing() -> None:
    assert tuning.cross_checked(hard(10, 0).build(), 1.0, tuning.NONE_KEPT) is None
