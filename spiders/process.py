"""Run a crawl from the front door, and give its verdict. Scrapy itself exits with 0 whatever happened."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import click
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

from analysis.console import log
from analysis.console.front import Front
from analysis.errors import ExtractionError, NothingDone, OutOfSpace, UserError
from analysis.store import space
from analysis.store.run import Run
from analysis.workers import Workers
from spiders import render
from spiders.base import NewsSpider
from spiders.coverage import CoverageSpider
from spiders.extraction import Page, extract_whole_and_posts
from spiders.extraction.batch import row
from spiders.failures import reason_of
from spiders.ledger import CloseRun
from spiders.room import OUT_OF_SPACE

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_BY_SIGNAL = 128  # the shell's way: 130 for SIGINT, 143 for SIGTERM
SOME_FAILED = 1
"""Exit status of a run in which not every source answered."""


class Process(AsyncCrawlerProcess):
    """Scrapy's process, which remembers the signal that stopped it."""

    stopped_by: int | None = None

    def run(self) -> None:
        """Block until the crawl is over; the first signal finishes what is open, the second does not wait."""
        from twisted.internet import reactor  # noqa: PLC0415 (importing it installs one; Scrapy chooses which)

        reactor.callWhenRunning(self._listen)
        self.start(install_signal_handlers=False)
        loop = asyncio.get_event_loop()
        for number in _SIGNALS:
            loop.remove_signal_handler(number)  # nobody would hear it any more: the report can be stopped as usual

    def _listen(self) -> None:
        loop = asyncio.get_event_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._stop, number)

    def _stop(self, number: int) -> None:
        if self.stopped_by is not None:
            self._stop_reactor()
            return
        self.stopped_by = number
        log.say("stopping; finishing what is open (again: at once)")
        asyncio.ensure_future(self.stop())  # noqa: RUF006 (the process keeps it)


def process(front: Front, **extra: Any) -> Process:
    """A Scrapy process with the project's settings and the command line's choices."""
    settings = get_project_settings()
    level = "DEBUG" if front.verbose else "ERROR" if front.quiet else "WARNING"
    chosen = {
        "PRESSWATCH_WATCHLIST": str(front.where),
        "PRESSWATCH_DATABASE": str(front.database),
        "PRESSWATCH_PROGRESS": sys.stderr.isatty() and not front.quiet,
        "LOG_LEVEL": level,
        "LOG_INSTALL_ROOT_HANDLER": False,
        **extra,
    }
    settings.setdict(chosen, priority="cmdline")
    log.take_over(level, settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"])
    engine = Process(settings)
    if not front.verbose:
        # A host that is down is one line of ours and a row in `sources`, not three tracebacks a page.
        for noisy in ("robotstxt", "retry"):
            logging.getLogger(f"scrapy.downloadermiddlewares.{noisy}").setLevel(logging.CRITICAL)
    return engine


def crawl(front: Front, command: str, *, topics: tuple[str, ...] = (), sources: tuple[str, ...] = (),
          since: date | None = None, spider: type[NewsSpider] = CoverageSpider, tell: bool = True,
          **arguments: Any) -> int:  # fmt: skip
    """One run of all stages up to the store; returns the exit status of the contract.

    tell: whether stdout gets a line of what the run did

    Raises:
        RunLocked, StoreError, WatchlistError: before anything was asked.
        UserError: a topic or source that the watchlist does not have, or a browser that is missing.
        NothingDone: no source answered.
        OutOfSpace: there is too little room on the disk, before the run or during it.
    """
    watchlist = front.watchlist
    for topic_id in topics:
        watchlist.topic(topic_id)
    for source_id in sources:
        watchlist.source(source_id)
    render.check(source for source in watchlist.sources if source.id in (sources or (source.id,)))
    space.check(front.database)
    run = Run(front.database, spider.described(watchlist), command)
    run.begin()
    if run.mended:
        front.warn(f"the database was damaged: {run.mended}")
    engine = process(front)
    crawler = engine.create_crawler(spider)
    since_day = since.isoformat() if since else ""
    engine.crawl(crawler, run=run, topics=",".join(topics), sources=",".join(sources), since=since_day, **arguments)
    engine.run()
    return _verdict(engine, crawler, quiet=front.quiet, tell=tell)


def _verdict(engine: Process, crawler: Crawler, *, quiet: bool, tell: bool) -> int:
    closed = crawler.get_extension(CloseRun) if crawler.spider is not None else None
    if closed is not None and closed.reason == OUT_OF_SPACE:
        raise OutOfSpace("out of space: the crawl was cut short; what came is kept, and the next run goes on")
    if closed is None or closed.rows is None:
        if engine.stopped_by is not None:
            return _BY_SIGNAL + engine.stopped_by
        if closed is not None and closed.trouble:
            raise NothingDone(f"the run could not be closed: {closed.trouble}; what came is kept for the next")
        raise NothingDone("the crawl broke off before it could be closed; the log says why")
    totals = {stage: sum(row[stage] for row in closed.rows) for stage in ("discovered", "fetched", "stored", "failed")}
    answered = sum(row["answered"] for row in closed.rows)
    if tell:
        click.echo(
            f"{answered} of {len(closed.rows)} sources answered; {totals['discovered']} links, "
            f"{totals['fetched']} pages fetched, {totals['stored']} articles stored, {totals['failed']} failed"
        )
    for line in [] if quiet else [line for source in closed.rows for line in _trouble(source)]:
        log.say(line, "warning")
    if engine.stopped_by is not None:
        return _BY_SIGNAL + engine.stopped_by
    if closed.status == "failed":
        raise NothingDone("no source answered")
    return 0 if closed.status == "finished" else SOME_FAILED


def _trouble(source: dict[str, Any]) -> Iterator[str]:
    """What somebody should know of a source after a run."""
    if source["reason"]:
        yield f"{source['source_id']}: {source['reason']}"
    if source["gap_from"]:
        begin, end = source["gap_from"], source["gap_until"] or source["reach_from"]
        gone = f"what was published up to {end:%Y-%m-%d %H:%M} UTC is in no list any more"
        became = gone if source["gap_until"] else "its sitemaps filled it"
        yield f"{source['source_id']}: not read since {begin:%Y-%m-%d %H:%M} UTC; {became}"


class OnePage(Spider):
    """Fetches one page with all guards and manners; not a spider that `scrapy list` shows."""

    def __init__(self, url: str) -> None:
        super().__init__(name="one page")
        self.url = url
        self.workers = Workers(processes=1, modules=("spiders.extraction",))
        self.row: dict[str, Any] = {}

    async def start(self) -> Any:
        """One request."""
        yield Request(self.url, errback=self.failed)

    async def parse(self, response: Response) -> None:
        """Extracts the answer."""
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        page = Page(url=response.url, body=response.body, content_type=kind, fetched_at=datetime.now(UTC))
        try:
            article, posts = await self.workers.run(extract_whole_and_posts, page)
            self.row = row(self.url, self.url, article, posts=len(posts))
        except ExtractionError as error:
            self.row = row(self.url, self.url, None, error.reason)
        self.workers.close()

    def failed(self, failure: Failure) -> None:
        """Keeps the reason."""
        self.row = row(self.url, self.url, None, reason_of(failure))


def fetch_one(front: Front, url: str) -> dict[str, Any]:
    """What the extractor makes of the page behind `url`; with the reason where it did not come.

    Raises:
        UserError: no address.
    """
    try:
        Request(url)
    except ValueError as error:
        raise UserError(f"{url}: {error}") from None
    who = front.watchlist.crawl.user_agent
    engine = process(front, ITEM_PIPELINES={}, PRESSWATCH_PROGRESS=False, USER_AGENT=who)
    crawler = engine.create_crawler(OnePage)
    engine.crawl(crawler, url=url)
    engine.run()
    assert isinstance(crawler.spider, OnePage)
    return crawler.spider.row
