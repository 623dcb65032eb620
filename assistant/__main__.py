"""``python -m assistant serve|train``."""

from __future__ import annotations

import argparse
import sys


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m assistant", description="The baclofen chatbot.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="serve|train")
    commands.add_parser("serve", help="serve the page and the REST channel (HOST, PORT)")
    commands.add_parser("train", help="train what is out of date")
    command = parser.parse_args().command
    if command == "serve":
        from assistant.launcher import serve

        return serve()
    from assistant.training import train

    return train()


if __name__ == "__main__":
    sys.exit(main())
