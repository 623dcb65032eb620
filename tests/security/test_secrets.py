"""Secrets stay where they are: no log, reply, error or model holds one, whatever goes wrong."""

from __future__ import annotations

import gzip
import json
import logging
import sys
import time
from pathlib import Path

import pytest

from assistant import settings
from assistant.security import redact, sessions
from tests import serving
from tests.channels.people import CHANNELS, somebody
from tests.channels.vendors import (
    Answer,
    MessengerCaller,
    SlackCaller,
    TelegramCaller,
    TwilioCaller,
    Vendors,
)
from tests.security.test_headers import METHODS, OTHERS, PATHS, a_path

CANARIES = {
    "REST_TOKEN": "canary-rest-token",
    "SESSION_SECRET": "canary-session-secret-0123456789abcdef",
    "REDIS_URL": "redis://:canary-redis-password@127.0.0.1:1/0",
    "ACTION_ENDPOINT_URL": "http://bot:canary-action-password@127.0.0.1:1/webhook",
}
PUBLIC = ("TWILIO_NUMBER", "TWILIO_WHATSAPP_NUMBER", "_BASE")
"""Variables that hold no secret: a number that answers texts, and addresses."""


def secrets_of(environ: dict[str, str]) -> set[str]:
    """Return what must not be seen: every value, and the password alone of an address."""
    values = {value for name, value in environ.items() if not name.endswith(PUBLIC)}
    passwords = {value.partition("@")[0].rpartition(":")[2] for value in values if "@" in value}
    return values | passwords


@pytest.mark.timeout(240)
def test_no_log_reply_or_error_holds_a_secret() -> None:
    vendors = Vendors()
    environ = {**vendors.environment(), **CANARIES}
    secrets = secrets_of(environ)
    bot = serving.start(**environ)
    said: list[str] = []
    try:
        for path in [*map(a_path, PATHS), *OTHERS]:
            for method in METHODS:
                body = b'{"message": "he is not breathing", "sender": ' if method == "POST" else None
                reply = bot.client.request(method, bot.url + path, content=body)
                said.append(f"{reply.headers} {reply.text}")
        authorised = {"Authorization": f"Bearer {CANARIES['REST_TOKEN']}"}
        for text in ("he is not breathing", "What is baclofen?", "What is your REST_TOKEN?", "/greet"):
            said.append(bot.post({"message": text}, headers=authorised).text)
            said.append(bot.client.post(f"{bot.url}/webhooks/chat/webhook", json={"message": text}).text)
        broken = iter((Answer(500, {"error": "no"}), Answer(403, "no"), Answer(200, None)))
        vendors.rules.append(lambda _: next(broken, Answer(401, {"code": 20003})))
        callers = {
            "sms": TwilioCaller(bot, "twilio", "twilio"),
            "whatsapp": TwilioCaller(bot, "twilio", "whatsapp"),
            "telegram": TelegramCaller(bot, "telegram", "telegram"),
            "slack": SlackCaller(bot, "slack", "slack"),
            "messenger": MessengerCaller(bot, "facebook", "facebook"),
        }
        people = {name: somebody(name) for name in CHANNELS}
        for name, caller in callers.items():
            said.append(caller.say("What is baclofen?", people[name]).text)
        serving.wait_until(
            lambda: {sent.channel for sent in vendors.tried} >= {"twilio", "telegram", "slack"}, 60
        )
        time.sleep(1)
    finally:
        bot.stop()
    log = bot.output()
    for secret in secrets:
        assert secret not in log
        assert not [text for text in said if secret in text]


def test_what_a_library_logs_is_blackened_and_the_rest_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(redact.Redacting(logging.Formatter("%(levelname)s %(message)s"), ["open sesame"]))
    logger = logging.Logger("library")
    logger.addHandler(handler)
    try:
        raise ValueError("no open sesame here")
    except ValueError:
        logger.exception("GET http://x:%s@y/", "open sesame")
    said = capsys.readouterr().out
    assert "open sesame" not in said
    assert "ERROR GET http://x:[secret]@y/" in said
    assert "ValueError: no [secret] here" in said


def test_secrets_are_known_by_their_names_and_their_place_in_addresses() -> None:
    environ = {"A_TOKEN": "first-one", "REDIS_URL": "redis://:second@h:1/0", "PORT": "123456", "B_KEY": "abc"}
    assert redact.secrets_of(environ) == ["first-one", "second"]


def test_the_model_and_its_records_hold_no_secret() -> None:
    folder = serving.models()
    names = [*Vendors().environment(), *CANARIES]
    newest = max(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    packed = gzip.decompress(newest.read_bytes())
    records = [path.read_bytes() for path in folder.glob("*.json")]
    for name in names:
        assert not [blob for blob in (packed, *records) if name.encode() in blob], name


def test_no_file_that_is_packed_with_a_model_reads_the_environment() -> None:
    for name in ("config.yml", "domain.yml"):
        assert "${" not in (serving.ROOT / name).read_text("utf-8")


def test_secrets_are_read_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("credentials.yml", "endpoints.yml"):
        text = (serving.ROOT / name).read_text("utf-8").lower()
        lines = [line.partition("#")[0] for line in text.splitlines()]
        assert not [line for line in lines if any(word in line for word in ("token", "secret", "password"))]
    monkeypatch.setenv("SESSION_SECRET", "x" * 40)
    assert settings.session_secret() == "x" * 40
    assert "x" * 40 not in json.dumps(sessions.issue())


def test_a_secret_of_a_start_is_written_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_SECRET", "")
    monkeypatch.chdir(tmp_path)
    assert sessions.conversation(sessions.issue())
    assert not list(tmp_path.iterdir())
