"""``make audit``: the locked packages against the published advisories, by pip-audit.

Ends with 0 (nothing, or only what is accepted), 1 (a finding that is not accepted, or whose acceptance has
expired) or 2 (could not audit: no advisory service, a package that was skipped, nothing audited at all).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.setup.locked import EnvironmentFailure
from baclofen.paths import ROOT
from security import acceptances
from security.acceptances import Accepted
from security.environment import python

NONE, FOUND, COULD_NOT = 0, 1, 2

LOCKS = ("requirements.txt", "requirements-uv.txt")
"""What the bot runs on, and what installs it."""

PATIENCE = 900
"""Seconds for one lock file."""


class CouldNotAudit(Exception):
    """No statement about the packages can be made; the text says why."""


@dataclass(frozen=True)
class Finding:
    """A published flaw of a locked package; ``ids`` are all its names."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        fixed = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "no fix"
        return f"{self.package} {self.version}: {', '.join(self.ids)} ({fixed})"


def audit(service: str = "pypi", today: date | None = None, accepted_file: Path = acceptances.FILE) -> int:
    """Audit all lock files, say what was found, and return the exit code."""
    day = today or date.today()
    try:
        accepted = acceptances.load(accepted_file)
        reports = [report_of(ROOT / name, service) for name in LOCKS]
        audited = [read(report) for report in reports]
    except (CouldNotAudit, EnvironmentFailure, acceptances.BadList) as error:
        print(f"Could not audit: {error}")
        return COULD_NOT
    count = sum(number for number, _ in audited)
    open_, known = judge([finding for _, found in audited for finding in found], accepted, day)
    for finding in known:
        print(f"accepted: {finding}")
    for finding in open_:
        print(f"FOUND: {finding}")
    late = acceptances.expired(accepted, day)
    for row in late:
        print(f"EXPIRED: {row.id} of {row.package} was to be looked at again on {row.look_again}")
    print(f"{count} packages audited, {len(open_)} open findings, {len(known)} accepted.")
    return FOUND if open_ or late else NONE


def report_of(lock: Path, service: str) -> Mapping[str, Any]:
    """Return pip-audit's report on a lock file.

    Raises:
        CouldNotAudit: it made none.
    """
    command = [str(python("audit")), "-m", "pip_audit", "--require-hashes", "--disable-pip"]
    command += ["--requirement", str(lock), "--vulnerability-service", service, "--timeout", "20"]
    command += ["--format", "json", "--progress-spinner", "off", "--aliases", "on"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, env=dict(os.environ), check=False
        )
    except subprocess.TimeoutExpired:
        raise CouldNotAudit(f"no answer within {PATIENCE} seconds.") from None
    try:
        report: Mapping[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise CouldNotAudit(_reason(done.stderr)) from None
    return report


def read(report: Mapping[str, Any]) -> tuple[int, list[Finding]]:
    """Return how many packages a report covers, and the findings.

    Raises:
        CouldNotAudit: none was covered, or some were skipped.
    """
    rows: Sequence[Mapping[str, Any]] = report.get("dependencies", ())
    skipped = [row["name"] for row in rows if "skip_reason" in row]
    if skipped:
        raise CouldNotAudit(f"{len(skipped)} packages were skipped, {', '.join(skipped[:5])} among them.")
    if not rows:
        raise CouldNotAudit("not one package was audited.")
    findings = [
        Finding(
            row["name"],
            row["version"],
            (flaw["id"], *flaw.get("aliases", ())),
            tuple(flaw.get("fix_versions", ())),
        )
        for row in rows
        for flaw in row["vulns"]
    ]
    return len(rows), findings


def judge(
    findings: Sequence[Finding], accepted: Sequence[Accepted], today: date
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that are open, and those that are accepted."""
    holding = {(row.id, _plain(row.package), row.version) for row in accepted if row.look_again > today}
    known = [
        finding
        for finding in findings
        if any((name, _plain(finding.package), finding.version) in holding for name in finding.ids)
    ]
    return [finding for finding in findings if finding not in known], known


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _reason(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["pip-audit said nothing."]
    named = [line for line in lines if re.search(r"error|resolve|connect|unreachable", line, re.IGNORECASE)]
    return (named or lines)[-1][:300]
