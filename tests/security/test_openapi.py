"""docs/openapi.yml and the server agree: every route is in it, and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.channels.vendors import Vendors
from tests.security.test_headers import PATHS
from tests.serving import ROOT, environment

LIST = (
    "import sys\n"
    "from assistant.light import leave_out\n"
    "from assistant.quiet import silence\n"
    "leave_out(['tensorflow', 'tensorflow_addons', 'tensorflow_hub', 'tensorflow_text', 'keras'])\n"
    "silence()\n"
    "from assistant.launcher import build_app\n"
    "from assistant.security.start import _routes\n"
    "for route in _routes(build_app(None)):\n"
    "    for method in route.methods:\n"
    "        print(method, '/' + route.path)\n"
)


def test_every_route_is_described_and_every_description_has_a_route() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIST],
        cwd=ROOT,
        env=environment(**Vendors().environment()),
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    lines = (line.split(" ", 1) for line in done.stdout.splitlines())
    served = {
        (method.lower(), re.sub(r"<(\w+):[^>]*>", r"{\1}", path).rstrip("/") or "/")
        for method, path in lines
        if method not in ("HEAD", "OPTIONS")
    }
    described = {(method, path.rstrip("/") or "/") for path, item in PATHS.items() for method in item}
    assert served == described


@pytest.mark.slow
def test_the_file_is_valid() -> None:
    from security.environment import python

    tool = python("fuzz").with_name("openapi-spec-validator")
    done = subprocess.run(
        [str(tool), str(ROOT / "docs/openapi.yml")], capture_output=True, text=True, env=os.environ
    )
    assert done.returncode == 0, done.stdout + done.stderr
