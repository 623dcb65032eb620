"""Alerts, dashboard and runbook against what the bot really shows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from assistant import metrics
from tests.serving import ROOT

MONITORING = ROOT / "deploy" / "monitoring"
PROMTOOL = shutil.which("promtool")
_NAME = re.compile(r"\bbaclofen_\w+")
_LABELS = re.compile(r"(baclofen_\w+)\{([^}]*)\}")


def _alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((MONITORING / "alerts.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def _panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))["panels"]
    return found


def _expressions() -> list[str]:
    shown = [target["expr"] for panel in _panels() for target in panel["targets"]]
    return [alert["expr"] for alert in _alerts()] + shown


def _known() -> dict[str, tuple[str, ...]]:
    """Return the labels of every series of ours, by name."""
    known: dict[str, tuple[str, ...]] = {}
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            labels = metric._labelnames
            for family in metric.describe():
                ends = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
                for end in ends.get(family.type, ("",)):
                    known[family.name + end] = labels
    return known


def test_every_metric_that_a_rule_or_a_panel_names_exists() -> None:
    named = {name for expression in _expressions() for name in _NAME.findall(expression)}
    assert named - _known().keys() == set()
    assert len(named) > 15


def test_every_metric_is_on_the_dashboard() -> None:
    shown = " ".join(target["expr"] for panel in _panels() for target in panel["targets"])
    bases = {name for name in _known() if not name.endswith(("_count", "_sum"))}
    assert {name for name in bases if name not in _NAME.findall(shown)} == set()


def test_every_label_that_is_selected_exists_and_has_such_a_value() -> None:
    values = {
        "level": {*metrics.LEVELS},
        "status": {*metrics.STATUSES},
        "kind": {*metrics.FALLBACK_KINDS},
    }
    for expression in _expressions():
        for name, selected in _LABELS.findall(expression):
            for label, value in re.findall(r'(\w+)\s*[=!]~?\s*"([^"]*)"', selected):
                assert label in _known()[name], (name, label)
                assert set(value.split("|")) <= values[label], (name, value)


def test_a_metric_that_does_not_exist_is_seen() -> None:
    assert "baclofen_messages_total" in _known()
    assert "baclofen_message_total" not in _known()
    assert REGISTRY.get_sample_value("baclofen_nothing_total") is None


def test_every_alert_has_its_entry_in_the_runbook_and_no_entry_is_left_over() -> None:
    entries = re.findall(r"^## (\w+)$", (ROOT / "docs" / "runbook.md").read_text("utf-8"), re.MULTILINE)
    names = [alert["alert"] for alert in _alerts()]
    assert sorted(entries) == sorted(names)
    assert len(set(names)) == len(names)
    for alert in _alerts():
        assert alert["annotations"]["runbook"] == f"docs/runbook.md#{alert['alert'].lower()}"
        assert alert["annotations"]["summary"]
        assert alert["labels"]["severity"] in ("page", "ticket")


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian: prometheus)")
def test_prometheus_takes_rules_and_configuration() -> None:
    for arguments in (("rules", "alerts.yml"), ("config", "prometheus.yml")):
        done = subprocess.run(
            [str(PROMTOOL), "check", *arguments], cwd=MONITORING, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian: prometheus)")
@pytest.mark.parametrize(
    ("series", "values", "alert"),
    [
        ('baclofen_ready{instance="a"}', "0x10", "BotNotReady"),
        ('baclofen_ready{instance="a"}', "1x10", None),
        (
            'baclofen_undeliverable_total{channel="sms",level="emergency"}',
            "0 0 1x8",
            "EmergencyUndeliverable",
        ),
        ('baclofen_undeliverable_total{channel="sms",level="none"}', "0 0 1x8", None),
        ('baclofen_facts_overdue{instance="a"}', "2x90", "FactsOverdue"),
    ],
)
def test_an_alert_fires_when_it_should_and_not_otherwise(
    tmp_path: Path, series: str, values: str, alert: str | None
) -> None:
    others = (
        "" if "ready" in series else "      - {series: 'baclofen_ready{instance=\"b\"}', values: '1x90'}\n"
    )
    minute = 89 if "overdue" in series else 6
    checks = "".join(_check(each["alert"], minute) for each in _alerts() if each["alert"] != alert)
    test = (
        f"rule_files: [{MONITORING / 'alerts.yml'}]\nevaluation_interval: 1m\ntests:\n"
        f"  - interval: 1m\n    input_series:\n      - {{series: '{series}', values: '{values}'}}\n{others}"
        f"    alert_rule_test:\n{checks}"
    )
    (tmp_path / "t.yml").write_text(test)
    assert _promtool(tmp_path).returncode == 0, "no other alert fires"
    if alert:
        (tmp_path / "t.yml").write_text(test + _check(alert, minute))
        assert _promtool(tmp_path).returncode != 0, "the alert fires"


def _check(alert: str, minute: int) -> str:
    return f"      - {{eval_time: {minute}m, alertname: {alert}, exp_alerts: []}}\n"


def _promtool(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROMTOOL), "test", "rules", "t.yml"], cwd=folder, capture_output=True, text=True
    )
