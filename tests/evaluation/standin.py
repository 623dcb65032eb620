"""A bot of canned replies, for tests of what asks and scores."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[str, str], Any]
"""From sender and message to the body of the reply; an int is an error status."""

EMERGENCY = [
    {"text": "Call 911 now. Elsewhere: 112 or your local number."},
    {"custom": {"triage": {"level": "emergency", "signs": [], "call": []}}},
]
QUIET = [{"text": "Baclofen relaxes tight muscles."}]


@contextlib.contextmanager
def standin(answer: Answer) -> Iterator[str]:
    """Serve the REST channel and /health/ready on a free port; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200 if self.path == "/health/ready" else 404, {})

        def do_POST(self) -> None:
            data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = answer(data["sender"], data["message"])
            self._send(body, {}) if isinstance(body, int) else self._send(200, body)

        def _send(self, status: int, body: Any) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Retry-After", "0.1")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
