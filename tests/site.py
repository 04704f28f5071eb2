"""A publisher on loopback that answers as a test says: any status, header or body, at once or when it is let.

    with site() as paper:
        paper.pages["/feed"] = Page(rss(("/1", "A title")))
        ...  # crawl
        paper.asked  # every request, in order

Beside it `Canary`, which nobody may ever connect to.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

PATIENCE = 300.0
"""Seconds after which a test that waits for another process gives up."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is answered at a path."""

    body: bytes | str = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: Mapping[str, str]


class Gate:
    """Holds an answer back: `reached` once somebody waits for it, sent once `opened`."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def wait(self) -> None:
        """Called by the server."""
        self.reached.set()
        self.opened.wait(PATIENCE)


class Site:
    """One publisher; `pages` may change while it is asked."""

    def __init__(self, address: str, port: int) -> None:
        self.address, self.port = address, port
        self.pages: dict[str, Page | Callable[[], Page]] = {"/robots.txt": Page(body="", kind="text/plain")}
        self.asked: list[Asked] = []

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://{self.address}:{self.port}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked for, in order, without robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def held(self, path: str) -> Gate:
        """From now on `path` answers only when the gate is opened."""
        gate, page = Gate(), self.pages[path]

        def later() -> Page:
            gate.wait()
            return page() if callable(page) else page

        self.pages[path] = later
        return gate


@contextmanager
def site(address: str = "127.0.0.1", *, tls: Path | None = None) -> Iterator[Site]:
    """Serve a publisher on a free port of a loopback address while the block runs.

    tls: a file with key and certificate
    """
    with ThreadingHTTPServer((address, 0), BaseHTTPRequestHandler) as server:
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        paper = Site(address, server.server_address[1])
        server.RequestHandlerClass = _handler(paper)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield paper
        finally:
            server.shutdown()
            thread.join()


def _handler(paper: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = PATIENCE

        def do_GET(self) -> None:
            paper.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = paper.pages.get(self.path) or Page(status=404, body="no such page")
            page = page() if callable(page) else page
            body = page.body.encode() if isinstance(page.body, str) else page.body
            with suppress(ConnectionError):  # whoever asked was killed meanwhile
                self.send_response(page.status)
                self.send_header("Content-Type", page.kind)
                self.send_header("Content-Length", str(len(body)))
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        def handle(self) -> None:
            with suppress(ssl.SSLError, ConnectionError):  # who asked did not like the certificate, or was killed
                super().handle()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class Canary:
    """Listens on one port of several loopback addresses; the kernel remembers everyone who knocked."""

    def __init__(self, sockets: list[socket.socket]) -> None:
        self.sockets = sockets
        self.port = int(sockets[0].getsockname()[1])

    def visits(self) -> list[str]:
        """The addresses at which somebody connected since the last look."""
        found = []
        for listening in self.sockets:
            with suppress(BlockingIOError):
                while True:
                    listening.accept()[0].close()
                    found.append(listening.getsockname()[0])
        return found


@contextmanager
def canary() -> Iterator[Canary]:
    """On 127.0.0.1, 127.0.0.2 and, where there is IPv6, ::1."""
    with ExitStack() as stack:
        sockets: list[socket.socket] = []
        while len(sockets) < 2:  # until a port is free on both
            first = stack.enter_context(socket.create_server(("127.0.0.2", 0)))
            port = first.getsockname()[1]
            with suppress(OSError):
                sockets = [first, stack.enter_context(socket.create_server(("127.0.0.1", port)))]
        with suppress(OSError):
            sockets.append(stack.enter_context(socket.create_server(("::1", port), family=socket.AF_INET6)))
        for listening in sockets:
            listening.setblocking(False)
        yield Canary(sockets)


def rss(*entries: tuple[str, str], dates: tuple[str, ...] = ()) -> str:
    """A feed of (link, title), with the dates of the first entries (RFC 822)."""
    items = (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        + (f"<pubDate>{dates[n]}</pubDate>" if n < len(dates) else "")
        + "</item>"
        for n, (link, title) in enumerate(entries)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{"".join(items)}</channel></rss>'


def article(title: str, *paragraphs: str) -> str:
    """A page with one article of so much text that nobody takes it for something else."""
    filler = (
        """The company gave no further details. It said on Monday that the matter was being looked into, that the people
        concerned had been told, and that it would say more as soon as there was more to say.""",
        """Analysts had expected as much. None of those asked thought that the figures for the year would change. The
        shares hardly moved in the afternoon, in line with a market that had little to go by.""",
    )
    text = "".join(f"<p>{escape(line)}</p>" for line in (*paragraphs, *filler))
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(title)}</title></head><body><article>'
        f"<h1>{escape(title)}</h1>{text}</article></body></html>"
    )


def watchlist(folder: Path, *sources: tuple[str, str, str], **crawl: object) -> Path:
    """A small valid watchlist with these sources (id, kind, url) and further keys of `[crawl]`; returns its path."""
    keys = {"user_agent": '"presswatch-test (+mailto:tests@example.com)"', "download_delay": "0.0", **crawl}
    tables = "".join(
        f'[[sources]]\nid = "{name}"\noutlet = "The {name}"\nkind = "{kind}"\nurl = "{url}"\n'
        for name, kind, url in sources
    )
    path = folder / "watchlist.toml"
    path.write_text(
        "[crawl]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()) + "[[brands]]\n"
        'id = "netflix"\nname = "Netflix"\nrole = "ours"\n'
        '[[brands]]\nid = "blockbuster"\nname = "Blockbuster"\ncase_sensitive = true\n'
        "[[topics]]\nid = \"outage\"\nquery = 'netflix AND outage*'\n"
        "[[topics]]\nid = \"campaign\"\nquery = 'blockbuster AND campaign*'\n" + tables,
        "utf-8",
    )
    return path
