"""Real servers on loopback that take messages: a mail server, a hook."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Post:
    """A mail server and what it took."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd calls it with each mail."""
        self.mails.append(message_from_bytes(envelope.original_content or b"", policy=policy.default))
        return "250 OK"

    @property
    def url(self) -> str:
        """As Apprise writes it, with a password that must never be seen."""
        return f"mailto://127.0.0.1:{self.port}?from=press@example.org&to=chief@example.org&mode=insecure"


@contextmanager
def post() -> Iterator[Post]:
    """Runs while the block does."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        found = Post(free.getsockname()[1])
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    try:
        yield found
    finally:
        controller.stop()


@dataclass
class Hook:
    """A web hook and what it took; `status` is what it answers."""

    url: str
    told: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200


@contextmanager
def hook() -> Iterator[Hook]:
    """Runs while the block does."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if found.status == 200:
                found.told.append(json.loads(body))
            self.send_response(found.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Hook(f"json://127.0.0.1:{server.server_port}/s3cr3t-token")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
