"""The spider `coverage`: all sources, every article that names a watched brand. The nightly job runs it."""

from __future__ import annotations

from spiders.base import NewsSpider


class CoverageSpider(NewsSpider):
    """All topics in one pass."""

    name = "coverage"
