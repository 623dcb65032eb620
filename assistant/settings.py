"""Settings from the environment, read when they are needed so that a test may change them."""

from __future__ import annotations

import os
from pathlib import Path

from baclofen.paths import ROOT


def text(name: str, default: str = "") -> str:
    """Return a variable without surrounding blanks; an empty value counts as set."""
    return os.environ.get(name, default).strip()


def host() -> str:
    return text("HOST") or "127.0.0.1"


def port() -> int:
    """Return the port to serve on.

    Raises:
        ValueError: PORT is no number between 0 and 65535.
    """
    value = text("PORT") or "5005"
    if not value.isdecimal() or int(value) > 65535:
        raise ValueError(f"PORT must be a number between 0 and 65535, not {value!r}.")
    return int(value)


def rest_token() -> str:
    """Return the token that servers have to show; empty means that none is asked for."""
    return text("REST_TOKEN")


def session_secret() -> str:
    """Return what signs the page's session ids; empty makes a random one at each start."""
    return text("SESSION_SECRET")


def widget_origins() -> frozenset[str]:
    """Return the sites whose pages may talk to the bot (``https://clinic.example``), none by default."""
    return frozenset(text("WIDGET_ORIGINS").split())


def database() -> Path | None:
    """Return the conversation file; None keeps conversations in memory only (DATABASE is empty)."""
    value = text("DATABASE", "conversations.db")
    return ROOT / value if value else None


def action_endpoint_url() -> str:
    """Return the address of a separate action server; empty runs the actions in this process."""
    return text("ACTION_ENDPOINT_URL")


def actions_package() -> str:
    return text("ACTIONS_PACKAGE") or "actions"


def redis_url() -> str:
    """Return the Redis that several processes share; empty means that each remembers for itself."""
    return text("REDIS_URL")


def public_url() -> str:
    """Return the address by which vendors reach the bot, as behind a proxy, without a slash at its end."""
    return text("PUBLIC_URL").rstrip("/")


def twilio_account() -> str:
    return text("TWILIO_ACCOUNT_SID")


def twilio_token() -> str:
    return text("TWILIO_AUTH_TOKEN")


def twilio_number() -> str:
    """Return the number that sends text messages."""
    return text("TWILIO_NUMBER")


def twilio_whatsapp_number() -> str:
    """Return the number that sends WhatsApp messages."""
    return text("TWILIO_WHATSAPP_NUMBER")


def twilio_api() -> str:
    return (text("TWILIO_API_BASE") or "https://api.twilio.com").rstrip("/")


def telegram_token() -> str:
    return text("TELEGRAM_TOKEN")


def telegram_secret() -> str:
    return text("TELEGRAM_SECRET_TOKEN")


def telegram_api() -> str:
    return (text("TELEGRAM_API_BASE") or "https://api.telegram.org").rstrip("/")


def slack_token() -> str:
    return text("SLACK_TOKEN")


def slack_signing_secret() -> str:
    return text("SLACK_SIGNING_SECRET")


def slack_api() -> str:
    """Return the base of Slack's methods; its library wants a slash at the end."""
    return (text("SLACK_API_BASE") or "https://slack.com/api").rstrip("/") + "/"


def facebook_verify() -> str:
    return text("FACEBOOK_VERIFY")


def facebook_secret() -> str:
    return text("FACEBOOK_SECRET")


def facebook_page_token() -> str:
    return text("FACEBOOK_PAGE_TOKEN")


def facebook_api() -> str:
    return (text("FACEBOOK_API_BASE") or "https://graph.facebook.com").rstrip("/")
