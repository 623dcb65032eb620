"""``rasa export`` takes conversations from our table to our queue, with our endpoints.yml."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import uuid

import pytest
from rasa.shared.core.domain import Domain

from assistant.stores.postgres import EventDatabase
from assistant.stores.trackers import SafeTrackerStore
from baclofen.paths import ROOT
from tests import serving
from tests.outages.faults import published
from tests.servers.real import PostgresServer, RabbitServer
from tests.stores.talk import say

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]


def test_rasa_export_finds_what_was_stored(
    domain: Domain, postgres: PostgresServer, rabbit: RabbitServer
) -> None:
    sender, text = uuid.uuid4().hex, f"exported {uuid.uuid4().hex}"
    asyncio.run(say(SafeTrackerStore(domain, table=EventDatabase(postgres.url)), sender, text))
    done = subprocess.run(
        [sys.executable, "-m", "rasa", "export", "--conversation-ids", sender],
        cwd=ROOT,
        env=serving.environment(DATABASE_URL=postgres.url, RABBITMQ_URL=rabbit.url),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    assert text in published(rabbit)
