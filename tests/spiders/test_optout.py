"""What publishers ask of machines: pages that forbid indexing or mining are neither read nor kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from analysis.store.warc import Reader
from spiders.optout import NOINDEX, RESERVED, opted_out
from tests.command import presswatch, rows
from tests.site import Page, article, rss, site, watchlist

HEAD = "<!doctype html><html><head><title>Netflix</title>{}</head><body><p>x</p></body>"


@pytest.mark.parametrize(
    ("meta", "headers", "ends"),
    [
        ("", {}, None),
        ('<meta name="robots" content="index, follow, noarchive">', {}, None),
        ('<meta name="robots" content="max-image-preview:none">', {}, None),
        ('<meta name="googlebot" content="noindex">', {}, None),
        ('<p name="robots" content="noindex">', {}, None),
        ('<!-- <meta name="robots" content="noindex"> -->', {}, None),
        ('<meta name="ROBOTS" content="NOINDEX,follow">', {}, NOINDEX),
        ("<meta content=none name=robots>", {}, NOINDEX),
        ('<meta name="presswatch" content="noindex">', {}, NOINDEX),
        ('<meta name="tdm-reservation" content="1">', {}, RESERVED),
        ('<meta name="tdm-reservation" content="0">', {}, None),
        ("", {"X-Robots-Tag": "noindex, nofollow"}, NOINDEX),
        ("", {"X-Robots-Tag": "unavailable_after: 25 Jun 2030 15:00:00 PST"}, None),
        ("", {"X-Robots-Tag": "googlebot: noindex"}, None),
        ("", {"X-Robots-Tag": "PressWatch: noindex"}, NOINDEX),
        ("", {"TDM-Reservation": "1"}, RESERVED),
        ("", {"TDM-Reservation": "0"}, None),
    ],
)  # fmt: skip
def test_what_is_asked(meta: str, headers: dict[str, str], ends: str | None) -> None:
    """By the words of the standards, for everybody or for us by name."""
    body = HEAD.format(meta).encode()
    assert opted_out(HtmlResponse("https://paper.example/1", body=body, headers=headers), "presswatch") == ends


def test_a_crawl_keeps_that_they_are_there(tmp_path: Path) -> None:
    """Counted by name; no text in the store or the archive, and no sentence; a source with the publisher's leave is
    read as any other."""
    reserved = article("Films are late", "The canary of Netflix sings.").replace(
        "<head>", '<head><meta name="tdm-reservation" content="1">'
    )
    with site("127.8.0.1") as paper, site("127.8.0.2") as licensed:
        for host in (paper, licensed):
            host.pages["/feed"] = Page(
                body=rss(("/1", "Films are late"), ("/2", "Netflix again"), ("/3", "Netflix, they say")),
                kind="application/rss+xml",
            )
            host.pages["/1"] = Page(body=reserved)
            index = {"X-Robots-Tag": "noindex"}
            host.pages["/2"] = Page(body=article("Netflix again", "A canary of Netflix."), headers=index)
            host.pages["/3"] = Page(
                body=article("Rain", "More on Netflix: nothing.").replace("Netflix", "it"), headers=index
            )
        path = watchlist(
            tmp_path, ("paper", "feed", paper.url("/feed")), ("licensed", "feed", licensed.url("/feed")),
            allow_private='["127.8.0.0/16"]',
        )  # fmt: skip
        path.write_text(path.read_text() + "licensed = true\n")
        done = presswatch(path, "crawl")

    assert done.returncode == 0, done.stderr
    kept = rows(path, "SELECT title, words, complete FROM articles WHERE source_id = 'paper' ORDER BY title")
    assert kept == [("Films are late", 0, False), ("Netflix again", 0, False)]
    said = rows(path, "SELECT sentence FROM mentions JOIN articles USING (article_id) WHERE source_id = 'paper'")
    assert said == [("Netflix again",)]
    urls = "SELECT reason, count(*) FROM private.urls WHERE source_id = 'paper' GROUP BY ALL ORDER BY ALL"
    assert rows(path, urls) == [("noindex", 1), ("stored", 2)]
    assert len(rows(path, "FROM articles WHERE source_id = 'licensed' AND complete")) == 2
    pages = [page.url for file in tmp_path.glob("*.archive/*.gz") for page in Reader(file)]
    assert sorted(pages) == [licensed.url(f"/{number}") for number in (1, 2, 3)]
