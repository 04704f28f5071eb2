"""A spider with its crawler, made as Scrapy makes it, without a reactor: to call its methods and stages one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.utils.test import get_reactor_settings

from analysis.store.run import Run
from analysis.workers import Workers
from spiders.base import NewsSpider
from spiders.coverage import CoverageSpider

P = ParamSpec("P")
T = TypeVar("T")


class Here(Workers):
    """Does the work in this process: nothing in these tests is slow or dangerous."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """At once."""
        return function(*args, **kwargs)


def settings_for(watchlist: Path) -> Settings:
    """Those of settings.py, with this watchlist and a database beside it; no reactor, which a process has only once."""
    settings = Settings()
    settings.setmodule("settings", priority="project")
    chosen = {"PRESSWATCH_WATCHLIST": str(watchlist), "PRESSWATCH_DATABASE": str(watchlist.with_suffix(".duckdb"))}
    settings.setdict({**get_reactor_settings(), **chosen}, priority="cmdline")
    return settings


def spider_for(watchlist: Path, spidercls: type[Spider] = CoverageSpider, **arguments: Any) -> NewsSpider:
    """A spider that has not begun a run; its requests are not sent anywhere."""
    crawler = Crawler(spidercls, settings_for(watchlist))
    crawler.spider = crawler._create_spider(**arguments)  # as Crawler.crawl() does, in this order
    crawler._apply_settings()
    assert isinstance(crawler.spider, NewsSpider)
    crawler.spider.workers = Here()
    return crawler.spider


def begun(watchlist: Path, spidercls: type[Spider] = CoverageSpider, **arguments: Any) -> NewsSpider:
    """The same with a run of its own, on a real database; end it with `spider.run.end("finished")`."""
    spider = spider_for(watchlist, spidercls, **arguments)
    spider.run = Run(spider.database, spider.watchlist, "test")
    spider.run.begin()
    return spider


def counted(spider: NewsSpider, source_id: str) -> dict[str, int]:
    """What the funnel has counted for a source."""
    assert spider.crawler.stats is not None
    prefix = f"monitor/{source_id}/"
    stats = spider.crawler.stats.get_stats()
    return {name.removeprefix(prefix): count for name, count in stats.items() if name.startswith(prefix)}
