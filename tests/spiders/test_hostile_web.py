"""What the web does to a crawler, done to ours: rows H, R of docs/faults.md, over real sockets, in one crawl.

Each host misbehaves in its own way and is one source; between them is a paper that is well.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import pytest

from tests.command import rows, scrapy
from tests.hostile import Hostile, answer, hostile, packed
from tests.site import article, rss, watchlist

pytestmark = pytest.mark.slow  # many runs of the program, a minute and more each

TIMEOUT = 3  # seconds, DOWNLOAD_TIMEOUT of these crawls
STORY = article("Netflix outage goes on", "The Netflix outage goes on for a third day.").encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ROBOTS = "/robots.txt"
GOOD_PAGES = 20
# What keeps it off the road: two hosts that drip, on eight pages each (H1).
DRIPPING = {f"/drip/{n}": "timeout" for n in range(3)} | {f"/drip/{n}": "host_down" for n in range(3, 8)}


@dataclass
class Web:
    """One crawl of hostile hosts."""

    path: Path
    servers: dict[str, Hostile] = field(default_factory=dict)
    status: int = 0
    output: str = ""

    def reasons(self, name: str) -> dict[str, str]:
        """The reason that each page of a host ended in, by path, `seen` where its state was left alone."""
        server = self.servers[name]
        found = rows(self.path, "SELECT url, coalesce(reason, state) FROM private.urls WHERE source_id = ?", name)
        return {url.removeprefix(server.url("")): reason for url, reason in found}

    def source(self, name: str) -> str | None:
        """What is wrong with a source."""
        ((reason,),) = rows(self.path, "SELECT reason FROM source_health WHERE source_id = ?", name)
        assert reason is None or isinstance(reason, str)
        return reason

    def complete(self, name: str) -> dict[str, bool]:
        """The stored articles of a host, by path: did they come whole?"""
        found = rows(self.path, "SELECT url, complete FROM articles WHERE source_id = ?", name)
        return {url.removeprefix(self.servers[name].url("")): whole for url, whole in found}


def bomb_in_brotli() -> bytes:
    """A few kilobytes that unpack to 100 MB."""
    packer = brotli.Compressor(quality=1)
    return b"".join([*(packer.process(bytes(1024 * 1024)) for _ in range(100)), packer.finish()])


def broken_pages(server: Hostile) -> dict[str, bytes]:
    """Pages that break HTTP, each in its own way."""
    half = STORY[: -len(STORY) // 8]
    zeros = bytes(100 * 1024 * 1024)
    return {
        "/short": HEAD + b"Content-Length: 9999\r\n\r\n" + half,  # H2
        "/chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + half,
        "/cut-chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n" + half,
        "/no-length": HEAD + b"Connection: close\r\n\r\n" + half,  # H3
        "/no-length-whole": HEAD + b"Connection: close\r\n\r\n" + STORY,
        "/half-gzip": packed(STORY, cut=True),  # H4
        "/gzip": packed(STORY),
        "/banana": HEAD + b"Content-Length: banana\r\n\r\n" + STORY,  # H5
        "/no-status": STORY,
        "/long-header": HEAD + b"X-Long: " + b"x" * 5_000_000 + b"\r\n\r\n" + STORY,
        "/many-headers": HEAD + b"X: y\r\n" * 200_000 + b"\r\n" + STORY,
        "/folded-header": HEAD + b"X: y\r\n" + b" z\r\n" * 200_000 + b"\r\n" + STORY,
        "/bomb-gzip": answer(gzip.compress(zeros, 1), Content_Encoding="gzip"),  # H11
        "/bomb-deflate": answer(zlib.compress(zeros, 1), Content_Encoding="deflate"),
        "/bomb-br": answer(bomb_in_brotli(), Content_Encoding="br"),
        "/5-gb": HEAD + b"Content-Length: 5000000000\r\n\r\n" + b"x" * 1000,  # H12
        "/loop": answer(b"", "302 Found", Location=server.url("/loop2")),  # H6
        "/loop2": answer(b"", "302 Found", Location=server.url("/loop")),
        "/to-file": answer(b"", "302 Found", Location="file:///etc/hostname"),  # H7
        "/good": answer(STORY),
    }


BROKEN = {
    "/short": "truncated", "/chunk": "truncated", "/cut-chunk": "truncated", "/no-length": "stored",
    "/no-length-whole": "stored", "/half-gzip": "truncated", "/gzip": "stored", "/banana": "connection_lost",
    "/no-status": "connection_lost", "/long-header": "connection_lost",
    "/many-headers": "connection_lost", "/folded-header": "connection_lost", "/headers": "connection_lost",
    "/bomb-gzip": "too_large",
    "/bomb-deflate": "too_large", "/bomb-br": "too_large", "/5-gb": "too_large", "/endless": "too_large",
    "/loop": "redirect_loop", "/to-file": "http_302", "/good": "stored",
}  # fmt: skip


def paper(server: Hostile, pages: dict[str, bytes]) -> None:
    """A feed of `pages`, and the pages."""
    server.answers |= pages
    links = rss(*((path, "Netflix outage") for path in pages))
    server.answers["/feed"] = answer(links.encode(), kind="application/rss+xml")


def set_up(web: Web) -> None:
    """Gives every host its answers."""
    hosts = web.servers
    for name in ("drip-1", "drip-2"):
        paper(hosts[name], dict.fromkeys(DRIPPING, b""))
        hosts[name].answers |= dict.fromkeys(DRIPPING, hosts[name].dripping(HEAD + b"\r\n"))
    paper(hosts["good"], {f"/{n}": answer(STORY.replace(b"third", str(n).encode())) for n in range(GOOD_PAGES)})
    broken = hosts["broken"]
    pages = broken_pages(broken)
    broken.answers["/loop2"] = pages.pop("/loop2")
    paper(broken, {**pages, "/endless": b"", "/headers": b""})
    broken.answers["/headers"] = broken.endless(HEAD, b"X: y\r\n" * 10_000)
    broken.answers["/endless"] = broken.endless(HEAD + b"\r\n", b"x" * 65536)
    for name in hosts:
        if name.startswith("robots-"):
            paper(hosts[name], {"/open": answer(STORY), "/closed": answer(STORY)})
    rules = b"User-agent: *\nDisallow: /closed\n"
    robots: dict[str, object] = {
        "robots-500": answer(b"", "500 Oops"), "robots-429": answer(b"", "429 Slow down"),
        "robots-reset": b"", "robots-silent": hosts["robots-silent"].silent,
        "robots-404": answer(rules, "404 Not Found"), "robots-403": answer(rules, "403 Forbidden"),
        "robots-endless": hosts["robots-endless"].endless(HEAD + b"\r\n" + rules, b"Disallow: /a\n" * 5000),
        "robots-redirect": answer(b"", "301 Moved", Location=hosts["good"].url("/elsewhere.txt")),
        "robots-loop": answer(b"", "302 Found", Location="/robots.txt"),
        "robots-patient": answer(b"User-agent: presswatch-test\nCrawl-delay: 86400\n"),
    }  # fmt: skip
    for name, given in robots.items():
        hosts[name].answers[ROBOTS] = given  # type: ignore[assignment]
    hosts["good"].answers["/elsewhere.txt"] = answer(rules, kind="text/plain")
    paper(hosts["slow"], {f"/{n}": answer(STORY) for n in range(3)})
    hosts["slow"].answers[ROBOTS] = answer(b"User-agent: *\nCrawl-delay: 1\n", kind="text/plain")
    waits = hosts["waits"]
    paper(waits, {"/1": b""})
    first = iter([answer(b"", "429 Too Many Requests", Retry_After="1")])
    waits.answers["/1"] = lambda connection: connection.sendall(next(first, answer(STORY)))
    paper(hosts["away"], {f"/{n}": answer(b"", "503 Busy", Retry_After="1000000000") for n in range(4)})


NAMES = (
    "good", "drip-1", "drip-2", "broken", "slow", "waits", "away", "robots-500", "robots-429", "robots-reset",
    "robots-silent", "robots-404", "robots-403", "robots-endless", "robots-redirect", "robots-loop", "robots-patient",
)  # fmt: skip


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One crawl of them all."""
    folder = tmp_path_factory.mktemp("web")
    with ExitStack() as stack:
        servers = {name: stack.enter_context(hostile(f"127.9.0.{n}")) for n, name in enumerate(NAMES, 1)}
        sources = [(name, "feed", server.url("/feed")) for name, server in servers.items()]
        web = Web(watchlist(folder, *sources, allow_private='["127.9.0.0/16"]'), servers)
        set_up(web)
        done = scrapy(folder, "crawl", "coverage", "-s", f"DOWNLOAD_TIMEOUT={TIMEOUT}", "-s", "LOG_LEVEL=ERROR")
        web.status, web.output = done.returncode, done.stdout + done.stderr
        yield web


def test_nothing_crashed(web: Web) -> None:
    """No traceback, whatever came."""
    assert "Traceback" not in web.output


@pytest.mark.parametrize(("path", "reason"), BROKEN.items())
def test_broken_answers(web: Web, path: str, reason: str) -> None:
    """H2 to H7, H11, H12: one name each."""
    assert web.reasons("broken")[path] == reason


def test_a_page_without_its_end_is_marked(web: Web) -> None:
    """H3: no length, cut in the middle: asked for twice, kept, and never taken for whole."""
    complete = web.complete("broken")

    assert complete == {"/no-length": False, "/no-length-whole": True, "/gzip": True, "/good": True}
    assert web.servers["broken"].paths().count("/no-length") == 2


@pytest.mark.parametrize("name", ["drip-1", "drip-2"])
def test_hosts_that_drip_cost_their_own_pages_only(web: Web, name: str) -> None:
    """H1: three pages time out, then the host is left alone; what was not asked for waits for the next run."""
    reasons = web.reasons(name)
    known = list(reasons.values())

    assert (known.count("timeout"), known.count("seen")) == (3, 5)
    assert len(web.servers[name].paths()) == 1 + 3
    assert web.source(name) == "host_down"


def test_the_good_paper_lost_nothing_and_waited_for_nobody(web: Web) -> None:
    """H1: all its pages came before a single page of the dripping hosts had timed out."""
    good = web.servers["good"]
    pages = [when for path, when in good.asked if path.strip("/").isdigit()]
    begun = min(when for path, when in web.servers["drip-1"].asked if path.startswith("/drip"))

    assert len(web.complete("good")) == len(pages) == GOOD_PAGES
    assert max(pages) - begun < TIMEOUT


@pytest.mark.parametrize("name", ["robots-500", "robots-429", "robots-reset", "robots-silent"])
def test_a_robots_txt_that_cannot_be_had_stops_the_source(web: Web, name: str) -> None:
    """R1: RFC 9309, 2.3.1.4: complete disallow, the feed included."""
    assert web.servers[name].paths() == []
    assert web.source(name) == "deferred_robots"


@pytest.mark.parametrize("name", ["robots-404", "robots-403", "robots-loop"])
def test_no_robots_txt_allows_all(web: Web, name: str) -> None:
    """R2, R4: the body of an error is no rules; more than five redirects are no file."""
    assert web.reasons(name) == {"/open": "stored", "/closed": "stored"}


@pytest.mark.parametrize("name", ["robots-endless", "robots-redirect"])
def test_rules_are_obeyed(web: Web, name: str) -> None:
    """R3: of a file without end the first 512 KiB count. R4: from another host they count for the first."""
    assert web.reasons(name) == {"/open": "stored", "/closed": "robots"}
    assert "/closed" not in web.servers[name].paths()


def test_crawl_delay(web: Web) -> None:
    """R5: of a second; and of a day, which no run waits for."""
    assert web.reasons("slow") == {f"/{n}": "stored" for n in range(3)}
    assert min(web.servers["slow"].gaps()[1:]) > 0.9
    assert web.servers["robots-patient"].paths() == []
    assert web.source("robots-patient") == "crawl_delay"


def test_retry_after(web: Web) -> None:
    """H10: a second is waited for; who asks for thirty years is left alone, and its pages are taken up later."""
    (before, after) = (when for path, when in web.servers["waits"].asked if path == "/1")

    assert after - before >= 1
    assert web.reasons("waits") == {"/1": "stored"}
    assert web.source("away") == "rate_limited"
    assert web.servers["away"].paths() == ["/feed", "/0"]
    assert set(web.reasons("away").values()) == {"seen"}


def test_who_asked_to_be_left_alone_is_not_asked_by_the_next_run(web: Web) -> None:
    """H10, H4 of manners: the rest is remembered; the good paper is asked as ever, its robots.txt not again."""
    away, good = web.servers["away"], web.servers["good"]
    before = len(away.asked), len(good.asked), good.paths().count("/feed")

    scrapy(web.path.parent, "crawl", "coverage", "-a", "sources=away,good", "-s", "LOG_LEVEL=ERROR")

    assert len(away.asked) == before[0]
    assert good.paths().count("/feed") == before[2] + 1
    assert [path for path, _ in good.asked].count(ROBOTS) == 1
