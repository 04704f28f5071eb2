"""`presswatch backfill gdelt --from DAY --to DAY`: the 15-minute files of the Global Knowledge Graph.

Files, not the API: it answers 429 to a first call and keeps three months; the files go back to February 2015.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from analysis.errors import ExtractionError
from analysis.store.units import finished
from spiders.backfill.base import Backfill
from spiders.discovery import Answer, discover
from spiders.discovery.gdelt import FILES, names_of
from spiders.failures import reason_of

_MEGABYTES_A_FILE, _SECONDS_A_FILE = 6, 3
_SHOWN = 5


class GdeltBackfill(Backfill):
    """Asks for each file once; articles of files that were read are taken up like all unfinished work."""

    kind = "gdelt"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.missing: list[str] = []
        """Files that GDELT does not have, or that came broken."""
        self.total = self.read = 0

    async def start(self) -> AsyncIterator[Request]:
        """One request a file, oldest first."""
        assert self.begin is not None
        done = await asyncio.to_thread(finished, self.database, self.kind)
        names = [name for name in names_of(self.begin, self.end or datetime.now(UTC)) if name not in done]
        self.total = len(names)
        self.announce(f"{len(names)} files of 15 minutes, some {len(names) * _MEGABYTES_A_FILE:,} MB",
                      len(names) * max(_SECONDS_A_FILE, self.watchlist.crawl.download_delay))  # fmt: skip
        for name in [] if self.dry_run else names:
            yield Request((self.endpoint or FILES) + name, self.parse_file, cb_kwargs={"name": name},
                          errback=self.file_failed, dont_filter=True)  # fmt: skip

    async def parse_file(self, response: Response, name: str) -> AsyncIterator[Request]:
        """The articles of a file that may name a brand."""
        answer = Answer(url=response.url, body=response.body, prefilter=self.prefilter)
        try:
            found = await self.workers.run(discover, self.source, answer)
        except ExtractionError as error:
            self._without(name, error.reason)
            return
        self.funnel.answered(self.source.id, found)
        leads = self.placed(self.source, found.leads)
        known = await asyncio.to_thread(self.frontier.known, leads)
        for request in self.ask_articles(leads, known):
            yield request
        self.unit_done(name, "done", len(leads))
        self._one_more()

    def file_failed(self, failure: Failure) -> None:
        """Notes a file that did not come: a gap of a quarter of an hour."""
        self._without(failure.request.cb_kwargs["name"], reason_of(failure))  # type: ignore[attr-defined]

    def closed(self, reason: str) -> None:
        """Says which quarters of an hour are missing."""
        if self.missing:
            shown = ", ".join(name[:12] for name in sorted(self.missing)[:_SHOWN])
            self.logger.warning("gdelt: %s of %s files are missing: %s ...", len(self.missing), self.total, shown)

    def _without(self, name: str, reason: str) -> None:
        self.missing.append(name)
        self.funnel.source_failed(self.source.id, reason)
        self.unit_done(name, "missing")
        self._one_more()

    def _one_more(self) -> None:
        self.read += 1
        self.progress(self.read, self.total)
