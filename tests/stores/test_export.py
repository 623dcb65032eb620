"""``rasa export`` takes conversations from our table to our queue, with Rasa's own store and broker."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain

from assistant.stores.postgres import EventDatabase
from assistant.stores.trackers import SafeTrackerStore
from baclofen.paths import ROOT
from tests.outages.faults import published
from tests.servers.real import PostgresServer, RabbitServer
from tests.stores.talk import say

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]

ENDPOINTS = """
tracker_store:
  {{type: SQL, dialect: postgresql, url: 127.0.0.1, port: {database}, db: postgres, username: bot}}
event_broker:
  {{type: pika, url: 127.0.0.1, port: {rabbit}, username: guest, password: guest, queues: [rasa_core_events]}}
"""


def test_rasa_export_finds_what_was_stored(
    domain: Domain, postgres: PostgresServer, rabbit: RabbitServer, tmp_path: Path
) -> None:
    sender, text = uuid.uuid4().hex, f"exported {uuid.uuid4().hex}"
    asyncio.run(say(SafeTrackerStore(domain, table=EventDatabase(postgres.url)), sender, text))
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(ENDPOINTS.format(database=postgres.port, rabbit=rabbit.port))
    command = [sys.executable, "-m", "rasa", "export", "--endpoints", str(endpoints)]
    done = subprocess.run(
        [*command, "--conversation-ids", sender], cwd=ROOT, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr
    assert text in published(rabbit)
