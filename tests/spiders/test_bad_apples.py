"""A night with three good papers and nine that do what they can: nothing of the good ones is lost or late."""

from __future__ import annotations

import gzip
import threading
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from tests.command import rows, started
from tests.hostile import Hostile, answer, hostile
from tests.memory import memory
from tests.site import article, rss, watchlist

PAGES = 30
LONGEST_GAP, MOST_MEMORY = 10.0, 800.0  # seconds, megabytes: the project's table of demands
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
GOOD, BAD = ("good-1", "good-2", "good-3"), (
    "drips", "silent", "endless", "bombs", "stalls", "floods", "loops", "busy", "resets"
)  # fmt: skip


def story(paper: str, number: int) -> bytes:
    """An article that nobody else has."""
    return article(
        f"Netflix outage, {paper} {number}", f"The Netflix outage, as {paper} tells it, part {number}."
    ).encode()


def paper(server: Hostile, given: dict[str, object]) -> None:
    """A feed of pages."""
    links = rss(*((path, "Netflix outage") for path in given))
    server.answers |= given  # type: ignore[arg-type]
    server.answers["/feed"] = answer(links.encode(), kind="application/rss+xml")


def misbehave(hosts: dict[str, Hostile]) -> None:
    """Nine ways to spoil a night."""
    paths = [f"/{number}" for number in range(PAGES)]
    bomb = answer(gzip.compress(bytes(100 * 1024 * 1024), 1), Content_Encoding="gzip")
    attributes = " ".join(f'a{n}="<"' for n in range(60_000))
    stall = answer(f"<html><body><p {attributes}>Netflix outage</p></body></html>".encode())
    pages: dict[str, object] = {
        "drips": hosts["drips"].dripping(HEAD), "silent": hosts["silent"].silent,
        "endless": hosts["endless"].endless(HEAD, b"Netflix " * 8192), "bombs": bomb, "stalls": stall,
        "loops": answer(b"", "302 Found", Location="/0"), "resets": b"",
        "busy": answer(b"", "503 Busy", Retry_After="20"),
    }  # fmt: skip
    for name, page in pages.items():
        paper(hosts[name], dict.fromkeys(paths, page))
    entries = "".join(f"<item><title>Netflix {n}</title><link>/x{n}</link></item>" for n in range(60_000))
    flood = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{entries}</channel></rss>'
    hosts["floods"].answers["/feed"] = answer(flood.encode(), kind="application/rss+xml")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_night_with_bad_apples(tmp_path: Path) -> None:
    """All good articles are stored, no longer than ten seconds between two of their pages, less than 800 MB in all."""
    with ExitStack() as stack:
        hosts = {name: stack.enter_context(hostile(f"127.9.4.{n}")) for n, name in enumerate((*GOOD, *BAD), 1)}
        for name in GOOD:
            paper(hosts[name], {f"/{number}": answer(story(name, number)) for number in range(PAGES)})
        misbehave(hosts)
        path = watchlist(
            tmp_path, *((name, "feed", server.url("/feed")) for name, server in hosts.items()),
            allow_private='["127.9.0.0/16"]', download_delay=1.0, budget=PAGES,
        )  # fmt: skip
        peak = 0.0
        with started(path, "crawl") as crawl:
            over = threading.Event()
            reader = threading.Thread(target=lambda: (crawl.communicate(), over.set()))
            reader.start()
            while not over.wait(0.5):
                peak = max(peak, memory(crawl.pid))
            reader.join()
        asked = sorted(when for name in GOOD for page, when in hosts[name].asked if page.strip("/").isdigit())
        longest = max(later - earlier for earlier, later in pairwise(asked))
        stored = dict(rows(path, "SELECT source_id, count(*) FROM articles GROUP BY source_id"))
        said = dict(rows(path, "SELECT source_id, reason FROM source_health"))
        print(f"longest gap {longest:.1f} s, peak {peak:.0f} MB, {monotonic() - asked[0]:.0f} s in all; {said}")

    assert {name: stored.get(name) for name in GOOD} == dict.fromkeys(GOOD, PAGES)
    assert crawl.returncode == 1
    assert longest < LONGEST_GAP
    assert peak < MOST_MEMORY
    assert {name: said[name] for name in GOOD} == dict.fromkeys(GOOD)
    assert all(said[name] for name in BAD)
