"""``python -m assistant proxy-words``: the emergency sentence for the errors of a proxy in front."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

REASON = "The proxy refused the request or could not reach the bot."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say where to."""
    parser.add_argument("file", type=Path, help="such as deploy/nginx/emergency.json")


def body() -> str:
    """Return the JSON for any 4xx or 5xx, with the numbers of DEFAULT_COUNTRY (empty: several countries')."""
    from assistant.guard import refusal_body

    return json.dumps(refusal_body(REASON), ensure_ascii=False) + "\n"


def write(options: argparse.Namespace) -> int:
    """Write the file."""
    options.file.write_text(body(), "utf-8")
    print(f"Written: {options.file}")
    return 0
