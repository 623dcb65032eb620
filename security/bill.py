"""``make sbom``: the bill of materials of what the bot runs on, CycloneDX in JSON, by the official tool."""

from __future__ import annotations

import subprocess
from pathlib import Path

from assistant.setup.locked import EnvironmentFailure
from baclofen.paths import ROOT
from security.environment import python

TARGET = ROOT / "sbom.json"

_CHECK = (
    "import sys\n"
    "from pathlib import Path\n"
    "from cyclonedx.schema import SchemaVersion\n"
    "from cyclonedx.validation.json import JsonStrictValidator\n"
    "fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(Path(sys.argv[1]).read_text('utf-8'))\n"
    "sys.exit(str(fault)[:500] if fault else 0)\n"
)


def write(target: Path = TARGET) -> int:
    """Write the bill, valid against its schema, and return the exit code."""
    try:
        tool = python("audit")
    except EnvironmentFailure as error:
        print(f"No bill of materials: {error}")
        return 2
    command = [str(tool), "-m", "cyclonedx_py", "requirements", str(ROOT / "requirements.txt")]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"]
    command += ["--output-format", "JSON", "--spec-version", "1.6", "--output-reproducible"]
    made = subprocess.run(
        [*command, "--output-file", str(target)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        print(f"No bill of materials: {made.stderr.strip()[-500:]}")
        return 2
    fault = is_valid(target)
    print(f"{target.name} is not valid: {fault}" if fault else f"Wrote {target}.")
    return 2 if fault else 0


def is_valid(bill: Path) -> str:
    """Return what is wrong with a bill by CycloneDX's strict schema; empty when nothing is."""
    done = subprocess.run(
        [str(python("audit")), "-c", _CHECK, str(bill)], capture_output=True, text=True, check=False
    )
    return done.stderr.strip() if done.returncode else ""
