"""What a source names: one module a kind of source, each `discover(source, answer) -> Found`.

Pure functions of an answer, run in worker processes, because a feed may hold 100,000 entries and a sitemap may be
a bomb.
"""

from __future__ import annotations

from analysis.errors import ExtractionError
from analysis.watchlist import Source
from spiders.discovery import feed, section, sitemap
from spiders.discovery.answer import Answer, Found

KINDS = {"feed": feed.discover, "sitemap": sitemap.discover, "section": section.discover}

__all__ = ["KINDS", "Answer", "Found", "discover"]


def discover(source: Source, answer: Answer) -> Found:
    """Leads that `answer` holds, newest first, and further addresses of the source to ask.

    Raises:
        ExtractionError: not what the source's kind promises: `not_a_feed`, `not_a_sitemap`, `not_html`, `too_large`.
    """
    if source.kind not in KINDS:
        raise ExtractionError("unsupported_kind", source.kind)
    return KINDS[source.kind](source, answer)
