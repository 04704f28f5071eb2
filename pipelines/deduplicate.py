"""DEDUPLICATE: one page under two addresses is one article."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from analysis.items import Article
from analysis.store.records import article_id_of, content_id_of
from spiders.base import NewsSpider


class Deduplicate:
    """Lets each text of an article through once a run; the store does the same across runs."""

    def __init__(self, crawler: Crawler) -> None:
        if not isinstance(crawler.spider, NewsSpider):
            raise NotConfigured  # `scrapy shell` and `fetch` have no spider of ours, and no items
        self.spider = crawler.spider
        self.seen: set[tuple[str, str]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Raises DropItem: `same_page`."""
        key = (article_id_of(item), content_id_of(item))
        if key in self.seen:
            raise self.spider.dropped(item, "same_page")
        self.seen.add(key)
        return item
