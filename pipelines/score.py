"""SCORE: how each sentence that names a brand treats it; in the worker processes, an article at once."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from analysis.errors import ExtractionError
from analysis.items import Article
from analysis.tone import supported
from analysis.tone.articles import brand_names, score_article
from spiders.base import NewsSpider
from spiders.stop import Stopped


class ScoreTone:
    """Adds a score to each mention; a text in a language that the scorer does not know stays unscored, and counted."""

    def __init__(self, crawler: Crawler) -> None:
        if not isinstance(crawler.spider, NewsSpider):
            raise NotConfigured  # `scrapy shell` and `fetch` have no spider of ours, and no items
        self.spider = crawler.spider
        self.names = brand_names((brand.name, brand.aliases) for brand in self.spider.watchlist.brands)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Article) -> Article:
        """Never drops what is done in time: an article without scores is still coverage."""
        if not supported(item.language):
            self.spider.funnel.count(item.source_id, "unsupported_language")
            return item
        tone = self.spider.watchlist.tone
        try:
            return await self.spider.work(score_article, item, self.names, tone.abstain_below, tone.own_words)
        except Stopped:
            raise DropItem(f"the run was stopped: {item.url}") from None
        except ExtractionError as error:
            self.spider.funnel.count(item.source_id, f"unscored_{error.reason}")
            self.spider.logger.error("%s stays unscored: %s", item.url, error)
            return item
