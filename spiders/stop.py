"""A crawl that is told to stop ends soon: what is under way gets a few seconds, what waits for its turn none.

Scrapy itself finishes all that its downloader has taken, one page after the other, and all that came: six pages of a
host that hangs were two and a half minutes, and whoever stops a service kills it before that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from analysis.watchlist import load
from spiders import headers
from spiders.certificates import ByHost, trusted_blindly

T = TypeVar("T")
_GRACE = 10.0
"""Seconds; systemd waits for 90 before it kills, Docker for 10."""
_LOOK = 1.0
"""Seconds between two looks whether the crawl is being stopped."""
_seen: WeakKeyDictionary[Crawler, float] = WeakKeyDictionary()
"""When each crawl was first seen to be stopping."""


class Stopped(IgnoreRequest):
    """Raised for work that the end of the run cut off: nobody's fault, the state of its URL stays."""


async def unless_stopped(crawler: Crawler, work: Awaitable[T]) -> T:
    """What `work` gives.

    Raises:
        Stopped: it was not done _GRACE seconds after the crawl was told to stop.
    """
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=_LOOK))[0]:
            if is_stopping(crawler) and monotonic() - _seen[crawler] >= _GRACE:
                raise Stopped
        return task.result()
    finally:
        task.cancel()


def is_stopping(crawler: Crawler) -> bool:
    """Whether the crawl was told to stop."""
    if crawler.engine.running:
        return False
    _seen.setdefault(crawler, monotonic())
    return True


class StoppableHandler(HTTP11DownloadHandler):
    """Scrapy's own, which begins nothing and gives up where the crawl is being stopped; takes no endless headers."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        headers.limit()
        if blindly := trusted_blindly(load(Path(crawler.settings["PRESSWATCH_WATCHLIST"])).sources):
            policy: Any = ByHost(self._contextFactory, blindly)
            self._contextFactory = policy

    async def download_request(self, request: Request) -> Response:
        """Raises Stopped."""
        if is_stopping(self._crawler):
            for slot in self._crawler.engine.downloader.slots.values():
                slot.delay = 0  # what waits for its turn at a host is refused here, and need not wait for that
            raise Stopped
        return await unless_stopped(self._crawler, super().download_request(request))
