"""Which channels are on, what the start says about it, and that one that is off is not there."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from assistant import light
from assistant.channels import variables
from tests import serving
from tests.channels.people import somebody
from tests.channels.vendors import SlackCaller, TwilioCaller, Vendors
from tests.serving import ROOT, Server


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for needed in variables.NEEDED.values():
        for name in needed:
            monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_without_variables_no_channel_is_on_and_nothing_is_said(nothing_set: pytest.MonkeyPatch) -> None:
    assert variables.names_on() == []
    assert variables.complaints() == []
    assert variables.libraries() == set()


@pytest.mark.parametrize("name", variables.NEEDED)
def test_a_channel_with_all_its_variables_is_on(nothing_set: pytest.MonkeyPatch, name: str) -> None:
    for variable in variables.NEEDED[name]:
        nothing_set.setenv(variable, "x")
    assert variables.names_on() == [name]
    assert variables.complaints() == []


@pytest.mark.parametrize("name", variables.NEEDED)
def test_a_channel_that_lacks_one_is_off_and_says_which(nothing_set: pytest.MonkeyPatch, name: str) -> None:
    *some, last = variables.NEEDED[name]
    for variable in some:
        nothing_set.setenv(variable, "x")
    nothing_set.setenv(last, "  ")
    assert variables.names_on() == []
    assert any(f"channel {name} is off" in said and last in said for said in variables.complaints())


def test_text_messages_without_whatsapp_are_no_mistake(nothing_set: pytest.MonkeyPatch) -> None:
    for variable in variables.NEEDED["sms"]:
        nothing_set.setenv(variable, "x")
    assert variables.complaints() == []


def test_a_library_is_loaded_only_for_a_channel_that_is_on(nothing_set: pytest.MonkeyPatch) -> None:
    files = "".join((ROOT / name).read_text("utf-8") for name in ("credentials.yml", "endpoints.yml"))
    assert {"twilio", "slack_sdk", "aiogram"} <= set(light.unused(files))
    for variable in variables.NEEDED["slack"]:
        nothing_set.setenv(variable, "x")
    assert variables.libraries() == {"slack_sdk"}
    nothing_set.setenv("REDIS_URL", "redis://127.0.0.1:1")
    assert variables.libraries() == {"slack_sdk", "redis"}


def test_a_stock_channel_of_rasas_still_gets_its_library() -> None:
    assert "slack_sdk" not in light.unused("slack:\n  slack_token: x\n")


def test_the_start_says_which_channels_are_on(bot: Server) -> None:
    first, second = bot.output().splitlines()[:2]
    assert first == "Messaging channels that are on: sms, whatsapp, telegram, slack, messenger."
    assert second.startswith("Open http")


def test_half_a_channel_is_named_at_the_start_and_stays_off() -> None:
    half = serving.start(TELEGRAM_TOKEN="1:x", TWILIO_ACCOUNT_SID="AC1")
    try:
        said = half.output()
        assert "The channel telegram is off, because it also needs TELEGRAM_SECRET_TOKEN." in said
        assert "The channel sms is off, because it also needs TWILIO_AUTH_TOKEN and TWILIO_NUMBER." in said
        assert "channels that are on" not in said
        for path in ("telegram", "twilio", "slack"):
            reply = half.client.post(f"{half.url}/webhooks/{path}/webhook", content=b"{}")
            assert reply.status_code == 404
            assert re.search(r"\b911\b", reply.json()["text"])
    finally:
        half.stop()


def test_the_start_imports_no_vendors_library_while_its_channel_is_off() -> None:
    code = (
        "import sys; from assistant.channels import variables; from assistant.light import leave_out, unused;"
        "leave_out(unused(open('credentials.yml').read())); from assistant.quiet import silence; silence();"
        "from rasa.core.run import create_http_input_channels as make; made = make(None, 'credentials.yml');"
        "assert len(made) == 7, made; names = ('twilio', 'slack_sdk', 'aiogram', 'phonenumbers');"
        "real = [n for n in names if getattr(sys.modules.get(n), '__file__', None)]; assert not real, real"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=serving.environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_nothing_of_a_conversation_stands_in_the_log(
    bot: Server, sms: TwilioCaller, slack: SlackCaller, vendors: Vendors
) -> None:
    person, member = somebody("sms"), somebody("slack")
    sms.say("zebra giraffe he is not breathing", person)
    slack.say("zebra giraffe he is not breathing", member)
    vendors.wait(person, 2)
    vendors.wait(f"D{member}", 2)
    for word in ("zebra", person[1:], member):
        assert word not in bot.output()


def test_no_telephone_number_stands_in_the_conversation_file(
    bot: Server, sms: TwilioCaller, vendors: Vendors
) -> None:
    person = somebody("sms")
    sms.say("What is baclofen?", person)
    vendors.wait(person, quiet=1.5)
    files = [*bot.log.parent.glob("conversations.db*")]
    assert files
    assert not any(person[1:].encode() in file.read_bytes() for file in files)
