"""What search feeds tell of without an address is looked for where its outlet lists it: in the lists that this run
reads anyway, and else in the sitemaps that the outlet's robots.txt names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from analysis.errors import ExtractionError
from analysis.items import Lead
from analysis.watchlist import Source
from spiders.discovery import Found
from spiders.discovery.outlets import site_of
from spiders.discovery.search import Sought, title_key
from spiders.listing import ListingSpider

_MOST_OUTLETS = 20  # asked for one run's leads
_MOST_SITEMAPS = 3
_LEVELS = 2

Key = tuple[str, str]
"""Registered domain and title, by its words."""


class SearchSpider(ListingSpider):
    """Knows what is sought."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.sought: dict[Key, tuple[Source, Sought]] = {}
        self.listed: set[Key] = set()
        """All that this run's lists have named."""
        self.looked_up = False

    def named(self, source: Source, found: Found) -> None:
        """Remembers what a list names, and what it tells of without an address."""
        self.listed.update(key_of(lead) for lead in found.leads if lead.title)
        for sought in found.sought:
            self.sought[site_of(sought.site), title_key(sought.title)] = (source, sought)

    def look_up(self) -> Iterator[Request]:
        """When all sources were asked: the sitemaps of the outlets whose pages are still sought."""
        for key in self.listed & self.sought.keys():
            del self.sought[key]  # it was asked for by its own list
        self.looked_up = True
        sites = {urlsplit(sought.site)._replace(path="/robots.txt").geturl(): source
                 for source, sought in self.sought.values()}  # fmt: skip
        for url, source in list(sites.items())[:_MOST_OUTLETS]:
            yield self._ask(source.model_copy(update={"kind": "sitemap"}), url, 0)

    def give_up(self) -> None:
        """At the end: what was not found anywhere is counted, and named."""
        for source, sought in self.sought.values():
            self.funnel.count(source.id, "undecodable")
            self.logger.info("undecodable: %s (%s)", sought.title, sought.site)
        self.sought.clear()

    async def parse_lookup(self, response: Response, source: Source, depth: int) -> AsyncIterator[Request]:
        """Requests for the pages that are sought, and for further sitemaps, those for news first."""
        try:
            found = await self._found(response, source, depth)
        except ExtractionError:
            return
        news_first = sorted(found.follow, key=lambda url: "news" not in url)
        for url in news_first[:_MOST_SITEMAPS] if depth < _LEVELS else []:
            yield self._ask(source, url, depth + 1)
        leads = [self.outlets.placed(lead) for lead in self._matching(found.leads)]
        known = await asyncio.to_thread(self.frontier.known, leads)
        for request in self.ask_articles(leads, known):
            yield request

    def no_lookup(self, failure: Failure) -> None:
        """Nothing: what is sought stays sought."""

    def _matching(self, leads: Iterable[Lead]) -> Iterator[Lead]:
        for lead in leads:
            told = self.sought.pop(key_of(lead), None)
            if told is not None:
                yield replace(lead, source_id=told[0].id)

    def _ask(self, source: Source, url: str, depth: int) -> Request:
        return Request(url, self.parse_lookup, errback=self.no_lookup, priority=1_000_000, dont_filter=True,
                       cb_kwargs={"source": source, "depth": depth})  # fmt: skip


def key_of(lead: Lead) -> Key:
    """By which a page is found again."""
    return site_of(lead.url), title_key(lead.title)
