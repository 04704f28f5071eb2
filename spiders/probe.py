"""`presswatch check --probe`: ask each source once, say what it answered, change nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from analysis.console.front import Front
from analysis.console.output import write
from analysis.errors import ExtractionError, NothingDone
from analysis.trends import Answer
from analysis.watchlist import Source
from spiders.base import NewsSpider
from spiders.discovery import Answer as Listing
from spiders.discovery import discover
from spiders.failures import reason_of
from spiders.process import process

_COLUMNS = ("source", "outlet", "kind", "answer", "entries", "newest", "url")


class Probe(NewsSpider):
    """Asks the sources and fetches no article; begins no run, so nothing is kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="probe", **kwargs)
        self.rows: list[tuple[Any, ...]] = []

    async def start(self) -> Any:
        """One request a source, for a search feed one a topic."""
        for source in self.chosen_sources():
            for url in self.watchlist.addresses(source):
                yield Request(url, self.note_answer, cb_kwargs={"source": source}, errback=self.source_failed)

    async def note_answer(self, response: Response, source: Source) -> None:
        """Notes what the answer holds."""
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        try:
            found = await self.workers.run(
                discover, source, Listing(url=response.url, body=response.body, content_type=kind)
            )
        except ExtractionError as error:
            self.note(source, error.reason, response.url)
            return
        newest = max((lead.published for lead in found.leads if lead.published), default=None)
        entries = len(found.leads) or len(found.follow)
        self.note(source, "ok" if entries else "empty", response.url, entries, newest)

    def source_failed(self, failure: Failure) -> None:
        """Notes why there was no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.note(request.cb_kwargs["source"], reason_of(failure), request.url)

    def note(self, source: Source, answer: str, url: str, entries: int = 0, newest: datetime | None = None) -> None:
        """One line of the table."""
        day = newest.astimezone(UTC).replace(tzinfo=None) if newest else None
        self.rows.append((source.id, source.outlet, source.kind, answer, entries, day, url))


def probe_sources(front: Front, form: str = "table") -> int:
    """Print what each source answered; returns 0 when all are well, 1 when some are not.

    Raises:
        NothingDone: none is.
    """
    engine = process(front, ITEM_PIPELINES={})
    crawler = engine.create_crawler(Probe)
    engine.crawl(crawler)
    engine.run()
    assert isinstance(crawler.spider, Probe)
    rows = sorted(crawler.spider.rows)
    write(Answer(_COLUMNS, tuple(rows), ""), form)
    well = [row for row in rows if row[3] == "ok"]
    if not well:
        raise NothingDone("no source answered")
    return 0 if len(well) == len(rows) else 1
