"""What `scrapy check` holds the spiders to: that a feed and an article come through the callbacks as they should.

Nothing is asked of the web. `@sample NAME` has a page written here answered in the place of a request, so what is
checked is this checkout with the user's watchlist: the sample is about the first brand of it. Whether the user's
sources answer is for `presswatch check --probe` to say.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request
from scrapy.contracts import Contract
from scrapy.crawler import Crawler
from scrapy.exceptions import ContractFail, NotConfigured
from scrapy.http import HtmlResponse, Response, TextResponse

from analysis.items import Article
from spiders.base import NewsSpider

_SITE = "https://sample.example"
_TITLE, _AUTHOR = "Mail of {brand} stops for a third day", "Ada Sample"
_PUBLISHED = datetime(2008, 8, 14, 16, 30, tzinfo=UTC)
_FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Sample</title>
<item><title>Older</title><link>/older</link><pubDate>Wed, 13 Aug 2008 09:00:00 GMT</pubDate></item>
<item><title>Newer</title><link>/newer?utm_source=feed</link><pubDate>Thu, 14 Aug 2008 09:00:00 GMT</pubDate></item>
<item><title>Newer</title><link>/newer</link><pubDate>Thu, 14 Aug 2008 09:00:00 GMT</pubDate></item>
<item><title>No address</title></item></channel></rss>"""
_ARTICLE = """<!doctype html><html lang="en"><head><title>{title} - The Sample</title>
<meta property="article:published_time" content="2008-08-14T09:30:00-07:00"><meta name="author" content="{author}">
</head><body><nav><a href="/">Home</a></nav><article><h1>{title}</h1>
<p>{brand} mailed nothing on Thursday, the third day in a row. The company said that a failure of its systems kept it
from sending what its customers had asked for, and that it was sorry.</p>
<p>Customers in several states said that they had waited since Monday. Nobody could tell them when the next parcel
would arrive, and the company gave no reason for the failure that evening.</p></article></body></html>"""
_SAMPLES = {"feed": (_FEED, "application/rss+xml"), "article": (_ARTICLE, "text/html; charset=utf-8")}


class Samples:
    """The downloader middleware that answers for the samples; there in `scrapy check` only."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if os.environ.get("SCRAPY_CHECK") != "true":
            raise NotConfigured
        return cls(crawler)

    def process_request(self, request: Request) -> Response | None:
        """The sample that a contract named; None for any other request."""
        spider = self.crawler.spider
        if "sample" not in request.meta or not isinstance(spider, NewsSpider):
            return None
        text, kind = _SAMPLES[request.meta["sample"]]
        if kind.startswith("text/html"):
            brand = spider.watchlist.brands[0].name
            text = text.format(title=_TITLE.format(brand=brand), author=_AUTHOR, brand=brand)
        made = HtmlResponse if "html" in kind else TextResponse
        return made(request.url, body=text.encode(), headers={"Content-Type": kind}, request=request)


class Sample(Contract):
    """`@sample feed` or `@sample article`: which page the callback gets."""

    name = "sample"

    def __init__(self, method: Callable[..., Any], *args: str) -> None:
        super().__init__(method, *args)
        self.spider: NewsSpider = method.__self__  # type: ignore[attr-defined]

    def adjust_request_args(self, args: dict[str, Any]) -> dict[str, Any]:
        """An address that nobody has, and what the callback needs beside its answer: the first source, as a feed."""
        (name,) = self.args
        source = self.spider.watchlist.sources[0].model_copy(update={"kind": "feed", "url": f"{_SITE}/{name}"})
        given = {"source": source} if name == "feed" else {}
        return {**args, "url": f"{_SITE}/{name}", "meta": {"sample": name}, "cb_kwargs": given}


class Asks(Contract):
    """`@asks /newer /older`: the callback asks for these pages, in this order, and for nothing else."""

    name = "asks"

    def post_process(self, output: list[Request]) -> None:
        """Raises ContractFail."""
        asked = [request.url.removeprefix(_SITE).partition("?")[0] for request in output]
        ranked = [request.priority for request in output]
        if asked != list(self.args) or ranked != sorted(ranked, reverse=True):
            raise ContractFail(f"asked for {asked} with priorities {ranked}")


class Reads(Contract):
    """`@reads title published ...`: the callback makes one article of the sample, its fields as they are there."""

    name = "reads"

    def post_process(self, output: list[Article]) -> None:
        """Raises ContractFail."""
        if len(output) != 1:
            raise ContractFail(f"{len(output)} articles")
        (article,) = output
        said = article.title.removeprefix("Mail of ").removesuffix(" stops for a third day")
        wanted = {
            "title": _TITLE.format(brand=said),
            "authors": (_AUTHOR,),
            "published": _PUBLISHED,
            "language": "en",
            "complete": True,
        }
        for name in self.args:
            found = getattr(article, name)
            if name == "body":
                if not (found.startswith(f"{said} mailed nothing") and found.endswith("that evening.")):
                    raise ContractFail(f"body: {found[:80]!r} ... {found[-80:]!r}")
            elif found != wanted[name]:
                raise ContractFail(f"{name}: {found!r} in the place of {wanted[name]!r}")
