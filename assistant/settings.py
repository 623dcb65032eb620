"""Settings from the environment, read when they are needed so that a test may change them."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from urllib.parse import urlsplit

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


def database_url() -> str:
    """Return the address of a PostgreSQL that replicas share; empty keeps to the file of DATABASE.

    Raises:
        ValueError: it is no such address.
    """
    return _address("DATABASE_URL", text("DATABASE_URL"), ("postgresql", "postgres"))


def has_shared_database() -> bool:
    """Say whether other processes may have heard a conversation as well; never raises."""
    return bool(text("DATABASE_URL"))


def redis_url() -> str:
    """Return the address of a Redis that replicas share; empty keeps locks in this process.

    Raises:
        ValueError: it is no such address.
    """
    return _address("REDIS_URL", text("REDIS_URL"), ("redis", "rediss"))


def rabbitmq_url() -> str:
    """Return the address of a RabbitMQ that gets the events; empty sends them nowhere.

    Raises:
        ValueError: it is no such address.
    """
    return _address("RABBITMQ_URL", text("RABBITMQ_URL"), ("amqp", "amqps"))


def check_servers() -> None:
    """Read the addresses of all servers.

    Raises:
        ValueError: one is wrong; the text names the variable and quotes nothing, for it may hold a password.
    """
    for read in (database_url, redis_url, rabbitmq_url):
        read()


def _address(name: str, value: str, schemes: tuple[str, ...]) -> str:
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise ValueError(f"{name} must be an address such as {schemes[0]}://user:password@host:port/name.")
    return value


def journal() -> Path | None:
    """Return the file beside which accepted messages are held until they are answered; None holds none.

    By default the conversation file; JOURNAL names another one, or none when it is empty.
    """
    value = text("JOURNAL", text("DATABASE", "conversations.db"))
    return ROOT / value if value else None


def turns_waiting() -> int:
    """Return how many turns may wait; beyond, a message gets the emergency check and "busy" alone."""
    return _count(text("TURNS_WAITING"), 100)


def rate_per_sender() -> int:
    """Return how many messages a minute one sender may send; 0 sets no limit."""
    return _count(text("RATE_PER_SENDER"), 60)


def rate_per_address() -> int:
    """Return how many messages a minute may come from one network address; 0 sets no limit."""
    return _count(text("RATE_PER_ADDRESS"), 600)


def trusted_proxies() -> tuple[str, ...]:
    """Return addresses and networks (``10.0.0.0/8``) whose ``X-Forwarded-For`` is believed."""
    return tuple(text("TRUSTED_PROXIES").replace(",", " ").split())


def _count(value: str, default: int) -> int:
    return int(value) if value.isdecimal() else default


def action_endpoint_url() -> str:
    """Return the address of a separate action server; empty runs the actions in this process."""
    return text("ACTION_ENDPOINT_URL")


def actions_package() -> str:
    return text("ACTIONS_PACKAGE") or "actions"


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


def logs_json() -> bool:
    """Say whether the log is written as JSON, one object a line."""
    return text("LOG_FORMAT").lower() == "json"


def log_level() -> int:
    """Return the level from which on is logged; a name that is none counts as ``warning``."""
    level = logging.getLevelName((text("LOG_LEVEL") or "warning").upper())
    return level if isinstance(level, int) else logging.WARNING


def metrics_token() -> str:
    """Return the token that ``/metrics`` asks for; empty means that none is asked for."""
    return text("METRICS_TOKEN")


def keep_text() -> bool:
    """Say whether what people write is kept on disk (KEEP_TEXT=1); it is not unless the operator says so."""
    return text("KEEP_TEXT").lower() in ("1", "true", "yes")


def retention_hours() -> float:
    """Return after how many hours what is kept of a conversation is deleted; 0 keeps it for good.

    Raises:
        ValueError: RETENTION_HOURS is no number.
    """
    value = text("RETENTION_HOURS") or "24"
    try:
        hours = float(value)
    except ValueError:
        hours = -1.0
    if not 0 <= hours < 1e6:
        raise ValueError(f"RETENTION_HOURS must be a number of hours, 0 for ever, not {value!r}.")
    return hours


def review() -> Path | None:
    """Return the file of what clinicians are to review; None collects nothing, which is the default."""
    value = text("REVIEW")
    return ROOT / value if value else None


def review_days() -> float:
    """Return after how many days what was collected for review is deleted.

    Raises:
        ValueError: REVIEW_DAYS is no number.
    """
    value = text("REVIEW_DAYS") or "30"
    if not value.replace(".", "", 1).isdecimal():
        raise ValueError(f"REVIEW_DAYS must be a number of days, not {value!r}.")
    return float(value)
