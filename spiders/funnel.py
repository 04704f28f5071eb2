"""What became of everything a source named, counted in Scrapy's statistics.

`monitor/<source>/<stage>` holds the stages discovered, fetched, extracted, matched, stored, failed and the reasons
for which something went no further; docs/how-it-works.md names them all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scrapy.crawler import Crawler

from analysis.items import Article
from spiders.discovery.answer import Found

STAGES = ("discovered", "fetched", "extracted", "matched", "stored", "failed")
FILLS = ("fresh", "titled", "dated", "whole", "repeated")
"""What tells a source that drifts: links never seen before; of its articles those with a title, a date, a whole text,
and those whose text another page of it had already."""
_NAMESPACE = "monitor"
# One dead link on a section page is the outlet's own; when half of the pages fail, the source is in trouble.
_MANY_FAILURES = 3


@dataclass
class SourceAnswer:
    """Did the source answer, how far back did it reach, and what was wrong."""

    answered: bool = False
    reach_from: datetime | None = None
    newest: datetime | None = None
    """The high-water mark."""
    gap_from: datetime | None = None
    """The high-water mark of the runs before, where the source's list did not reach back to it."""
    reason: str | None = None


class Funnel:
    """Counts, by source."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.under = ""
        """Where all is counted under one source, its id."""
        self.sources: dict[str, SourceAnswer] = {}
        self.failures: dict[str, Counter[str]] = {}
        self._texts: dict[str, set[int]] = {}

    def count(self, source_id: str, what: str, by: int = 1) -> None:
        """Add to a stage or a reason of a source."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"{_NAMESPACE}/{self.under or source_id}/{what}", by)

    def failed(self, source_id: str, reason: str, by: int = 1) -> None:
        """Article pages that brought nothing; what robots.txt forbids is no failure of anybody."""
        if reason == "robots":
            self.count(source_id, reason)
            return
        self.count(source_id, "failed", by)
        self.count(source_id, reason, by)
        self.failures.setdefault(self.under or source_id, Counter())[reason] += by

    def answered(self, source_id: str, found: Found) -> None:
        """An answer of the source itself, with what it named."""
        self.count(source_id, "discovered", len(found.leads))
        if found.dropped:
            self.count(source_id, "dropped_entries", found.dropped)
        answer = self.sources.setdefault(source_id, SourceAnswer())
        answer.answered = True
        if not found.complete:
            answer.reason = "truncated"
        self.reached(source_id, *found.reach)

    def reached(self, source_id: str, oldest: datetime | None, newest: datetime | None) -> None:
        """The source answers for the time from `oldest` to `newest`."""
        answer = self.sources.setdefault(source_id, SourceAnswer())
        answer.answered = True
        if oldest is not None and newest is not None:
            answer.reach_from = min(oldest, answer.reach_from or oldest)
            answer.newest = max(newest, answer.newest or newest)

    def gap(self, source_id: str, mark: datetime) -> None:
        """The source's list does not reach back to what was read last."""
        self.sources.setdefault(source_id, SourceAnswer()).gap_from = mark

    def filled(self, article: Article) -> None:
        """How full an article came."""
        name = article.source_id
        for what, there in (("titled", article.title), ("dated", article.published), ("whole", article.complete)):
            if there:
                self.count(name, what)
        texts, text = self._texts.setdefault(name, set()), hash(article.body)
        if text in texts:
            self.count(name, "repeated")
        texts.add(text)

    def source_failed(self, source_id: str, reason: str) -> None:
        """The source, or one of its sitemaps, did not answer as its kind promises."""
        self.count(source_id, "source_failed")
        answer = self.sources.setdefault(source_id, SourceAnswer())
        answer.reason = reason

    def rows(self, source_ids: list[str], ended_at: datetime) -> list[dict[str, Any]]:
        """One record a source for the run ledger, with every stage of `STAGES`."""
        assert self.crawler.stats is not None
        rows = []
        for source_id in source_ids:
            answer = self.sources.get(source_id) or SourceAnswer(reason="not_asked")
            counts = {s: self.crawler.stats.get_value(f"{_NAMESPACE}/{source_id}/{s}", 0) for s in (*STAGES, *FILLS)}
            gap = answer.gap_from
            lost = gap and answer.reach_from and answer.reach_from > gap
            reason = answer.reason or self._trouble(source_id, counts)
            rows.append(
                {"source_id": source_id, "ended_at": ended_at, "answered": answer.answered,
                 "reach_from": answer.reach_from, "newest": answer.newest, "gap_from": gap,
                 "gap_until": answer.reach_from if lost else None, "reason": reason, **counts}
            )  # fmt: skip
        return rows

    def _trouble(self, source_id: str, counts: dict[str, int]) -> str | None:
        """What is wrong with a source that did answer: its articles cannot be kept, or fail, or are too many."""
        assert self.crawler.stats is not None
        if self.crawler.stats.get_value(f"{_NAMESPACE}/{source_id}/not_kept"):
            return "not_kept"
        failures = self.failures.get(source_id, Counter())
        came = counts["fetched"] + self.crawler.stats.get_value(f"{_NAMESPACE}/{source_id}/not_modified", 0)
        if failures.total() >= _MANY_FAILURES and failures.total() >= came:
            return failures.most_common(1)[0][0]
        return "over_budget" if self.crawler.stats.get_value(f"{_NAMESPACE}/{source_id}/over_budget") else None
