"""MATCH: which watched brands an article names, where, and which topics it is about."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from analysis.items import Article
from analysis.matching import Matcher
from analysis.matching.lookalikes import Lookalikes
from analysis.store.frontier import OTHER_TOPIC
from spiders.base import NewsSpider
from spiders.optout import WITHHELD


class Match:
    """Adds mentions and topics; an article that names no brand, or is about none of the topics asked for, ends here.

    One that is stored already passes whatever it says now: else a correction that takes the brand out would be hidden;
    and one whose text may not be kept, which named a brand (spiders/pieces.py).
    """

    def __init__(self, crawler: Crawler) -> None:
        if not isinstance(crawler.spider, NewsSpider):
            raise NotConfigured  # `scrapy shell` and `fetch` have no spider of ours, and no items
        self.spider = crawler.spider
        self.matcher = Matcher(self.spider.watchlist)
        self.lookalikes = Lookalikes(self.spider.watchlist)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Raises DropItem: `no_brand` or `other_topic`."""
        article = self.matcher.match(item)
        for written in self.lookalikes.find(item.title, item.body):
            self.spider.funnel.count(item.source_id, "lookalike_name")
            self.spider.logger.warning(
                "%s: %s only looks like a watched name: letters of two scripts", item.url, written
            )
        named = bool(article.mentions) or article.incomplete_reason in WITHHELD
        if not (named or article.known):
            raise self.spider.dropped(article, "no_brand")
        self.spider.funnel.count(article.source_id, "matched" if named else "no_longer_named")
        if self.spider.topic_ids and not (article.known or set(self.spider.topic_ids) & set(article.topics)):
            raise self.spider.dropped(article, OTHER_TOPIC)
        return article
