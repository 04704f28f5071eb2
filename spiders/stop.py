"""A crawl that is told to stop ends soon: what is under way gets a few seconds, what waits for its host none.

Scrapy itself finishes all that its downloader has taken, one page after the other: six pages of a host that hangs
were two and a half minutes, and whoever stops a service kills it before that.
"""

from __future__ import annotations

import asyncio

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

_GRACE = 10
"""Seconds; systemd waits for 90 before it kills, Docker for 10."""
_LOOK = 1.0
"""Seconds between two looks whether the crawl is being stopped."""


class Stopped(IgnoreRequest):
    """Raised for a request that the end of the run cut off: nobody's fault, the state of its URL stays."""


class StoppableHandler(HTTP11DownloadHandler):
    """Scrapy's own, which gives up where the engine has stopped."""

    async def download_request(self, request: Request) -> Response:
        """Raises Stopped: at once where the crawl is being stopped already, else _GRACE seconds after it is."""
        if self._is_stopping():
            raise Stopped(request.url)
        download = asyncio.ensure_future(super().download_request(request))
        grace = _GRACE / _LOOK
        try:
            while not (await asyncio.wait({download}, timeout=_LOOK))[0]:
                grace -= self._is_stopping()
                if grace < 0:
                    raise Stopped(request.url)
            return download.result()
        finally:
            download.cancel()

    def _is_stopping(self) -> bool:
        engine = self._crawler.engine
        if engine.running:
            return False
        for slot in engine.downloader.slots.values():
            slot.delay = 0  # what still waits for its turn at a host is refused here, and need not wait for that
        return True
