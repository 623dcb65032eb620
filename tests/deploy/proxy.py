"""The real nginx, with the template of deploy/nginx filled in for free ports of this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.serving import ROOT, free_port

TEMPLATE = ROOT / "deploy" / "nginx" / "chat.conf.template"
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else "")
needs_nginx = pytest.mark.skipif(not NGINX, reason="nginx is not installed")

_MAIN = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/chat.conf;
}}
"""


def filled(template: str, values: dict[str, str]) -> str:
    """Return the template as nginx's image fills it in; a value that is missing raises KeyError."""
    return re.sub(r"\$\{(\w+)\}", lambda match: values[match[1]], template)


class Proxy:
    """A running nginx.

    Args:
        folder: for its files.
        bots: addresses of the bots, as host:port.
        rate: requests a second of one address and of one conversation; burst: more that may come at once.
    """

    def __init__(self, folder: Path, *bots: str, rate: str = "1000r/s", burst: int = 1000) -> None:
        self.folder, self.port = folder, free_port()
        self._write(bots, rate, burst)
        self.process = subprocess.Popen(self.command(), stderr=subprocess.DEVNULL)
        self.client = httpx.Client(verify=False, timeout=60)
        for _ in range(100):
            try:
                self.client.get(self.url + "/nowhere")
                return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError((folder / "error.log").read_text())

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def webhook(self) -> str:
        return self.url + "/webhooks/rest/webhook"

    def command(self, *more: str) -> list[str]:
        return [NGINX, "-c", str(self.folder / "nginx.conf"), "-e", str(self.folder / "error.log"), *more]

    def access_log(self) -> str:
        return (self.folder / "access.log").read_text()

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def _write(self, bots: tuple[str, ...], rate: str, burst: int) -> None:
        folder = self.folder
        folder.chmod(0o755)
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=localhost",
            ]
            + ["-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt")],
            check=True,
            capture_output=True,
        )
        shutil.copy(ROOT / "deploy" / "nginx" / "emergency.json", folder)
        values = {
            "BOT_SERVERS": " ".join(f"server {bot};" for bot in bots),
            "PLAIN_PORT": f"127.0.0.1:{free_port()}",
            "TLS_PORT": f"127.0.0.1:{self.port}",
            "TLS_FOLDER": str(folder),
            "WORDS_FOLDER": str(folder),
            "ACCESS_LOG": str(folder / "access.log"),
            "RATE_ADDRESS": rate,
            "RATE_CONVERSATION": rate,
            "BURST": str(burst),
        }
        self.plain = "http://" + values["PLAIN_PORT"]
        (folder / "chat.conf").write_text(filled(TEMPLATE.read_text("utf-8"), values))
        # A root of a temporary folder is closed to others; a master that is root would run workers as nobody.
        user = "user root;" if folder.owner() == "root" else ""
        (folder / "nginx.conf").write_text(user + _MAIN.format(folder=folder))
