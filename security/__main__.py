"""``python -m security audit|sbom|fuzz``."""

from __future__ import annotations

import argparse
import sys

from security import audit, bill, fuzz


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m security")
    commands = parser.add_subparsers(dest="command", required=True)
    asked = commands.add_parser("audit", help="locked packages against published advisories")
    asked.add_argument("--service", choices=["pypi", "osv"], default="pypi")
    commands.add_parser("sbom", help="write sbom.json (CycloneDX)")
    inputs = commands.add_parser("fuzz", help="send bad input to every endpoint of a bot of its own")
    inputs.add_argument("--inputs", type=int, default=10_000)
    options = parser.parse_args()
    if options.command == "audit":
        return audit.audit(options.service)
    return bill.write() if options.command == "sbom" else fuzz.fuzz(options.inputs)


if __name__ == "__main__":
    sys.exit(main())
