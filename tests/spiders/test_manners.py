"""How publishers see us: one request at a time to a host, and an end to every list."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from scrapy.http import TextResponse

from tests.command import presswatch, rows, started
from tests.crawler import counted, spider_for
from tests.site import PATIENCE, Page, article, rss, site, watchlist


def test_one_request_at_a_time_to_a_host(tmp_path: Path) -> None:
    """Also without a delay: while a page of one host is awaited, all of another is read, and nothing more of this."""
    with site("127.7.0.1") as slow, site("127.7.0.2") as quick:
        for paper in (slow, quick):
            paper.pages |= {f"/{n}": Page(body=article("Rain", f"It rains {n}.")) for n in range(12)}
            paper.pages["/feed"] = Page(body=rss(*((f"/{n}", "Rain") for n in range(12))))
        gate, end = slow.held("/0"), quick.held("/11")
        path = watchlist(
            tmp_path, ("slow", "feed", slow.url("/feed")), ("quick", "feed", quick.url("/feed")),
            allow_private='["127.7.0.0/16"]',
        )  # fmt: skip
        with started(path, "crawl") as crawl:
            assert gate.reached.wait(PATIENCE)
            assert end.reached.wait(PATIENCE)
            assert slow.paths() == ["/feed", "/0"]
            gate.opened.set()
            end.opened.set()
            crawl.communicate(timeout=PATIENCE)
        assert crawl.returncode == 0
        assert slow.paths() == quick.paths() == ["/feed", *(f"/{n}" for n in range(12))]


def test_lists_without_end_come_to_one(tmp_path: Path) -> None:
    """A sitemap index that names itself, and one that names twenty new ones each time."""
    entry = "<sitemap><loc>{}</loc></sitemap>".format
    address = "http://paper.example/{}".format
    spider = spider_for(watchlist(tmp_path, ("own", "sitemap", address("own")), ("more", "sitemap", address("more?0"))))
    asked: Counter[str] = Counter()

    async def crawl() -> None:
        waiting = [request async for request in spider.start()]
        while waiting:
            request = waiting.pop(0)
            asked[request.url.partition("?")[0]] += 1
            number = int(request.url.partition("?")[2] or 0)
            named = [address("own"), address("own?1")] if "own" in request.url else []
            named = named or [address(f"more?{20 * number + k}") for k in range(1, 21)]
            body = f"<sitemapindex>{''.join(map(entry, named))}</sitemapindex>".encode()
            answer = TextResponse(request.url, body=body, request=request)
            waiting += [more async for more in spider.parse_source(answer, **request.cb_kwargs)]

    asyncio.run(crawl())
    assert spider.run is not None
    spider.run.end("finished")
    assert asked == {address("own"): 2, address("more"): 200}
    assert counted(spider, "more")["dropped_entries"] > 0


def test_a_host_that_always_wants_to_be_asked_later_is_left_for_the_next_run(tmp_path: Path) -> None:
    """Each page would cost its rest, twice: after three pages nobody waits any more."""
    with site("127.7.0.3") as busy:
        busy.pages |= {f"/{n}": Page(status=503, headers={"Retry-After": "0"}) for n in range(9)}
        busy.pages["/feed"] = Page(body=rss(*((f"/{n}", "Netflix") for n in range(9))))
        path = watchlist(tmp_path, ("busy", "feed", busy.url("/feed")), allow_private='["127.7.0.0/16"]')
        presswatch(path, "crawl")

    assert len(busy.paths()) == 1 + 6
    states = Counter(why for (why,) in rows(path, "SELECT coalesce(reason, state) FROM private.urls"))
    assert set(states) == {"http_503", "seen"}
    assert states["seen"] >= 6
