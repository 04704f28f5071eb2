"""The extension that closes a run: what each source gave, and the verdict."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from analysis.errors import StoreError
from spiders.base import NewsSpider
from spiders.hosts import Hosts

_SHUTDOWN = "shutdown"


class CloseRun:
    """Writes the sources' funnels and ends the run, outside the event loop; `status` is left for the front door."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.status = "failed"
        self.reason = ""
        """Why Scrapy closed the spider."""
        self.trouble = ""
        """Why the run could not be closed."""
        self.rows: list[dict[str, Any]] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Load what is left; `status` becomes finished, partial, failed or stopped."""
        if not isinstance(spider, NewsSpider):
            return
        self.reason = reason
        spider.workers.close()
        spider.frontier.close()
        if spider.run is None:
            return
        rows = spider.funnel.rows([source.id for source in spider.chosen_sources()], datetime.now(UTC))
        for row in rows:
            spider.keep_record({"source": row})
        for name, host in Hosts.of(self.crawler).known.items():
            if host.absent_until:
                spider.robots.rest(name, host.absent_until, host.closed)
        answered = [row["answered"] for row in rows]
        if reason == _SHUTDOWN:
            status = "stopped"
        elif not any(answered):
            status = "failed"
        else:
            whole = all(answered) and all(row["reason"] is None for row in rows)
            status = "finished" if whole and reason == "finished" else "partial"
        failed = sum(row["failed"] for row in rows) + answered.count(False)
        pages = sum(row["fetched"] for row in rows)
        try:
            await asyncio.to_thread(spider.run.end, status, pages=pages, errors=failed)
        except (StoreError, OSError) as error:  # what came lies in the spool, for the next run
            spider.logger.error("the run could not be closed: %s", error)
            self.trouble = str(error)
            return
        self.status, self.rows = status, rows
