"""``python -m assistant serve|train|forget|review|proxy-words``."""

from __future__ import annotations

import argparse
import sys


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m assistant", description="The baclofen chatbot.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="serve the page and the REST channel (HOST, PORT)")
    commands.add_parser("train", help="train what is out of date")
    from assistant import forget, proxy_words, review

    forget.add_arguments(commands.add_parser("forget", help="delete a conversation, or all that are old"))
    review.add_arguments(commands.add_parser("review", help="write what clinicians are to review"))
    proxy_words.add_arguments(commands.add_parser("proxy-words", help="write a proxy's emergency sentence"))
    options = parser.parse_args()
    command = options.command
    if command == "forget":
        return forget.forget(options)
    if command == "review":
        return review.export(options)
    if command == "proxy-words":
        return proxy_words.write(options)
    if command == "serve":
        from assistant.launcher import serve

        return serve()
    from assistant.training import train

    return train()


if __name__ == "__main__":
    sys.exit(main())
