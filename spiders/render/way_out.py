"""The browser's only way to the web: an HTTP proxy on loopback that checks every address after DNS.

Chromium resolves names and opens connections itself, past the resolver that guards all other requests. So it is told
to ask this proxy for everything, which connects to the very address that it has checked. A password keeps out whoever
else is on this machine.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from base64 import b64encode
from contextlib import suppress
from urllib.parse import urlsplit

from spiders.middlewares.addresses import Allowed

_BLOCK = 1 << 16
_USER = "presswatch"
_CHALLENGE = b'HTTP/1.1 407 Who asks\r\nProxy-Authenticate: Basic realm="presswatch"\r\nContent-Length: 0\r\n\r\n'
# With a text, so that the browser shows it as the page, and who asked learns which address it was.
_REFUSED = b"HTTP/1.1 403 Refused\r\nContent-Type: text/plain\r\nContent-Length: 7\r\nConnection: close\r\n\r\nrefused"
_OPEN = b"HTTP/1.1 200 Open\r\n\r\n"


class WayOut:
    """Listens from the moment it is made; answers once `start` was called in the event loop."""

    def __init__(self, allowed: Allowed, *, most: int) -> None:
        """most: bytes that one connection may bring."""
        self._allowed, self._most = allowed, most
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._password = secrets.token_urlsafe(16)
        self._server: asyncio.Server | None = None
        self._refused: set[tuple[str, int]] = set()

    @property
    def address(self) -> dict[str, str]:
        """As Playwright's launch options take it; loopback is asked for here, too."""
        server = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        return {"server": server, "bypass": "<-loopback>", "username": _USER, "password": self._password}

    def has_refused(self, url: str) -> bool:
        """Whether the place that `url` names led to none but private addresses."""
        return _place(url) in self._refused

    async def start(self) -> None:
        """Begin to answer."""
        if self._server is None:
            self._server = await asyncio.start_server(self._answer, sock=self._socket, limit=_BLOCK)

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
        self._socket.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._serve(reader, writer)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *fields = await _head(reader)
        while not self._knows(fields):
            writer.write(_CHALLENGE)
            first, *fields = await _head(reader)  # the same connection asks again, with the password
        method, target, _ = first.split(" ", 2)
        tunnel = method == "CONNECT"
        host, port = _place(f"https://{target}" if tunnel else target)
        if (far := await self._connect(host, port)) is None:
            self._refused.add((host, port))
            writer.write(_REFUSED)
            return
        far_reader, far_writer = far
        if tunnel:
            writer.write(_OPEN)
            sent = self._most
        else:  # one request a connection, with its body and no more: the next one may be for another place
            path = urlsplit(target)._replace(scheme="", netloc="").geturl() or "/"
            kept = [f for f in fields if not f.lower().startswith(("proxy-", "connection:"))]
            head = "\r\n".join([f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""])
            far_writer.write(head.encode("latin-1"))
            sent = min(_length(fields), self._most)
        upwards = asyncio.ensure_future(_pass_on(reader, far_writer, sent))
        try:
            await _pass_on(far_reader, writer, self._most)
        finally:
            upwards.cancel()
            far_writer.close()

    def _knows(self, fields: list[str]) -> bool:
        word = b64encode(f"{_USER}:{self._password}".encode()).decode()
        said = (field.partition(":") for field in fields)
        return any(
            name.lower() == "proxy-authorization" and secrets.compare_digest(value.strip(), f"Basic {word}")
            for name, _, value in said
        )

    async def _connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection to the first address that may be asked and answers; None where none may be asked.

        Raises:
            OSError: none of those that may be asked answers.
        """
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        free = self._allowed.names(host, port)
        addresses = [str(info[4][0]) for info in found if free or self._allowed.permits(str(info[4][0]), port)]
        for address in addresses[:-1]:
            with suppress(OSError):
                return await asyncio.open_connection(address, port)
        return await asyncio.open_connection(addresses[-1], port) if addresses else None


def _place(url: str) -> tuple[str, int]:
    """Host and port."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _length(fields: list[str]) -> int:
    """Bytes of a request's body."""
    said = (value for name, _, value in (field.partition(":") for field in fields) if name.lower() == "content-length")
    return int(next(said, "0"))


async def _head(reader: asyncio.StreamReader) -> list[str]:
    """The lines of a request."""
    return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int) -> None:
    """What `reader` gives, until it ends or `most` bytes have come."""
    with suppress(OSError):
        while most > 0 and (block := await reader.read(min(_BLOCK, most))):
            most -= len(block)
            writer.write(block)
            await writer.drain()
