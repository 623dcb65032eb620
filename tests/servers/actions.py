"""An action server with our own actions."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

import httpx

from baclofen.paths import ROOT
from tests.servers.process import RealServer


class ActionServer(RealServer):
    """``rasa run actions``."""

    def __init__(self) -> None:
        super().__init__("actions")

    @property
    def url(self) -> str:
        return self.url_at(self.port)

    def url_at(self, port: int) -> str:
        return f"http://127.0.0.1:{port}/webhook"

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(self.port)]

    def environment(self) -> Mapping[str, str]:
        return {**os.environ, "SANIC_HOST": "127.0.0.1", "PYTHONPATH": str(ROOT), "MISSES": ""}

    def is_up(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False
