"""FORGET: what was asked to be forgotten stays out (`presswatch forget`); first of the stages."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from analysis.items import Article
from spiders.base import NewsSpider


class Forget:
    """Drops articles at a forgotten address or of a forgotten outlet, and hides forgotten people in all others."""

    def __init__(self, crawler: Crawler) -> None:
        if not isinstance(crawler.spider, NewsSpider):
            raise NotConfigured  # `scrapy shell` and `fetch` have no spider of ours, and no items
        self.spider = crawler.spider
        self.stones = crawler.spider.tombstones
        if not self.stones:
            raise NotConfigured

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Raises DropItem: `forgotten`."""
        lead = item.lead
        urls = [item.url, item.canonical_url, lead.url if lead else None]
        if self.stones.forbid(urls=urls, outlets=[item.outlet, lead.outlet if lead else ""]):
            raise self.spider.dropped(replace(item, lead=replace(lead, title=None) if lead else None), "forgotten")
        return replace(
            item,
            title=self.stones.masked(item.title),
            body=self.stones.masked(item.body),
            page_head=self.stones.masked(item.page_head),
            authors=tuple(author for author in item.authors if not self.stones.is_forgotten(author)),
        )
