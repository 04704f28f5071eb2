"""Serve the sample newsroom on loopback, one address an outlet.

    python -m tests.newsroom.serve --port 8808 --watchlist /tmp/demo.toml --replay latest

from a checkout; in tests, `with newsroom() as room:` does the same on a free port. `/__hits` on any address
tells how often each path was asked. README.md beside this file says more.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import selectors
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template

if not __package__:  # run as a file: the checkout must come first on the path
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.newsroom import feeds, pages
from tests.newsroom.replay import HOME, RECOVERY
from tests.newsroom.story import EDITIONS, HERE, Outlet, Piece, lay_out, outlets, pieces

_HTML = "text/html; charset=utf-8"


class Newsroom:
    """The outlets at one moment: what each has published under `replay` by `now`, and how it is served."""

    def __init__(self, *, port: int, replay: str = "2008", edition: int = 1, now: datetime | None = None) -> None:
        self.port = port
        self.now = now or datetime.now(UTC)
        self.replay = lay_out(replay, self.now)
        self.outlets = outlets()
        self.hits: Counter[str] = Counter()
        """Requests by "outlet path"; answers without a body also under "304"."""
        self.publish(edition)

    def publish(self, edition: int) -> None:
        """Replace what is served: 1 is the first crawl's newsroom, 2 the corrected and grown one."""
        self.edition = edition
        self.articles = tuple(piece for piece in pieces(self.replay, edition) if piece.changed <= self.now)
        self._answers = {outlet.id: self._site(outlet) for outlet in self.outlets}

    def base(self, outlet: Outlet) -> str:
        """The outlet's address without a slash at its end."""
        return f"http://{outlet.address}:{self.port}"

    def url(self, article: Piece) -> str:
        """The address of an article."""
        return self.base(article.outlet) + article.path

    def watchlist(self, path: Path) -> Path:
        """Write the demo's watchlist, with this newsroom's addresses and dates, and return its path."""
        found = {outlet.id.replace("-", "_"): self.base(outlet) for outlet in self.outlets}
        found["failure"] = self.replay.moment(0, "00:00", HOME).isoformat()
        found["recovery"] = self.replay.moment(RECOVERY, "12:00", HOME).isoformat()
        path.write_text(Template((HERE / "watchlist.toml").read_text("utf-8")).substitute(found), "utf-8")
        return path

    def answer(self, outlet: Outlet, path: str) -> tuple[str, bytes] | None:
        """Media type and body for a path with its query, or None."""
        return self._answers[outlet.id].get(path)

    def _site(self, outlet: Outlet) -> dict[str, tuple[str, bytes]]:
        """Every path of an outlet: rendered once, so that a page answers with the same bytes each time."""
        base = self.base(outlet)
        own = [piece for piece in reversed(self.articles) if piece.outlet == outlet]
        listed = [piece for piece in own if not piece.unlisted]
        front = pages.front_page(outlet, listed, [piece for piece in own if piece.unlisted], base)
        site = {piece.path: (_HTML, pages.article_page(piece, listed, base)) for piece in own}
        site |= {"/": (_HTML, front), "/robots.txt": ("text/plain", feeds.robots(outlet, base))}
        if outlet.kind == "section":
            site[outlet.source] = (_HTML, front)
        elif outlet.kind == "feed":
            site[outlet.source] = feeds.feed(outlet, listed, base)
        elif outlet.source != "/robots.txt":
            site[outlet.source] = ("application/xml", feeds.news_sitemap(outlet, listed, base))
        else:
            half = len(listed) // 2
            parts = {"/sitemap-news-1.xml.gz": listed[:half], "/sitemap-news-2.xml.gz": listed[half:]}
            site["/sitemap_index.xml"] = ("application/xml", feeds.sitemap_index(list(parts), base))
            for name, part in parts.items():
                site[name] = ("application/gzip", feeds.zipped(feeds.news_sitemap(outlet, part, base)))
        return site


@contextmanager
def newsroom(
    *, replay: str = "2008", edition: int = 1, port: int = 0, now: datetime | None = None
) -> Iterator[Newsroom]:
    """Serve the newsroom while the block runs, on a free port unless one is given.

    `replay` is 2008 (the real dates), latest, today-N or an ISO date of the recovery; articles later than
    `now` are not published. `room.publish(2)` changes the edition while it is served.

    Raises:
        OSError: the port is taken, or 127.3.0.0/24 is not on this machine's loopback.
        ValueError: a `replay` that is none of these.
    """
    port = port or _free_port()
    room = Newsroom(port=port, replay=replay, edition=edition, now=now)
    with ExitStack() as stack:
        servers = [
            stack.enter_context(ThreadingHTTPServer((outlet.address, port), _handler(room, outlet)))
            for outlet in room.outlets
        ]
        bell, rope = socket.socketpair()
        stack.enter_context(bell)
        stack.enter_context(rope)
        thread = threading.Thread(target=_serve, args=(servers, bell), daemon=True)
        thread.start()
        try:
            yield room
        finally:
            rope.send(b".")
            thread.join()


def _serve(servers: list[ThreadingHTTPServer], bell: socket.socket) -> None:
    """Accept on every address until the bell rings; one thread for all, so that leaving takes no time."""
    with selectors.DefaultSelector() as selector:
        for server in servers:
            selector.register(server, selectors.EVENT_READ, server)
        selector.register(bell, selectors.EVENT_READ, None)
        while True:
            for key, _ in selector.select():
                if key.data is None:
                    return
                key.data.handle_request()


def _free_port() -> int:
    with socket.create_server(("127.3.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _handler(room: Newsroom, outlet: Outlet) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            if self.path == "/__hits":
                return self.reply(200, "application/json", json.dumps(room.hits).encode())
            room.hits[f"{outlet.id} {self.path}"] += 1
            found = room.answer(outlet, self.path)
            if found is None:
                return self.reply(404, "text/plain", b"not found")
            kind, body = found
            if self.headers.get("If-None-Match") == _etag(body):
                room.hits["304"] += 1
                return self.reply(304, kind, b"", _etag(body))
            return self.reply(200, kind, body, _etag(body))

        def reply(self, status: int, kind: str, body: bytes, etag: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if etag:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()[:16]}"'


def main(arguments: list[str] | None = None) -> int:
    """The command line; serves until Ctrl-C."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--port", type=int, default=8808, help="0 chooses a free one (default: %(default)s)")
    cli.add_argument("--watchlist", type=Path, metavar="PATH", help="write the demo's watchlist there")
    cli.add_argument("--replay", default="2008", help="or latest, today-N, YYYY-MM-DD (default: %(default)s)")
    cli.add_argument("--edition", type=int, choices=EDITIONS, default=1, help="2: corrected and grown")
    args = cli.parse_args(arguments)
    try:
        with newsroom(replay=args.replay, edition=args.edition, port=args.port) as room:
            if args.watchlist:
                room.watchlist(args.watchlist)
            served = f"{len(room.outlets)} outlets, {len(room.articles)} articles"
            print(f"{served} on port {room.port}", flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
