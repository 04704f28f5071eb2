"""What the backfills share: a source of their own, no budget, and a plan that is told before anything is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

from scrapy.crawler import Crawler

from analysis.console.log import say
from analysis.store.units import unit_record
from analysis.watchlist import Source, Watchlist
from spiders.base import NewsSpider
from spiders.progress import Progress

_WITHOUT_END = 10**9
_OUTLETS = {"warc": "WARC files", "wayback": "Wayback Machine", "gdelt": "GDELT"}


def own_source(watchlist: Watchlist, kind: str) -> Watchlist:
    """The watchlist, with a source of `kind` where it has none: what is found needs one that led to it."""
    if any(source.kind == kind for source in watchlist.sources):
        return watchlist
    source = Source(id=kind, outlet=_OUTLETS[kind], kind=kind, url="https://presswatch.invalid/", tier=3)  # type: ignore[arg-type,call-arg]
    return watchlist.model_copy(update={"sources": (*watchlist.sources, source)})


class Backfill(NewsSpider):
    """Sub-classes say what to ask; all that a crawl does with a page is the same."""

    kind = ""

    def __init__(self, *, begin: date | None = None, end: date | None = None, endpoint: str = "",
                 dry_run: bool = False, **kwargs: Any) -> None:  # fmt: skip
        """
        begin, end: first and last day, both included
        endpoint: where the service is, for another than its usual place
        dry_run: tell the plan and ask for nothing more
        """
        super().__init__(name=f"backfill {self.kind}", **kwargs)
        self.kinds = (self.kind,)
        self.begin = datetime.combine(begin, time.min, UTC) if begin else None
        self.end = datetime.combine(end, time.min, UTC) + timedelta(days=1) if end else None
        self.endpoint = endpoint
        self.dry_run = dry_run

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.left = dict.fromkeys((source.id for source in spider.watchlist.sources), _WITHOUT_END)
        return spider

    @classmethod
    def described(cls, watchlist: Watchlist) -> Watchlist:
        """With a source of its kind."""
        return own_source(watchlist, cls.kind)

    @property
    def source(self) -> Source:
        """Under which all is counted."""
        return next(source for source in self.watchlist.sources if source.kind == self.kind)

    def announce(self, what: str, seconds: float) -> None:
        """Say how much there is, and about how long it takes."""
        told = f"{seconds / 3600:.1f} hours" if seconds > 5400 else f"{max(seconds / 60, 1):.0f} minutes"
        say(f"{self.kind}: {what}, about {told}")

    def progress(self, done: int, total: int) -> None:
        """Move the bar, where there is one."""
        bar = self.crawler.get_extension(Progress)
        if bar is not None:
            bar.set(done, total)

    def unit_done(self, unit: str, state: str, records: int = 0) -> None:
        """For the next time."""
        self.keep_record(unit_record(unit, self.kind, state, records, datetime.now(UTC)))
