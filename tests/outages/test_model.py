"""No model, or one that cannot be read: the guard still knows what to say."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from tests import serving
from tests.serving import texts, verdicts

pytestmark = pytest.mark.outages


@pytest.mark.parametrize("is_broken", [False, True], ids=["missing", "broken"])
def test_without_a_model_emergencies_are_answered(tmp_path: Path, is_broken: bool) -> None:
    if is_broken:
        (tmp_path / "model.tar.gz").write_bytes(b"no archive")
    server = serving.start(BACLOFEN_MODELS=str(tmp_path))
    try:
        assert "make train" in server.output()
        begin = time.monotonic()
        messages = server.say("he is not breathing")
        assert time.monotonic() - begin < 1
        assert "911" in texts(messages)[0]
        assert len(texts(messages)) == 2
        assert len(verdicts(messages)) == 1
        assert next(server.stream("he is not breathing"))[0] < 1
        assert [v["level"] for v in verdicts(server.say("I took a double dose of my baclofen"))] == ["urgent"]
        assert "911" in texts(server.say("What is baclofen?"))[0]
        assert httpx.get(server.url + "/health/ready").status_code == 503
        assert httpx.get(server.url + "/health/live").status_code == 200
    finally:
        server.stop()
