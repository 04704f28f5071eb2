"""What a source names: one module a kind of source, each `discover(source, answer) -> Found`.

Pure functions of an answer, run in worker processes, because a feed may hold 100,000 entries and a sitemap may be
a bomb.
"""

from __future__ import annotations

from analysis.errors import ExtractionError
from analysis.watchlist import Source
from spiders.discovery import feed, gdelt, section, sitemap, wayback
from spiders.discovery.answer import Answer, Found

KINDS = {
    "feed": feed.discover,
    "sitemap": sitemap.discover,
    "section": section.discover,
    "gdelt": gdelt.discover,
    "wayback": wayback.discover,
}
NIGHTLY = ("feed", "sitemap", "section", "gdelt")
"""Kinds that a crawl asks; the others are asked by `presswatch backfill`."""

__all__ = ["KINDS", "NIGHTLY", "Answer", "Found", "discover"]


def discover(source: Source, answer: Answer) -> Found:
    """Leads that `answer` holds, newest first, and further addresses of the source to ask.

    Raises:
        ExtractionError: not what the source's kind promises: `not_a_feed`, `not_a_sitemap`, `not_html`,
            `not_gdelt`, `not_a_listing`, `too_large`, `truncated`.
    """
    if source.kind not in KINDS:
        raise ExtractionError("unsupported_kind", source.kind)
    return KINDS[source.kind](source, answer)
