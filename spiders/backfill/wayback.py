"""`presswatch backfill wayback --from DAY --to DAY`: pages as the Wayback Machine archived them.

Which pages: those below the addresses of the watchlist's sources of kind `wayback`, or of the sources named. The
listing comes first, then the plan is told, then the captures are fetched, as slowly as the archive asks for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from analysis.errors import ExtractionError
from analysis.items import Lead
from analysis.store.frontier import is_due
from analysis.stories.address import address_id
from analysis.watchlist import Source
from spiders.backfill.base import Backfill
from spiders.discovery import Answer
from spiders.discovery.wayback import ENDPOINT, discover, query, resume_key
from spiders.failures import reason_of

_SECONDS_A_PAGE = 2.5  # 24 a minute, the archive's limit


class WaybackBackfill(Backfill):
    """A page that was read before, live or archived, is not asked for again: so a second run takes up the rest."""

    kind = "wayback"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.leads: list[Lead] = []
        self.open = 0
        """Listings that have not come yet."""

    async def start(self) -> AsyncIterator[Request]:
        """The first part of each listing."""
        sources = self.chosen_sources()
        self.open = len(sources)
        for source in sources:
            yield self._list(source)

    def take_up(self) -> None:
        """Nothing: what was not fetched is found by the listing, with its capture."""

    def chosen_sources(self) -> list[Source]:
        """Those of kind wayback, or the ones that were named, whatever their kind."""
        if self.source_ids:
            return [self.watchlist.source(name) for name in self.source_ids]
        return [source for source in self.watchlist.sources if source.kind == self.kind]

    def _list(self, source: Source, resume: str = "") -> Request:
        assert self.begin is not None
        # Of a source that is no page of the archive itself, all pages of its host.
        pattern = source.url if source.kind == self.kind else f"http://{urlsplit(source.url).hostname}/"
        last = (self.end or datetime.now(UTC)) - timedelta(days=1)
        url = query(self.endpoint or ENDPOINT, pattern, self.begin.date(), last.date(), resume)
        return Request(url, self.parse_list, errback=self.list_failed, cb_kwargs={"source": source},
                       priority=1_000_000, dont_filter=True)  # fmt: skip

    async def parse_list(self, response: Response, source: Source) -> AsyncIterator[Request]:
        """Goes on with the next part; after the last one of all listings, asks for the captures."""
        answer = Answer(url=response.url, body=response.body)
        try:
            found = await asyncio.to_thread(discover, source, answer)
        except ExtractionError as error:
            self.funnel.source_failed(source.id, error.reason)
            self.logger.warning("%s: %s", source.id, error)
        else:
            self.funnel.answered(source.id, found)
            self.leads += found.leads
            if key := resume_key(answer):
                yield self._list(source, key)
                return
        for request in await self._listed():
            yield request

    async def list_failed(self, failure: Failure) -> list[Request]:
        """Counts a listing that did not come; the others go on."""
        source = failure.request.cb_kwargs["source"]  # type: ignore[attr-defined]
        reason = reason_of(failure)
        self.funnel.source_failed(source.id, reason)
        self.logger.warning("%s: %s", source.id, reason)
        return await self._listed()

    async def _listed(self) -> list[Request]:
        self.open -= 1
        if self.open:
            return []
        known = await asyncio.to_thread(self.frontier.known, self.leads)
        now = datetime.now(UTC)
        due = [lead for lead in self.leads if is_due(lead, known.get(address_id(lead.url)), now)]
        delay = max(_SECONDS_A_PAGE, self.watchlist.crawl.download_delay)
        self.announce(f"{len(self.leads)} pages, {len(due)} of them to fetch", len(due) * delay)
        return [] if self.dry_run else list(self.ask_articles(due, known))
