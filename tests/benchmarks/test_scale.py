"""The arithmetic of the benchmark of scale: shares of what is sent, medians, aims, growth, capacity."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baclofen import facts
from baclofen.dataset import load_yaml
from baclofen.lexicon import Lexicon
from baclofen.paths import DATA
from benchmarks.default_bot import thinned
from benchmarks.figures import Sample
from benchmarks.scale import capacity, capacity_page, mix, more_data, pages, plots
from benchmarks.scale.abreast import Cell, Round
from benchmarks.scale.capacity import Cost
from benchmarks.scale.fleet import stock_endpoints

COST = Cost(
    bot_ms=12.0,
    stores_ms=3.0,
    table_bytes=2048,
    wal_bytes=1024,
    transactions=2,
    redis_commands=5,
    connections=4,
    bot_mib=512,
)


def test_ten_conversations_hold_the_shares_and_are_spread() -> None:
    assert Counter(mix.order()) == mix.SHARES
    assert "emergency" not in (mix.order()[0], mix.order()[-1])


def test_no_message_is_sent_twice() -> None:
    texts = dict.fromkeys(mix.SHARES, ("one", "two"))
    sent = [t for talk in itertools.islice(mix.talks(texts, itertools.count()), 30) for t in talk.texts]
    assert len(sent) == len(set(sent)) == 300


def _cell(*milliseconds: float) -> Cell:
    samples = [Sample((ms, ms), 2 * ms / 1000, processor_s=ms / 1000) for ms in milliseconds]
    return Cell("ours", 2, tuple(Round(sample, 0.01, 1.0) for sample in samples))


def test_figures_are_the_medians_of_the_rounds() -> None:
    cell = _cell(10.0, 20.0, 500.0)
    assert (cell.at(50), cell.per_second) == (20.0, 50.0)
    assert cell.processor_ms == pytest.approx(10.0)
    assert cell.stores_ms == pytest.approx(5.0)


def test_the_spread_is_that_of_the_throughputs() -> None:
    assert _cell(10.0, 20.0, 40.0).spread() == pytest.approx((100 - 25) / 50)
    assert _cell(10.0, 10.0).spread() == 0


def test_ten_million_messages_a_day_by_hand() -> None:
    need = capacity.need(COST, 8_640_000, peak=2, busy=0.5)
    assert (need.average, need.peak) == (100, 200)
    assert need.bots == 5  # 200 × 12 ms = 2.4 cores, planned half busy 4.8
    assert need.memory_gib == 2.5
    assert need.store_cores == pytest.approx(1.2)
    assert need.connections == 20
    assert need.disk_gib == pytest.approx(8_640_000 * 2048 / 2**30)
    assert (need.transactions_s, need.commands_s) == (400, 1000)


def test_ten_times_the_messages_need_ten_times_the_store_but_no_fewer_than_one_bot() -> None:
    assert capacity.need(COST, 10_000_000).store_cores == pytest.approx(
        10 * capacity.need(COST, 1_000_000).store_cores
    )
    assert capacity.need(COST, 1).bots == 1


def test_a_core_that_is_more_than_busy_is_refused() -> None:
    with pytest.raises(ValueError, match="busy"):
        capacity.need(COST, busy=1.2)


def test_the_part_that_is_full_first_stands_first() -> None:
    assert [name for name, _ in capacity.need(COST).limits()][0] == "one bot (one core)"
    dear = capacity.need(replace(COST, stores_ms=300.0))
    assert [name for name, _ in dear.limits()][0] == "one core for both stores"


def test_a_message_costs_what_was_added_to_the_stores_meanwhile() -> None:
    before = {"table_bytes": 100, "wal_bytes": 0, "transactions": 5, "redis_commands": 1, "connections": 2}
    after = {
        "table_bytes": 2100,
        "wal_bytes": 500,
        "transactions": 25,
        "redis_commands": 51,
        "connections": 8,
    }
    cost = capacity.cost_of({"processor_ms": 9.0, "stores_ms": 1.0}, [before, after], 10, 4, 300.0)
    assert (cost.table_bytes, cost.wal_bytes, cost.transactions) == (200, 50, 2)
    assert (cost.redis_commands, cost.connections) == (5, 2)


def _found(ours_p99: float = 100.0, two_ms: float = 11.0) -> dict[str, Any]:
    cell = {
        "stores_ms": 1.0,
        "p50_ms": 50.0,
        "spread": 0.1,
        "load": 2.0,
        "messages": 9,
        "wrong": 0,
        "failed": 0,
    }
    cells = []
    for processes in (1, 2):
        ours = {"per_second": 60.0, "p99_ms": ours_p99, "processor_ms": two_ms if processes == 2 else 10.0}
        default = {"per_second": 15.0, "p99_ms": 400.0, "processor_ms": 60.0}
        cells += [{"bot": "ours", "processes": processes, **ours, **cell}]
        cells += [{"bot": "default", "processes": processes, **default, **cell}]
    stored = dict.fromkeys(
        ("table_bytes", "wal_bytes", "transactions", "redis_commands", "connections", "redis_bytes"), 0.0
    )
    after = dict.fromkeys(stored, 1000.0)
    point = {"p50_ms": 9.0, "p99_ms": 9.0, "processor_ms": 9.0, "stores_ms": 1.0, "bot_mib": 300.0}
    points = [{"size": size, **point, "stored": after, "load": 1.0} for size in (10, 100)]
    made = {"command": "a command", "date": "a day", "machine": {"processor": "one"}}
    probes = [
        {"factor": 1, "figures": {"ms": 5.0, "p99_ms": 6.0, "load_s": 1.0, "mib": 9}, "why_not": ""},
        {"factor": 100, "figures": {}, "why_not": "needs more than 8 GiB"},
    ]
    return {
        "processes": {
            **made,
            "users": 16,
            "rounds": 3,
            "cells": cells,
            "stored": [stored, after],
            "messages": 100,
            "bot_mib": {"ours": 300.0},
            "default_bot": {"kind": "light", "epochs": 8},
        },
        "history": {**made, "points": {"ours": points}},
        "signs": {**made, "points": [{**point, "load": 1.0} for point in probes]},
    }


def test_the_page_says_which_aims_are_met() -> None:
    text = "\n".join(pages.verdicts(_found()["processes"]))
    assert "1.10 × that of one (aim: at most 1.15): met" in text
    assert "throughput 4.00 × (aim: at least 3): met" in text
    assert "p99 0.25 × (aim: at most 0.33): met" in text


def test_the_page_says_which_aims_are_not_met() -> None:
    text = "\n".join(pages.verdicts(_found(ours_p99=200.0, two_ms=12.0)["processes"]))
    assert "1.20 × that of one (aim: at most 1.15): **not met**" in text
    assert "p99 0.50 × (aim: at most 0.33): **not met**" in text


def test_the_pages_hold_commands_loads_and_what_was_not_possible(tmp_path: Path) -> None:
    pages.write(_found(), tmp_path, tmp_path / "capacity.md")
    text = (tmp_path / "results.md").read_text("utf-8")
    assert "`a command`, a day" in text
    assert "trained lightly" in text
    assert "needs more than 8 GiB" in text
    assert (tmp_path / "processes.png").stat().st_size
    assert (tmp_path / "growth.png").stat().st_size
    assert "10,000,000 / 86,400 s = 116 a second" in (tmp_path / "capacity.md").read_text("utf-8")


def test_what_did_not_end_is_not_drawn() -> None:
    assert plots.lines("signs", _found()["signs"]) == {"ours": [(1, 5.0)]}
    assert plots.lines("history", _found()["history"])["ours"] == [(10, 9.0), (100, 9.0)]


def test_the_capacity_page_leaves_out_growth_that_was_not_measured() -> None:
    found = _found()
    assert "What growth changes" in capacity_page.page(found)
    assert "What growth changes" not in capacity_page.page({"processes": found["processes"]})


def test_copies_of_signs_have_own_keys_and_are_found_by_their_own_words() -> None:
    data = load_yaml(DATA / "signs" / "de.yml", "signs")
    grown = more_data.signs(data, 3)
    assert len(grown["signs"]) == 3 * len(data["signs"])
    assert len({row["key"] for row in grown["signs"]}) == len(grown["signs"])
    assert sum(1 for _ in Lexicon(grown).phrases()) > 2.9 * sum(1 for _ in Lexicon(data).phrases())


def test_copies_of_facts_can_be_read(tmp_path: Path) -> None:
    more_data.write("facts", 3, tmp_path / "data")
    assert len(facts.load(tmp_path / "data")) == 3 * len(facts.load())


def test_names_of_copies_differ() -> None:
    names = [more_data.name(number) for number in range(1, 200)]
    assert len(set(names)) == 199
    assert all(name.isalpha() for name in names)


def test_a_thinned_bot_keeps_every_intent_and_few_examples() -> None:
    lines = "\n".join(f"- example {number}" for number in range(40))
    nlu = f"nlu:\n- intent: one\n  examples: |\n    {lines.replace(chr(10), chr(10) + '    ')}\n"
    found = thinned(nlu, 8)
    assert found.count("- example") == 8
    assert "intent: one" in found
    assert thinned(nlu, 100).count("- example") == 40


def test_the_default_bot_gets_stock_stores() -> None:
    endpoints = stock_endpoints(1, 2, 3)
    assert endpoints["lock_store"]["type"] == "redis"
    assert endpoints["tracker_store"]["type"] == "SQL"
