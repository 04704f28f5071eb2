"""The extension that ends a run while there is still room on the disk to close it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from analysis.store.space import is_short
from spiders.base import NewsSpider

OUT_OF_SPACE = "out_of_space"
_EVERY = 5.0
"""Seconds between two looks; a fast disk takes some hundred megabytes in that time, a crawl a few."""


class Room:
    """Looks while the crawl is at work; what came is kept, and the next run goes on."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._looking: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings["PRESSWATCH_WATCHLIST"]:
            raise NotConfigured
        room = cls(crawler)
        crawler.signals.connect(room.opened, signals.spider_opened)
        crawler.signals.connect(room.closed, signals.spider_closed)
        return room

    def opened(self) -> None:
        """Begin to look."""
        if isinstance(self.crawler.spider, NewsSpider):
            self._looking = asyncio.ensure_future(self._look(self.crawler.spider.database))

    def closed(self) -> None:
        """No more to look after."""
        if self._looking is not None:
            self._looking.cancel()

    async def _look(self, database: Path) -> None:
        while not is_short(database):  # noqa: ASYNC110 (nobody tells when a disk fills)
            await asyncio.sleep(_EVERY)
        assert self.crawler.engine is not None
        self._looking = None  # it ends by itself
        await self.crawler.engine.close_spider_async(reason=OUT_OF_SPACE)
