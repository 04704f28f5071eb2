"""Search feeds lead to other people's pages: Bing wraps their addresses, Google News hides them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from spiders.discovery.search import direct
from tests.command import presswatch, rows
from tests.hostile import answer, hostile
from tests.site import article, rss, watchlist


@pytest.mark.parametrize(
    ("link", "meant"),
    [
        ("https://paper.example/1?url=http://other.example/", "https://paper.example/1?url=http://other.example/"),
        ("http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fpaper.example%2f1&c=2", "https://paper.example/1"),
        ("http://www.bing.com/news/apiclick.aspx?url=javascript%3aalert(1)",
         "http://www.bing.com/news/apiclick.aspx?url=javascript%3aalert(1)"),
        ("https://news.google.com/rss/articles/CBMiX2h0dHBz?oc=5", None),
        ("https://www.google.com/url?rct=j&url=https://paper.example/1&ct=ga", "https://paper.example/1"),
    ],
)  # fmt: skip
def test_where_a_link_leads(link: str, meant: str | None) -> None:
    """The wrapped address, the link itself, or nobody knows."""
    assert direct(link) == meant


@pytest.mark.timeout(400)
def test_a_coded_link_is_found_by_its_title(tmp_path: Path) -> None:
    """In the sitemap of an outlet that is on no watchlist; the outlet is called by its domain. What is not found
    anywhere is counted."""
    with hostile("127.9.5.1") as google, hostile("127.9.5.2") as outlet:
        coded = "".join(
            f"<item><title>{title} - The Outlet</title><link>https://news.google.com/rss/articles/CB{n}</link>"
            f'<source url="{outlet.url().rstrip("/")}">The Outlet</source></item>'
            for n, title in enumerate(("Netflix outage goes on", "Netflix outage is over"))
        )
        wrapped = f"http://www.bing.com/news/apiclick.aspx?url={quote(outlet.url('/2'), safe='')}"
        feed = rss((wrapped, "Netflix outage, by Bing")).replace("</channel>", f"{coded}</channel>")
        google.answers |= {"/rss?q=netflix%20outage": answer(feed.encode(), kind="application/rss+xml")}
        told = f"<loc>{outlet.url('/1')}</loc><news><title>Netflix outage goes on</title></news>"
        sitemap = f"<urlset><url>{told}</url></urlset>"
        outlet.answers |= {
            "/robots.txt": answer(f"Sitemap: {outlet.url('/news.xml')}\n".encode(), kind="text/plain"),
            "/news.xml": answer(sitemap.encode(), kind="text/xml"),
            "/1": answer(article("Netflix outage goes on", "Netflix is down.").encode()),
            "/2": answer(article("Netflix outage, by Bing", "Netflix was down.").encode()),
        }
        path = watchlist(tmp_path, ("search", "feed", google.url("/rss?q={query}")), allow_private='["127.9.0.0/16"]')
        path.write_text(path.read_text("utf-8") + 'topics = ["outage"]\n', "utf-8")
        done = presswatch(path, "--verbose", "crawl")

        assert rows(path, "SELECT url, outlet, tier, source_id FROM articles ORDER BY url") == [
            (outlet.url("/1"), f"127.9.5.2:{outlet.port}", 3, "search"),
            (outlet.url("/2"), f"127.9.5.2:{outlet.port}", 3, "search"),
        ]
        assert "'monitor/search/undecodable': 1" in done.stderr
