"""An audit of nothing says so; an acceptance holds for one flaw in one version, until a day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from security import acceptances, audit, bill
from security.acceptances import Accepted
from security.audit import Finding
from tests.serving import ROOT

TODAY = date(2026, 12, 1)
FLAW = Finding("Sanic", "21.12.2", ("PYSEC-2099-1", "CVE-2099-1"), ("22.6.1",))


def accepted(**changes: Any) -> Accepted:
    row = {"id": "CVE-2099-1", "package": "sanic", "version": "21.12.2", "why": "x" * 40}
    return Accepted(**{**row, "look_again": TODAY + timedelta(1), **changes})


def report(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": list(rows)}


CLEAN = {"name": "yaml", "version": "6", "vulns": []}
FLAWED = {
    "name": "sanic", "version": "21.12.2",
    "vulns": [{"id": "PYSEC-2099-1", "aliases": ["CVE-2099-1"], "fix_versions": ["22.6.1"]}],
}  # fmt: skip
SKIPPED = {"name": "ours", "skip_reason": "not found on PyPI"}


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> Any:
    def answer(found: Any) -> None:
        monkeypatch.setattr(audit, "report_of", lambda *_: found)

    return answer


def run(tmp_path: Path, rows: list[dict[str, Any]] | None = None) -> int:
    file = tmp_path / "accepted.yml"
    file.write_text(yaml.safe_dump({"findings": rows or [], "held_back": []}))
    return audit.audit(today=TODAY, accepted_file=file)


def row(**changes: str) -> dict[str, str]:
    made = {"id": "CVE-2099-1", "package": "sanic", "version": "21.12.2", "why": "Out of reach, " * 4}
    return {**made, "look_again": "2027-01-01", **changes}


def test_no_finding_ends_with_0_and_a_finding_with_1(reports: Any, tmp_path: Path) -> None:
    reports(report(CLEAN))
    assert run(tmp_path) == 0
    reports(report(CLEAN, FLAWED))
    assert run(tmp_path) == 1


def test_an_accepted_finding_ends_with_0_until_its_day(reports: Any, tmp_path: Path) -> None:
    reports(report(CLEAN, FLAWED))
    assert run(tmp_path, [row()]) == 0
    assert run(tmp_path, [row(look_again="2026-12-01")]) == 1


def test_an_expired_acceptance_fails_although_its_flaw_is_gone(reports: Any, tmp_path: Path) -> None:
    reports(report(CLEAN))
    assert run(tmp_path, [row(look_again="2026-11-30")]) == 1


@pytest.mark.parametrize(
    "found", [report(), report(SKIPPED), report(CLEAN, SKIPPED), {}], ids=["0", "1", "2", "3"]
)
def test_nothing_audited_or_something_skipped_ends_with_2(
    reports: Any, tmp_path: Path, found: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    reports(found)
    assert run(tmp_path) == 2
    assert "Could not audit" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [{"extra": "x"}, {"why": "short"}, {"look_again": "soon"}, {"look_again": "2027-13-01"}, {"id": "*"}],
)
def test_a_wrong_acceptance_ends_with_2(reports: Any, tmp_path: Path, change: dict[str, str]) -> None:
    reports(report(CLEAN))
    assert run(tmp_path, [row(**change)]) == 2


def test_an_acceptance_holds_for_its_flaw_and_version_alone() -> None:
    assert audit.judge([FLAW], [accepted()], TODAY) == ([], [FLAW])
    for other in (accepted(version="21.12.3"), accepted(id="CVE-2099-2"), accepted(package="sanic-jwt")):
        assert audit.judge([FLAW], [other], TODAY) == ([FLAW], [])


def test_the_list_is_right_and_speaks_of_what_is_locked() -> None:
    assert acceptances.load()
    held = yaml.safe_load(acceptances.FILE.read_text("utf-8"))
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    for entry in [*held["findings"], *held["held_back"]]:
        assert f"\n{entry['package']}=={entry['version']} " in f"\n{lock}", entry


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_service_that_cannot_be_reached_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(audit, "LOCKS", ("requirements-uv.txt",))
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for service in ("pypi", "osv"):
        assert audit.audit(service) == 2


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_bill_of_materials_is_valid_and_names_every_package(tmp_path: Path) -> None:
    target = tmp_path / "sbom.json"
    assert bill.write(target) == 0
    made = json.loads(target.read_text("utf-8"))
    named = {part["name"].lower() for part in made["components"]}
    assert {"rasa", "sanic", "spacy", "tensorflow"} <= named
    made["components"][0]["nonsense"] = 1
    target.write_text(json.dumps(made))
    assert bill.is_valid(target)
