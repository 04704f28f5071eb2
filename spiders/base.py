"""From sources to articles: what all spiders share.

    start -> parse_source -> parse_article -> (item pipelines)

Every request carries what led to it in `cb_kwargs`; every outcome is counted (`spiders.funnel`) and, in a real crawl,
kept in the store as the state of its URL.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider, DropItem
from scrapy.http import Response
from twisted.python.failure import Failure

from analysis.errors import ExtractionError, PresswatchError, UserError
from analysis.items import Article, Lead
from analysis.matching.prefilter import Prefilter
from analysis.store.frontier import Frontier, UrlState, is_due, next_try
from analysis.store.records import url_record
from analysis.store.run import Run
from analysis.stories.address import address_id
from analysis.watchlist import Source, Watchlist, load
from analysis.workers import Workers
from spiders.discovery import KINDS, Answer, discover
from spiders.extraction import Page, extract
from spiders.failures import reason_of
from spiders.funnel import Funnel

_NOT_MODIFIED = 304
# An index that names new indexes without end is cut off here; a publisher's newest months are within it.
_MOST_LISTINGS = 200


class NewsSpider(Spider):
    """A crawl of the watchlist's sources; sub-classes only name their topics."""

    topic_ids: tuple[str, ...] = ()
    """Topics that an article must have one of to be stored; all articles that name a brand where empty."""

    watchlist: Watchlist
    database: Path
    prefilter: Prefilter
    frontier: Frontier
    workers: Workers
    funnel: Funnel
    left: dict[str, int]
    """Articles that each source's budget still allows."""

    def __init__(self, *, run: Run | None = None, topics: str = "", sources: str = "", since: str = "", **kwargs: Any):
        """
        run: the run to keep things in, begun; a spider without one begins its own
        topics, sources: ids, separated by commas; as `-a topics=outage` on Scrapy's command line
        since: date (ISO 8601); leads that are stated to be older are left alone
        """
        super().__init__(**kwargs)
        self.run = run
        self.topic_ids = tuple(filter(None, topics.split(","))) or self.topic_ids
        self.source_ids = tuple(filter(None, sources.split(",")))
        self.since = _day(since) if since else None
        self.met: set[str] = set()
        """url_ids that this run has dealt with."""
        self.taken_up = False
        self.listings: Counter[str] = Counter()
        """Feeds, sitemaps and section pages asked for, by source."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        spider.watchlist = load(Path(settings["PRESSWATCH_WATCHLIST"]))
        settings.set("USER_AGENT", spider.watchlist.crawl.user_agent, priority="spider")
        # Never quite 0: without any delay Scrapy 2.19 sends all that waits for a host at once, whatever
        # CONCURRENT_REQUESTS_PER_DOMAIN says (it counts a transfer only when the event loop comes round to it).
        delay = max(spider.watchlist.crawl.download_delay, 0.001)
        settings.set("DOWNLOAD_DELAY", delay, priority="spider")
        spider.database = Path(settings["PRESSWATCH_DATABASE"] or spider.watchlist.store.database)
        spider.prefilter = Prefilter(spider.watchlist)
        spider.frontier = Frontier(spider.database)
        spider.workers = Workers(processes=settings.getint("PRESSWATCH_WORKERS") or None)
        spider.funnel = Funnel(crawler)
        crawler.signals.connect(spider.take_up, signals.spider_idle)
        spider.left = {source.id: spider.watchlist.budget(source) for source in spider.watchlist.sources}
        return spider

    # --- discover

    async def start(self) -> AsyncIterator[Request]:
        """Asks every source."""
        sources = self.chosen_sources()
        if self.run is None:
            await self._begin_own_run()
        for source in sources:
            for url in self.watchlist.addresses(source, self.topic_ids):
                yield self._ask_source(source, url, depth=0)

    def take_up(self) -> None:
        """When all sources were asked: what earlier runs left unfinished, so that a backlog never delays today's news.

        Raises:
            DontCloseSpider: there is some.
        """
        if self.run is None or self.taken_up:
            return
        self.taken_up = True
        assert self.crawler.engine is not None
        pending = self.frontier.pending([source.id for source in self.chosen_sources()], datetime.now(UTC))
        asked = [request for lead, state in pending for request in self._ask_articles([lead], {state.url_id: state})]
        for request in asked:
            self.crawler.engine.crawl(request)
        if asked:
            raise DontCloseSpider

    def chosen_sources(self) -> list[Source]:
        """The sources of this crawl, of kinds that a crawl can ask.

        Raises:
            UserError: an id that the watchlist does not have.
        """
        for topic_id in self.topic_ids:
            self.watchlist.topic(topic_id)
        chosen = [self.watchlist.source(i) for i in self.source_ids] or list(self.watchlist.sources)
        wanted = set(self.topic_ids)
        for_topics = (s for s in chosen if not wanted or not s.topics or wanted & set(s.topics))
        return [source for source in for_topics if source.kind in KINDS]

    async def parse_source(self, response: Response, source: Source, depth: int = 0) -> AsyncIterator[Request]:
        """Turns a feed, sitemap or section page into requests for the articles that are new or changed."""
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        answer = Answer(url=response.url, body=response.body, content_type=kind, depth=depth)
        try:
            found = await self.workers.run(discover, source, answer)
        except ExtractionError as error:
            self.funnel.source_failed(source.id, error.reason)
            self.logger.warning("source %s: %s", source.id, error)
            return
        self.funnel.answered(source.id, found)
        for url in found.follow:
            if self.listings[source.id] < _MOST_LISTINGS:
                yield self._ask_source(source, url, depth=depth + 1)
            else:
                self.funnel.count(source.id, "dropped_entries")
        known = await asyncio.to_thread(self.frontier.known, found.leads)
        for request in self._ask_articles(found.leads, known):
            yield request

    def source_failed(self, failure: Failure) -> None:
        """Counts a source that did not answer."""
        source = failure.request.cb_kwargs["source"]  # type: ignore[attr-defined]
        reason = reason_of(failure)
        self.funnel.source_failed(source.id, reason)
        self.logger.warning("source %s: %s (%s)", source.id, reason, failure.request.url)  # type: ignore[attr-defined]

    # --- fetch

    def _ask_articles(self, leads: list[Lead] | tuple[Lead, ...], known: dict[str, UrlState]) -> Iterator[Request]:
        """Requests for the due ones of `leads` within the source's budget; the rest is written down for later."""
        now = datetime.now(UTC)
        for position, lead in enumerate(leads):
            url_id = address_id(lead.url)
            state = known.get(url_id)
            too_old = self.since and lead.published and lead.published < self.since
            if url_id in self.met or too_old or not is_due(lead, state, now, any_topic=not self.topic_ids):
                continue
            self.met.add(url_id)
            if state is None:
                self.keep(lead, "seen")
            if self.left[lead.source_id] <= 0:
                self.funnel.count(lead.source_id, "over_budget")
                continue
            self.left[lead.source_id] -= 1
            yield self._ask_article(lead, state, position)

    def _ask_article(self, lead: Lead, state: UrlState | None, position: int) -> Request:
        headers = {}
        if state is not None and state.state in {"fetched", "extracted"}:
            headers = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
        newest = lead.published or lead.modified
        return Request(
            lead.url,
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"lead": lead, "state": state},
            headers={name: value for name, value in headers.items() if value},
            meta={"handle_httpstatus_list": [_NOT_MODIFIED]},
            # Newest first over all sources: hours since 1970, undated ones behind in the order of their page.
            priority=int(newest.timestamp() // 3600) if newest else -position,
            dont_filter=True,  # `met` knows better: by page, not by spelling
        )

    def article_failed(self, failure: Failure) -> None:
        """Counts and keeps an article page that did not come."""
        lead, state = (failure.request.cb_kwargs[k] for k in ("lead", "state"))  # type: ignore[attr-defined]
        self._failed(lead, state, reason_of(failure))

    # --- extract

    async def parse_article(
        self, response: Response, lead: Lead | None = None, state: UrlState | None = None
    ) -> AsyncIterator[Article]:
        """Extracts the article of a page that may name a watched brand.

        Without a lead (`scrapy parse`) the page is taken as it is.
        """
        lead = lead or Lead(url=response.url, source_id="", outlet="")
        if response.status == _NOT_MODIFIED:
            self.funnel.count(lead.source_id, "not_modified")
            self.keep(
                lead,
                state.state if state else "fetched",
                reason=state.reason if state else None,
                response=response,
            )
            return
        self.funnel.count(lead.source_id, "fetched")
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        # The source's own title counts too: it stands in where a page has none.
        said = (lead.title or "").encode()
        if not (self.prefilter.may_name(response.body, kind) or self.prefilter.may_name(said, "utf-8")):
            self.funnel.count(lead.source_id, "no_name")
            self.keep(lead, "fetched", reason="no_name", response=response)
            return
        page = Page(url=response.url, body=response.body, content_type=kind, lead=lead, fetched_at=datetime.now(UTC))
        try:
            article = await self.workers.run(extract, page)
        except ExtractionError as error:
            if error.reason == "crashed":
                self.logger.error("%s: %s: our bug, please report it", lead.url, error)
            self._failed(lead, state, error.reason, response)
            return
        self.funnel.count(lead.source_id, "extracted")
        yield replace(
            article,
            lead=lead,
            etag=_header(response, "ETag"),
            last_modified=_header(response, "Last-Modified"),
        )

    # --- remember

    def keep(self, lead: Lead, state: str, *, reason: str | None = None, tries: int = 0,
             response: Response | None = None) -> None:  # fmt: skip
        """Writes down the state of a URL; nothing in `scrapy parse` and `shell`, which are no crawl."""
        if self.run is None or not lead.source_id:
            return
        now = datetime.now(UTC)
        record = url_record(
            lead, state, at=now, reason=reason, tries=tries,
            next_try=next_try(reason or "", tries, now) if state == "failed" else None,
            etag=_header(response, "ETag"), last_modified=_header(response, "Last-Modified"),
        )  # fmt: skip
        self.run.keep({"url": record})

    def dropped(self, article: Article, reason: str) -> DropItem:
        """For a pipeline where an article ends: counts and keeps `reason`, and gives the exception to raise."""
        self.funnel.count(article.source_id, reason)
        if article.lead is not None:
            self.keep(article.lead, "extracted", reason=reason)
        return DropItem(f"{reason}: {article.url}")

    def _failed(self, lead: Lead, state: UrlState | None, reason: str, response: Response | None = None) -> None:
        self.funnel.failed(lead.source_id, reason)
        self.logger.info("%s: %s", reason, lead.url)
        self.keep(lead, "failed", reason=reason, tries=(state.tries if state else 0) + 1, response=response)

    async def _begin_own_run(self) -> None:
        """For plain `scrapy crawl`; the front door begins its run before the crawler starts."""
        run = Run(self.database, self.watchlist, f"scrapy crawl {self.name}")
        try:
            await asyncio.to_thread(run.begin)
        except PresswatchError as error:
            self.logger.error("%s", error)
            raise CloseSpider(type(error).__name__) from None
        self.run = run

    def _ask_source(self, source: Source, url: str, depth: int) -> Request:
        self.listings[source.id] += 1
        return Request(
            url,
            callback=self.parse_source,
            errback=self.source_failed,
            cb_kwargs={"source": source, "depth": depth},
            priority=1_000_000 if depth else 2_000_000,  # before any article: hours since 1970 are half a million
        )


def _header(response: Response | None, name: str) -> str | None:
    value = response.headers.get(name) if response is not None else None
    return value.decode("latin-1") if value else None


def _day(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(f"--since {text}: a date like 2008-08-11 is allowed") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
