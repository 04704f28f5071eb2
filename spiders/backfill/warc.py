"""`presswatch backfill warc FILES...`: pages of WARC files, our own and others'; nothing is fetched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.errors import ExtractionError
from analysis.items import Article, Lead
from analysis.store.units import captured, finished
from analysis.store.warc import SAID, Captured, Reader
from analysis.stories.address import address_id
from spiders.backfill.base import Backfill
from spiders.discovery.answer import Found
from spiders.discovery.outlets import site_of
from spiders.extraction import Page, extract_whole_and_posts
from spiders.optout import opted_out_page

_AT_ONCE = 40
_LOOKED_AT = 500
_BYTES_A_SECOND = 8_000_000  # of packed files, where few pages name a brand
# Between archive and parser some milliseconds pass: so much later is another fetch.
_LATER = timedelta(seconds=10)


class WarcBackfill(Backfill):
    """Reads the files one after the other; a file that was read to its end is not read again."""

    kind = "warc"

    def __init__(self, *, files: tuple[Path, ...] = (), again: bool = False, **kwargs: Any) -> None:
        """
        files: in the order to read them
        again: also those that were read before, for a newer extractor
        """
        super().__init__(**kwargs)
        self.files = files
        self.again = again

    async def start(self) -> AsyncIterator[Article]:  # type: ignore[override]
        """The articles of all files."""
        self.funnel.under = self.source.id
        done = set() if self.again else await asyncio.to_thread(finished, self.database, self.kind)
        files = [path for path in self.files if _unit(path) not in done]
        sizes = [path.stat().st_size for path in files]
        known = f", {len(self.files) - len(files)} read before" if len(files) < len(self.files) else ""
        self.announce(f"{len(files)} files, {sum(sizes) / 1e6:,.1f} MB{known}", sum(sizes) / _BYTES_A_SECOND)
        self.funnel.answered(self.source.id, Found())
        if self.dry_run:
            return
        for number, path in enumerate(files):
            async for article in self._articles(path, sum(sizes[:number]), sum(sizes)):
                yield article

    async def _articles(self, path: Path, before: int, total: int) -> AsyncIterator[Article]:
        reader = Reader(path)
        pages = self._named(reader)
        while batch := await asyncio.to_thread(_some, pages):
            found = [page for page in batch if page is not None]
            newer = await asyncio.to_thread(captured, self.database, [page.url for page in found])
            chosen = [page for page in found if page.at >= newer.get(page.url, page.at) - _LATER]
            self.funnel.count(self.source.id, "older_capture", len(found) - len(chosen))
            for articles in await asyncio.gather(*(self._extract(page, page.url in newer) for page in chosen)):
                for article in articles:
                    yield article
            self.progress(before + reader.position, total)
        for reason, records in reader.broken.items():
            self.funnel.failed(self.source.id, reason, records)
        if reader.broken:
            self.logger.warning("%s: %s of %s records are broken", path, reader.broken.total(), reader.records)
        self.unit_done(_unit(path), "done", reader.records)

    def _named(self, reader: Reader) -> Iterator[Captured | None]:
        """Pages that may name a brand; None for all others, so that whoever waits sees that work goes on."""
        sites = {site_of(self.watchlist.source(name).url) for name in self.source_ids}
        for page in reader:
            self.funnel.count(self.source.id, "discovered")
            if page.status != 200 or (sites and site_of(page.url) not in sites):
                yield None
                continue
            self.funnel.count(self.source.id, "fetched")
            named = self.prefilter.may_name(page.body, page.content_type)
            if not named:
                self.funnel.count(self.source.id, "no_name")
            yield page if named else None

    async def _extract(self, page: Captured, met: bool) -> list[Article]:
        """The same articles as a crawl makes of the page, live blogs too, if their dates are wanted."""
        lead = self._lead(page)
        wanted = Page(url=page.url, body=page.body, content_type=page.content_type, lead=lead, fetched_at=page.at)
        try:
            whole, posts = await self.workers.run(extract_whole_and_posts, wanted)
        except ExtractionError as error:
            self.funnel.failed(self.source.id, error.reason)
            return []
        forbidden = opted_out_page(page.body, self.token)
        articles = await self.articles_of(whole, posts, forbidden, met=met or bool(posts), stored=met)
        kept = [article for article in articles if self._within(article.published or page.at)]
        if kept:
            self.funnel.count(self.source.id, "extracted")
            self.outcomes.expect(address_id(lead.url), len(kept))
        else:
            self.funnel.count(self.source.id, "outside_dates")
        return [replace(article, lead=lead) for article in kept]

    def _lead(self, page: Captured) -> Lead:
        """What the page's source said of it, where our archive knows; else its outlet by its address."""
        said = page.said
        if set(SAID) <= said.keys():
            times = {name: datetime.fromisoformat(said[name]) for name in ("published", "modified") if said[name]}
            return Lead(**{**said, "published": None, "modified": None, **times})
        outlet, tier = self.outlets.of(page.url)
        return Lead(url=page.url, source_id=self.source.id, outlet=outlet, tier=tier, via=self.kind)

    def _within(self, when: datetime) -> bool:
        return (self.begin is None or when >= self.begin) and (self.end is None or when < self.end)


def _some(pages: Iterator[Captured | None]) -> list[Captured | None]:
    """The next pages: until enough of them may name a brand, or enough were looked at."""
    batch: list[Captured | None] = []
    named = 0
    for page in pages:
        batch.append(page)
        named += page is not None
        if named >= _AT_ONCE or len(batch) >= _LOOKED_AT:
            break
    return batch


def _unit(path: Path) -> str:
    return f"{path.resolve()} {path.stat().st_size}"
