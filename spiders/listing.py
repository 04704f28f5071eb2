"""From sources to links: the half of a crawl that comes before any article page.

start -> parse_source -> (requests for articles, spiders/base.py)
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from analysis.errors import ExtractionError
from analysis.items import Lead
from analysis.matching.prefilter import Prefilter
from analysis.store.frontier import Frontier, UrlState
from analysis.store.listings import Listing, ListingMemory
from analysis.store.records import digest
from analysis.watchlist import Source, Watchlist
from analysis.watchlist.models import QUERY
from analysis.workers import Workers
from spiders.discovery import NIGHTLY, Answer, Found, discover
from spiders.discovery.answer import is_trap
from spiders.discovery.outlets import AGGREGATORS, Outlets, site_of
from spiders.failures import reason_of
from spiders.funnel import Funnel
from spiders.render import wanted
from spiders.stop import Stopped, unless_stopped

P = ParamSpec("P")
T = TypeVar("T")
NOT_MODIFIED = 304
# An index that names new indexes without end is cut off here; a publisher's newest months are within it.
_MOST_LISTINGS = 200
_URGENT, _SOON = 2_000_000, 1_000_000  # before any article: hours since 1970 are half a million


class ListingSpider(Spider):
    """Asks sources, and knows how far back each was read."""

    kinds: tuple[str, ...] = NIGHTLY
    """Kinds of sources that this spider asks."""
    topic_ids: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    watchlist: Watchlist
    outlets: Outlets
    prefilter: Prefilter
    frontier: Frontier
    listings: ListingMemory
    workers: Workers
    funnel: Funnel

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.asked: dict[str, set[str]] = defaultdict(set)
        """Feeds, sitemaps and section pages asked for, by source."""

    def chosen_sources(self) -> list[Source]:
        """The sources of this crawl, of kinds that a crawl can ask.

        Raises:
            UserError: an id that the watchlist does not have.
        """
        return [source for source in self.chosen() if source.kind in self.kinds]

    def chosen(self) -> list[Source]:
        """The same of any kind."""
        for topic_id in self.topic_ids:
            self.watchlist.topic(topic_id)
        chosen = [self.watchlist.source(i) for i in self.source_ids] or list(self.watchlist.sources)
        wanted = set(self.topic_ids)
        return [s for s in chosen if not wanted or not s.topics or wanted & set(s.topics)]

    def ask_sources(self) -> Iterator[Request]:
        """A request for each source, for a search feed one a topic."""
        for source in self.chosen_sources():
            for url in self.watchlist.addresses(source, self.topic_ids):
                yield self.ask_source(source, url)

    def ask_source(self, source: Source, url: str, depth: int = 0, since: datetime | None = None) -> Request:
        """A request for one list of a source, conditional where the source's word can be believed.

        since: only what was published after that is wanted; for lists that reach back (`reach_back`)
        """
        self.asked[source.id].add(url)
        rendered = wanted(source) if source.kind == "section" else {}
        return Request(
            url,
            callback=self.parse_source,
            errback=self.source_failed,
            cb_kwargs={"source": source, "depth": depth, "since": since},
            headers=None if rendered else self.listings.recall(url).validators(datetime.now(UTC)),
            meta={"handle_httpstatus_list": [NOT_MODIFIED], **rendered},
            priority=_SOON if depth else _URGENT,
            dont_filter=True,  # two sources may lead to one address; `asked` knows what this one was asked for
        )

    async def parse_source(
        self, response: Response, source: Source, depth: int = 0, since: datetime | None = None
    ) -> AsyncIterator[Request]:
        """Turns a feed, sitemap or section page into requests for the articles that are new or changed.

        @sample feed
        @asks /newer /older
        """
        asked = response.request.url if response.request is not None else response.url
        if response.status == NOT_MODIFIED:
            known = self.listings.recall(asked)
            self.funnel.count(source.id, "not_modified")
            self.funnel.reached(source.id, known.reach_from, known.newest)
            return
        try:
            found = await self._found(response, source, depth)
        except Stopped:
            return
        except ExtractionError as error:
            if since is None:
                self.funnel.source_failed(source.id, error.reason)
                self.logger.warning("source %s: %s", source.id, error)
            return
        self.funnel.answered(source.id, found)
        if not found.complete:
            self.logger.warning("source %s: truncated: %s breaks off", source.id, response.url)
        self.named(source, found)
        self._remember(asked, response, found)
        for url in found.follow:
            if url not in self.asked[source.id] and len(self.asked[source.id]) < _MOST_LISTINGS:
                yield self.ask_source(source, url, depth + 1, since)
            else:
                self.funnel.count(source.id, "dropped_entries")
        for request in self._reach_back(source, found):
            yield request
        leads = [lead for lead in self._asked_of(source, found.leads) if since is None or _after(lead, since)]
        known_urls = await asyncio.to_thread(self.frontier.known, leads)
        for request in self.ask_articles(leads, known_urls):
            yield request

    def named(self, source: Source, found: Found) -> None:
        """What a list names; for sub-classes that look for something."""

    def ask_articles(self, leads: Sequence[Lead], known: dict[str, UrlState]) -> Iterator[Request]:
        """Requests for the due ones of `leads`."""
        raise NotImplementedError

    def _asked_of(self, source: Source, leads: tuple[Lead, ...]) -> list[Lead]:
        """The leads of `source`, each with its outlet, without those that lead round in circles."""
        found = [lead for lead in self.placed(source, leads) if not is_trap(lead.url)]
        if trapped := len(leads) - len(found):
            self.funnel.count(source.id, "trap_suspected", trapped)
        return found

    def placed(self, source: Source, leads: tuple[Lead, ...]) -> tuple[Lead, ...]:
        """The leads of `source` with the outlet that each leads to, where it lists other people's pages."""
        if source.kind not in AGGREGATORS and QUERY not in source.url:
            return leads
        own = site_of(source.url)
        return tuple(lead if site_of(lead.url) == own else self.outlets.placed(lead) for lead in leads)

    def source_failed(self, failure: Failure) -> None:
        """Counts a source that did not answer."""
        if isinstance(failure.value, Stopped):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        source, reason = request.cb_kwargs["source"], reason_of(failure)
        if request.cb_kwargs.get("since") is None:
            self.funnel.source_failed(source.id, reason)
        self.logger.warning("source %s: %s (%s)", source.id, reason, request.url)

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(*args)` in a worker (analysis.workers). Raises ExtractionError, Stopped."""
        return await unless_stopped(self.crawler, self.workers.run(function, *args, **kwargs))

    async def _found(self, response: Response, source: Source, depth: int) -> Found:
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        wanted = self.prefilter if source.kind in AGGREGATORS else None
        answer = Answer(url=response.url, body=response.body, content_type=kind, depth=depth, prefilter=wanted)
        found = await self.work(discover, source, answer)
        if source.kind == "section" and not found.leads:
            raise ExtractionError("no_links", f"{response.url} links to no article; is it made by scripts?")
        return found

    def _remember(self, asked: str, response: Response, found: Found) -> None:
        oldest, newest = found.reach
        self.listings.read(
            Listing(url=asked, etag=header(response, "ETag"), last_modified=header(response, "Last-Modified"),
                    body_id=digest(response.body.hex()), read_at=datetime.now(UTC), reach_from=oldest, newest=newest)
        )  # fmt: skip

    def _reach_back(self, source: Source, found: Found) -> list[Request]:
        """Where a feed's oldest entry is newer than the newest of the run before, something was published that it no
        longer lists: its outlet's sitemaps are asked, for what they still know of that time."""
        mark, (oldest, _) = self.listings.mark(source.id), found.reach
        if source.kind != "feed" or QUERY in source.url or mark is None or oldest is None or oldest <= mark:
            return []
        self.funnel.gap(source.id, mark)
        scheme, host, *_ = urlsplit(source.url)
        robots = f"{scheme}://{host}/robots.txt"
        if robots in self.asked[source.id]:
            return []
        return [self.ask_source(source.model_copy(update={"kind": "sitemap"}), robots, since=mark)]


def header(response: Response | None, name: str) -> str | None:
    """A header of an answer, as text; None where there is none."""
    value = response.headers.get(name) if response is not None else None
    return value.decode("latin-1") if value else None


def _after(lead: Lead, since: datetime) -> bool:
    when = lead.published or lead.modified
    return when is not None and when >= since
