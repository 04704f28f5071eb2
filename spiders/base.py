"""From sources to articles: what all spiders share.

    start -> parse_source (spiders/listing.py) -> parse_article -> (item pipelines)

Every request carries what led to it in `cb_kwargs`; every outcome is counted (`spiders.funnel`) and, in a real crawl,
kept in the store as the state of its URL.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider, DropItem
from scrapy.http import Response
from twisted.python.failure import Failure

from analysis.errors import ExtractionError, PresswatchError
from analysis.items import Article, Lead
from analysis.matching.prefilter import Prefilter
from analysis.store.frontier import Frontier, UrlState, next_try, why_due
from analysis.store.hosts import HostMemory
from analysis.store.listings import ListingMemory
from analysis.store.records import set_aside, url_record
from analysis.store.run import Run
from analysis.store.tombstones import Tombstones
from analysis.stories.address import address_id
from analysis.watchlist import Watchlist, load
from analysis.workers import Workers
from spiders import render
from spiders.dates import day_of
from spiders.discovery import NIGHTLY
from spiders.discovery.outlets import Outlets
from spiders.extraction import Page, extract_whole_and_posts
from spiders.failures import reason_of
from spiders.funnel import Funnel
from spiders.hosts import Hosts
from spiders.listing import NOT_MODIFIED, header
from spiders.middlewares.refusal import HostUnavailable
from spiders.middlewares.robots import product_token
from spiders.optout import opted_out, opted_out_page
from spiders.outcomes import Outcomes
from spiders.pieces import Pieces
from spiders.search import SearchSpider
from spiders.stop import Stopped

_IN_WORKERS = ("spiders.extraction", "spiders.discovery")


class NewsSpider(SearchSpider):
    """A crawl of the watchlist's sources; sub-classes only name their topics."""

    topic_ids: tuple[str, ...] = ()
    """Topics that an article must have one of to be stored; all articles that name a brand where empty."""

    database: Path
    robots: HostMemory
    pieces: Pieces
    rendered: dict[str, dict[str, Any]]
    """What requests for pages of the sources with `render` say of how to load them."""
    tombstones: Tombstones
    """What was asked to be forgotten."""
    token: str
    """Our name in what publishers ask of machines."""
    licensed: frozenset[str]
    """Sources whose pages may be read whatever they ask of machines."""
    left: dict[str, int]
    """Articles that each source's budget still allows."""

    def __init__(self, *, run: Run | None = None, topics: str = "", sources: str = "", since: str = "",
                 discover_only: bool | str = False, **kwargs: Any):  # fmt: skip
        """
        run: the run to keep things in, begun; a spider without one begins its own
        topics, sources: ids, separated by commas; as `-a topics=outage` on Scrapy's command line
        since: date (ISO 8601) in the watchlist's zone; leads that are stated to be older are left alone
        discover_only: keep what the sources name, and fetch no article; the next run does
        """
        super().__init__(**kwargs)
        self.run = run
        self.topic_ids = tuple(filter(None, topics.split(","))) or self.topic_ids
        self.source_ids = tuple(filter(None, sources.split(",")))
        self.discover_only = discover_only not in {False, "", "0", "false"}
        self.wanted_since = since
        self.since: datetime | None = None
        self.unwritten = 0
        """Records that the disk did not take."""
        self.met: set[str] = set()
        """url_ids that this run has dealt with."""
        self.outcomes = Outcomes()
        self.taken_up = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        spider.watchlist = cls.described(load(Path(settings["PRESSWATCH_WATCHLIST"])))
        settings.set("USER_AGENT", spider.watchlist.crawl.user_agent, priority="spider")
        # Never quite 0: without any delay Scrapy 2.19 sends all that waits for a host at once, whatever
        # CONCURRENT_REQUESTS_PER_DOMAIN says (it counts a transfer only when the event loop comes round to it).
        render.prepare(settings, spider.watchlist, spider.source_ids)
        spider.rendered = {source.id: render.wanted(source) for source in spider.watchlist.sources if source.render}
        delay = max(spider.watchlist.crawl.download_delay, 0.001)
        settings.set("DOWNLOAD_DELAY", delay, priority="spider")
        spider.token = product_token(spider.watchlist.crawl.user_agent)
        spider.licensed = frozenset(source.id for source in spider.watchlist.sources if source.licensed)
        spider.database = Path(settings["PRESSWATCH_DATABASE"] or spider.watchlist.store.database)
        spider.since = day_of(spider.wanted_since, spider.watchlist.report.timezone)
        spider.prefilter = Prefilter(spider.watchlist)
        spider.outlets = Outlets(spider.watchlist)
        spider.tombstones = Tombstones.of(spider.database)
        spider.frontier = Frontier(spider.database)
        spider.pieces = Pieces(spider.watchlist, spider.frontier)
        spider.robots = HostMemory(spider.database, spider.keep_record)
        spider.listings = ListingMemory(spider.database, spider.keep_record)
        spider.workers = Workers(processes=settings.getint("PRESSWATCH_WORKERS") or None, modules=_IN_WORKERS)
        spider.funnel = Funnel(crawler)
        crawler.signals.connect(spider.take_up, signals.spider_idle)
        spider.left = {source.id: spider.watchlist.budget(source) for source in spider.watchlist.sources}
        return spider

    @classmethod
    def described(cls, watchlist: Watchlist) -> Watchlist:
        """The watchlist as this spider sees it; a run keeps its sources."""
        return watchlist

    # --- discover

    async def start(self) -> AsyncIterator[Request]:
        """Asks every source."""
        for source in self.chosen():  # a wrong choice ends here, before anything is begun
            if source.kind not in {*self.kinds, *NIGHTLY}:
                self.logger.warning("source %s: unsupported_kind: no crawl asks the kind %s", source.id, source.kind)
        if self.run is None:
            await self._begin_own_run()
        resting = await asyncio.to_thread(self.robots.resting, datetime.now(UTC))
        Hosts.of(self.crawler).recall(resting)
        for request in self.ask_sources():
            yield request

    def take_up(self) -> None:
        """When all sources were asked: what earlier runs left unfinished, and young pages that no source names today,
        so that neither a backlog nor a second look ever delays today's news.

        Raises:
            DontCloseSpider: there is some.
        """
        assert self.crawler.engine is not None
        if not self.looked_up and self.sought and (lookups := list(self.look_up())):
            for request in lookups:
                self.crawler.engine.crawl(request)
            raise DontCloseSpider
        self.give_up()
        if self.run is None or self.taken_up or self.discover_only:
            return
        self.taken_up = True
        pending = self.frontier.pending([source.id for source in self.chosen_sources()], datetime.now(UTC))
        asked = [request for lead, state in pending for request in self.ask_articles([lead], {state.url_id: state})]
        for request in asked:
            self.crawler.engine.crawl(request)
        if asked:
            raise DontCloseSpider

    # --- fetch

    def ask_articles(self, leads: Sequence[Lead], known: dict[str, UrlState]) -> Iterator[Request]:
        """Requests for the due ones of `leads` within the source's budget; the rest is written down for later."""
        now = datetime.now(UTC)
        named = [(lead, address_id(lead.url)) for lead in (self._remembered(leads) if self.tombstones else leads)]
        named.sort(key=lambda pair: pair[1] in known and known[pair[1]].was_read)  # no second look before a first one
        for position, (lead, url_id) in enumerate(named):
            state = known.get(url_id)
            too_old = self.since and lead.published and lead.published < self.since
            why = why_due(lead, state, now, frozenset(self.topic_ids))
            if url_id in self.met or too_old or why is None:
                continue
            self.met.add(url_id)
            if state is None:
                self.funnel.count(lead.source_id, "fresh")
                self.keep(lead, "seen")
            if self.discover_only:
                continue
            if self.left[lead.source_id] <= 0:
                self.funnel.count(lead.source_id, "not_looked_at_again" if why == "young" else "over_budget")
                continue
            self.left[lead.source_id] -= 1
            # What was set aside is needed whole, changed or not.
            validators = state.validators if state and why != "set_aside" else {}
            yield self._ask_article(lead, state, position, validators)

    def _remembered(self, leads: Sequence[Lead]) -> Iterator[Lead]:
        """Without those that are to be forgotten, and without the names of people who are."""
        for lead in leads:
            if self.tombstones.forbid(urls=[lead.url], outlets=[lead.outlet]):
                self.funnel.count(lead.source_id, "forgotten")
            else:
                yield replace(lead, title=self.tombstones.masked(lead.title)) if lead.title else lead

    def _ask_article(
        self, lead: Lead, state: UrlState | None, position: int, validators: dict[str, str] | None = None
    ) -> Request:
        newest = lead.published or lead.modified
        rendered = {} if lead.capture else self.rendered.get(lead.source_id, {})
        return Request(
            lead.capture or lead.url,
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"lead": lead, "state": state},
            headers=None if rendered else validators,  # they speak of what comes before the scripts run
            meta={"handle_httpstatus_list": [NOT_MODIFIED], **rendered},
            # Newest first over all sources: hours since 1970, undated ones behind in the order of their page.
            priority=int(newest.timestamp() // 3600) if newest else -position,
            dont_filter=True,  # `met` knows better: by page, not by spelling
        )

    def article_failed(self, failure: Failure) -> None:
        """Counts and keeps an article page that did not come; one that the end of the run cut off is due as before."""
        if isinstance(failure.value, Stopped):
            return
        lead, state = (failure.request.cb_kwargs[k] for k in ("lead", "state"))  # type: ignore[attr-defined]
        reason = reason_of(failure)
        if isinstance(failure.value, HostUnavailable):  # not the page's fault: its state stays, the next run asks
            self.funnel.failed(lead.source_id, reason)
            return
        self._failed(lead, state, reason)

    # --- extract

    async def parse_article(
        self, response: Response, lead: Lead | None = None, state: UrlState | None = None
    ) -> AsyncIterator[Article]:
        """Extracts the article of a page that may name a watched brand; of a live blog, every post.

        Without a lead (`scrapy parse`) the page is taken as it is.

        @sample article
        @reads title body authors published language complete
        """
        lead = lead or Lead(url=response.url, source_id="", outlet="")
        if response.status == NOT_MODIFIED:
            self.funnel.count(lead.source_id, "not_modified")
            seen = state or UrlState(url_id="", state="fetched")
            self.keep(lead, seen.state, reason=seen.reason, response=response, known=seen)
            return
        self.funnel.count(lead.source_id, "fetched")
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        if not (self._may_name(response.body, kind, lead) or (state is not None and state.stored)):
            self.funnel.count(lead.source_id, "no_name")
            self.keep(lead, "fetched", reason="no_name", response=response)
            return
        page = Page(url=lead.url if lead.capture else response.url, body=response.body, content_type=kind, lead=lead,
                    fetched_at=lead.captured_at or datetime.now(UTC))  # fmt: skip
        try:
            whole, posts = await self.work(extract_whole_and_posts, page)
        except Stopped:
            return
        except ExtractionError as error:
            if error.reason == "crashed":
                self.logger.error("%s: %s: our bug, please report it", lead.url, error)
            self._failed(lead, state, error.reason, response)
            return
        self.funnel.count(lead.source_id, "extracted")
        forbidden = opted_out_page(response.body, self.token) if lead.capture else opted_out(response, self.token)
        articles = await self.articles_of(whole, posts, forbidden, met=state is not None,
                                          stored=state is not None and state.stored)  # fmt: skip
        if not articles:
            self.keep(lead, "fetched", reason=forbidden, response=response)
            return
        self.outcomes.expect(address_id(lead.url), len(articles))
        etag, last_modified = header(response, "ETag"), header(response, "Last-Modified")
        for article in articles:
            self.funnel.filled(article)
            yield replace(article, lead=lead, etag=etag, last_modified=last_modified)

    async def articles_of(self, whole: Article, posts: tuple[Article, ...], forbidden: str | None, *, met: bool,
                          stored: bool) -> list[Article]:  # fmt: skip
        """What is kept of a page: its article or posts; where `forbidden` says why, only that it is there.

        met: whether the page was met before
        stored: whether it ever brought an article that was stored, which stays what it was
        """
        if forbidden is None or whole.source_id in self.licensed:
            return await self.pieces.of(whole, posts, met=met)
        self.funnel.count(whole.source_id, forbidden)
        return [] if stored else self.pieces.withheld(whole, forbidden)

    def _may_name(self, body: bytes, kind: str, lead: Lead) -> bool:
        """The source's own title counts too: it stands in where a page has none."""
        said = (lead.title or "").encode()
        return self.prefilter.may_name(body, kind) or self.prefilter.may_name(said, "utf-8")

    # --- remember

    def keep(self, lead: Lead, state: str, *, reason: str | None = None, tries: int = 0,
             response: Response | None = None, known: UrlState | None = None) -> None:  # fmt: skip
        """Writes down the state of a URL; nothing in `scrapy parse` and `shell`, which are no crawl.

        known: whose validators stay where `response`, an answer that nothing changed, does not repeat them
        """
        if self.run is None or not lead.source_id:
            return
        now = datetime.now(UTC)
        record = url_record(
            lead, state, at=now, reason=reason, tries=tries,
            next_try=next_try(reason or "", tries, now) if state == "failed" else None,
            etag=header(response, "ETag") or (known.etag if known else None),
            last_modified=header(response, "Last-Modified") or (known.last_modified if known else None),
        )  # fmt: skip
        self.write(lead.source_id, {"url": set_aside(record, known.topics if known else None)})

    def write(self, source_id: str, record: dict[str, Any]) -> bool:
        """Keeps a record. False where the disk does not take it: the source is in trouble by `not_kept`, and its pages
        stay due; the crawl goes on, because a disk that a backup filled may have room in a minute."""
        assert self.run is not None
        try:
            self.run.keep(record)
        except OSError as error:
            self.unwritten += 1
            if self.unwritten == 1:
                self.logger.error("cannot write: %s", error)
            self.funnel.count(source_id, "not_kept")
            return False
        return True

    def keep_record(self, record: dict[str, Any]) -> None:
        """Writes down what is no page, for the next run."""
        if self.run is not None:
            self.write("", record)

    def ended(self, article: Article, reason: str) -> dict[str, Any]:
        """Where an article ended. Gives the state of its page's URL, to be kept with it, once all articles of the page
        have ended; before, and where there is no run, nothing."""
        lead = article.lead or Lead(url=article.url, source_id=article.source_id, outlet=article.outlet)
        of_page = self.outcomes.ended(address_id(lead.url), reason, article.topics)
        if of_page is None or self.run is None:
            return {}
        record = url_record(lead, "extracted", at=datetime.now(UTC), reason=of_page.reason, etag=article.etag,
                            last_modified=article.last_modified)  # fmt: skip
        return {"url": set_aside(record, of_page.topics)}

    def dropped(self, article: Article, reason: str) -> DropItem:
        """For a pipeline where an article ends: counts and keeps `reason`, and gives the exception to raise."""
        self.funnel.count(article.source_id, reason)
        if state := self.ended(article, reason):
            self.write(article.source_id, state)
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
