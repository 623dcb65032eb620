"""Figures: labels from closed lists, the same sum from every process, nothing forgotten."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from assistant import metrics
from tests.serving import ROOT


def _shown() -> dict[str, float]:
    page = metrics.page()[0].decode()
    return {
        f"{s.name}{sorted(s.labels.items())}": s.value
        for family in text_string_to_metric_families(page)
        for s in family.samples
    }


@pytest.mark.parametrize(
    "count",
    [
        lambda v: metrics.duplicate(v),
        lambda v: metrics.vendor_failure(v),
        lambda v: metrics.signature_failure(v),
        lambda v: metrics.turn_failure(v),
        lambda v: metrics.undeliverable(v, v),
        lambda v: metrics.store_failover(v),
        lambda v: metrics.action_failure(v),
        lambda v: metrics.first_message(v, v, 1.0),
        lambda v: metrics.raised(v),
        lambda v: metrics.fallback(v),
        lambda v: metrics.refusal(7700900123),
    ],
)
def test_a_value_outside_the_lists_counts_as_other(count: object) -> None:
    before = _shown()
    count("+447700900123 zanzibar")  # type: ignore[operator]
    after = _shown()
    changed = [k for k in after if k.startswith("baclofen") and after[k] != before.get(k, 0.0)]
    assert changed
    assert all("other" in key for key in changed)
    metrics.store_back("anything else")


def test_a_value_of_the_lists_counts_as_itself() -> None:
    key = "baclofen_vendor_failures_total[('channel', 'telegram')]"
    before = _shown().get(key, 0.0)
    metrics.vendor_failure("telegram")
    assert _shown()[key] == before + 1


def test_a_store_is_down_until_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_down", set())
    metrics.store_failover("locks")
    assert metrics.stores_down() == ["locks"]
    assert _shown()["baclofen_store_up[('store', 'locks')]"] == 0
    metrics.store_back("locks")
    assert metrics.stores_down() == []
    assert _shown()["baclofen_store_up[('store', 'locks')]"] == 1


def test_a_fingerprint_changes_with_the_content_and_not_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("one")
    first = metrics.fingerprint([file])
    assert metrics.fingerprint([file]) == first
    file.write_text("two")
    assert metrics.fingerprint([file]) != first
    assert metrics.fingerprint([]) == "none"


def test_two_processes_show_the_sum_of_both_and_the_state_of_those_that_live(tmp_path: Path) -> None:
    code = (
        "from assistant import metrics; metrics.prepare(); metrics.duplicate('rest'); metrics.ready({}, 0);"
        "print(metrics.page()[0].decode())"
    )
    pages = [
        subprocess.run(
            [sys.executable, "-c", code.format(state)],
            cwd=ROOT,
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for state in (False, True)
    ]
    assert 'baclofen_duplicates_total{channel="rest"} 1.0' in pages[0]
    assert 'baclofen_duplicates_total{channel="rest"} 2.0' in pages[1]
    assert "baclofen_ready 1.0" in pages[1], "the first process has ended: its state no longer counts"
