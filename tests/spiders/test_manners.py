"""How publishers see us: one request at a time to a host, and an end to every list."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.command import presswatch, rows, started
from tests.site import PATIENCE, Page, article, rss, site, watchlist

_ENDLESS = 3000


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
    """A sitemap index that names itself (read by two sources), one that names ever new ones, a page that redirects
    to itself."""
    with site() as paper:
        index = "<sitemapindex>{}</sitemapindex>".format
        entry = "<sitemap><loc>{}</loc></sitemap>".format
        paper.pages["/self.xml"] = Page(body=index(entry("/self.xml") + entry("/self.xml?")))
        for n in range(_ENDLESS):
            children = "".join(entry(f"/more.xml?{20 * n + k}") for k in range(1, 21))
            paper.pages[f"/more.xml?{n}"] = Page(body=index(children))
        paper.pages["/around"] = Page(status=302, headers={"Location": "/around"})
        path = watchlist(
            tmp_path, ("self", "sitemap", paper.url("/self.xml")), ("more", "sitemap", paper.url("/more.xml?0")),
            ("same", "sitemap", paper.url("/self.xml")), ("around", "section", paper.url("/around")),
            allow_private='["127.0.0.0/8"]',
        )  # fmt: skip
        done = presswatch(path, "crawl")
        asked = Counter(asked.partition("?")[0] for asked in paper.paths())

        assert 2 <= asked["/self.xml"] <= 6
        assert 2 < asked["/more.xml"] <= 200
        assert asked["/around"] <= 7
        assert done.returncode == 1
        assert dict(rows(path, "SELECT source_id, reason FROM source_health")) == {
            "self": None, "more": None, "same": None, "around": "redirect_loop"
        }  # fmt: skip
