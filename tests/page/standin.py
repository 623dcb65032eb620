"""A stand-in for the bot: serves the page's files as the bot does, and canned or broken replies.

It exists for what the real bot cannot be asked to do: be slow, break off, send nonsense, refuse.
Run ``python -m tests.page.standin`` to try the page by hand.
"""

from __future__ import annotations

import json
import mimetypes
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from assistant import widget_files
from tests.page.canned import EMERGENCY_SENTENCE, reply_to

PAGE = Path(__file__).resolve().parents[2] / "assistant" / "page"
TESTED = Path(__file__).parent / "pages"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)


def session() -> str:
    """Return an id of the form that the bot gives out."""
    return f"{uuid.uuid4().hex}.1.{'0' * 64}"


@dataclass
class StandIn:
    """A running stand-in.

    Attributes:
        url: its address, without a slash at the end.
        behaviour: ``stream`` (as the bot), ``array``, ``pause`` (message 1, then the rest when released),
            ``hang`` (until released), ``nonsense``, ``half`` (one broken line among good ones), ``empty``,
            ``cut`` (after message 1, when released), ``413``, ``500`` or ``proxy`` (502 with a page).
        asked: the bodies of the messages so far.
        answered: the ids of the messages that were answered anew, as the bot does it once for each.
        deleted: the senders whose conversation was to be deleted.
        signs: the script of ``/widget-signs.js``; empty while there is none.
        release: set it to let a paused or hanging reply go on.
    """

    url: str = ""
    behaviour: str = "stream"
    asked: list[dict[str, Any]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    signs: str = ""
    release: threading.Event = field(default_factory=threading.Event)
    server: ThreadingHTTPServer | None = None

    def stop(self) -> None:
        """Be dead from now on."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bot: StandIn

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].removeprefix("/")
        if name == "widget-signs.js":
            # Without a list of signs an empty one: a browser would complain of a missing file.
            script = self.bot.signs or "export const level = () => null;"
            return self._whole(200, script.encode(), "text/javascript")
        script = widget_files.file(name) if name.startswith("widget") else None
        if script:
            return self._whole(200, script.body, "text/javascript", script.headers)
        if name in ("", "demo"):
            return self._whole(200, widget_files.page(f"{name or 'index'}.html").encode(), "text/html")
        path = PAGE / name.removeprefix("static/") if name.startswith("static/") else TESTED / name
        if "/" in name.removeprefix("static/") or not path.is_file():
            return self._whole(404, b"Not found", "text/plain")
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self._whole(200, path.read_bytes(), mime)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        bot = self.bot
        if self.path.endswith("/delete"):
            if bot.behaviour == "500":
                return self._whole(500, b"{}", "application/json")
            bot.deleted.append(body["sender"])
            return self._whole(200, b'{"deleted": true}', "application/json")
        if self.path.endswith("/session"):
            return self._whole(200, json.dumps({"sender": session()}).encode(), "application/json")
        bot.asked.append(body)
        if body.get("message_id") not in bot.answered:
            bot.answered.append(body.get("message_id"))
        if bot.behaviour in ("413", "500"):
            refusal = {"error": "No.", "text": EMERGENCY_SENTENCE}
            return self._whole(int(bot.behaviour), json.dumps(refusal).encode(), "application/json")
        if bot.behaviour == "proxy":
            return self._whole(502, b"<html>Bad gateway</html>", "text/html")
        if bot.behaviour == "hang":
            bot.release.wait(60)
        sender = body["sender"] or session()
        reply = [{**part, "recipient_id": sender} for part in reply_to(body["message"])]
        if bot.behaviour == "array":
            return self._whole(200, json.dumps(reply, indent=2).encode(), "application/json")
        lines = [json.dumps(part) for part in reply]
        if bot.behaviour == "nonsense":
            lines = ["{not json", "<html>"]
        elif bot.behaviour == "half":
            lines = ["{broken", *lines]
        elif bot.behaviour == "empty":
            lines = []
        return self._stream(lines)

    def _stream(self, lines: list[str]) -> None:
        self._head(200, "text/event-stream; charset=utf-8", {"Transfer-Encoding": "chunked"})
        for i, line in enumerate(lines):
            if i and self.bot.behaviour == "cut":
                self.bot.release.wait(
                    60
                )  # a browser drops what it has not handed to the page when it breaks off
                self.close_connection = True
                return
            if i == 2 and self.bot.behaviour == "pause":
                self.bot.release.wait(60)
            self._chunk(f"{line}\n".encode())
            time.sleep(0.01)
        self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _whole(self, status: int, body: bytes, mime: str, headers: dict[str, str] | None = None) -> None:
        self._head(status, mime, {**(headers or {}), "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _head(self, status: int, mime: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": mime, "Content-Security-Policy": POLICY, **headers}.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(port: int = 0) -> Iterator[StandIn]:
    """Run a stand-in until the block ends."""
    bot = StandIn()
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"bot": bot}))
    server.daemon_threads = True
    bot.server = server
    bot.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield bot
    finally:
        bot.release.set()
        bot.stop()


if __name__ == "__main__":
    with serving(5006) as running:
        print(running.url)
        threading.Event().wait()
