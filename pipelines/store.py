"""STORE: the article, its mentions and the state of its URL go into the spool as one record."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from analysis.items import Article
from analysis.store.records import article_record, mention_records, said_records
from spiders.base import NewsSpider


class Store:
    """Writes nothing in `scrapy parse` and `shell`, which begin no run."""

    def __init__(self, crawler: Crawler) -> None:
        if not isinstance(crawler.spider, NewsSpider):
            raise NotConfigured  # `scrapy shell` and `fetch` have no spider of ours, and no items
        self.spider = crawler.spider

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Raises DropItem: `not_kept`."""
        if self.spider.run is None:
            return item
        article = article_record(item)
        found = {
            "mentions": mention_records(article["article_id"], item.mentions),
            **said_records(article["article_id"], item),
        }
        record = {**self.spider.ended(item, "stored"), "article": article, **found}
        if not self.spider.write(item.source_id, record):
            raise DropItem(f"not_kept: {item.url}")
        self.spider.funnel.count(item.source_id, "stored")
        return item
