"""A server that breaks the rules of HTTP: it sends what a test gives it, byte by byte if need be, and hangs up.

    with hostile("127.9.0.1") as server:
        server.answers["/cut"] = b"HTTP/1.1 200 OK\\r\\nContent-Length: 1000\\r\\n\\r\\nhalf"
        server.answers["/drip"] = server.dripping(b"HTTP/1.1 200 OK\\r\\n")

What it is asked, and when, stands in `asked`. Paths that nobody gave an answer get 404, `/robots.txt` an empty file.
"""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from time import monotonic

Answer = bytes | Callable[[socket.socket], None]


def answer(body: bytes = b"", status: str = "200 OK", kind: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    """A well-formed answer; `Retry_After="3"` for a header."""
    fields = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def packed(body: bytes, *, cut: bool = False) -> bytes:
    """A gzip answer; cut: half of the stream, with a length that fits."""
    stream = gzip.compress(body)
    return answer(stream[: len(stream) // 2] if cut else stream, Content_Encoding="gzip")


class Hostile:
    """One host; `answers` may change while it is asked."""

    def __init__(self, listening: socket.socket) -> None:
        self.address, self.port = listening.getsockname()[:2]
        self.answers: dict[str, Answer] = {"/robots.txt": answer(kind="text/plain")}
        self.asked: list[tuple[str, float]] = []
        self.over = threading.Event()

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://{self.address}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, in order, without robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def gaps(self) -> list[float]:
        """Seconds between two requests, robots.txt among them."""
        times = [when for _, when in self.asked]
        return [b - a for a, b in pairwise(times)]

    def dripping(self, head: bytes, body: bytes = b"x", pause: float = 0.2) -> Answer:
        """`head` at once, then a byte of `body` again and again, until nobody listens."""

        def drip(connection: socket.socket) -> None:
            connection.sendall(head)
            while not self.over.wait(pause):
                connection.sendall(body)

        return drip

    def endless(self, head: bytes, block: bytes) -> Answer:
        """`head`, then `block` as fast as it goes."""
        return self.dripping(head, block, 0.0)

    def silent(self, _: socket.socket) -> None:
        """Takes the request and says nothing."""
        self.over.wait()

    def serve(self, connection: socket.socket) -> None:
        """One request, one answer, one hang-up."""
        with connection, suppress(OSError):
            said = b""
            while b"\r\n\r\n" not in said:
                block = connection.recv(65536)
                if not block:
                    return
                said += block
            path = said.split(b" ", 2)[1].decode()
            self.asked.append((path, monotonic()))
            given = self.answers.get(path, answer(b"no such page", "404 Not Found"))
            if callable(given):
                given(connection)
            else:
                connection.sendall(given)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass


@contextmanager
def hostile(address: str = "127.0.0.1") -> Iterator[Hostile]:
    """Serve while the block runs, on a free port."""
    with socket.create_server((address, 0), backlog=128) as listening:
        server = Hostile(listening)

        def accept() -> None:
            while not server.over.is_set():
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=server.serve, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)
