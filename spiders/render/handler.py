"""Scrapy's way to the browser, for requests that ask for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from weakref import WeakKeyDictionary

from playwright.async_api import Error, Page
from playwright.async_api import TimeoutError as BrowserTimeout
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Request, Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from spiders.middlewares.addresses import BlockedAddress
from spiders.render.way_out import WayOut
from spiders.stop import StoppableHandler, Stopped, is_stopping, unless_stopped

_SECONDS = 60.0
"""For everything that one page asks of the browser: loading, scripts, reading it out."""
_LOOK, _LOOKS, _STILL = 0.5, 16, 2
"""Seconds between two looks whether the text has come, how many at most, and how many that find it unchanged."""
_browsers: WeakKeyDictionary[Crawler, ScrapyPlaywrightDownloadHandler] = WeakKeyDictionary()
"""One a crawl: Scrapy makes a handler for each scheme, and each would start a browser."""


class RenderHandler(StoppableHandler):
    """Pages of sources with `render = true` by Chromium, all else as ever."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._own: ScrapyPlaywrightDownloadHandler | None = None
        self._way_out: WayOut = crawler.settings["PRESSWATCH_WAY_OUT"]
        self._most = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        if crawler not in _browsers:
            crawler.signals.connect(self._way_out.start, signals.engine_started)
            self._own = _browsers[crawler] = ScrapyPlaywrightDownloadHandler(crawler)

    async def download_request(self, request: Request) -> Response:
        """Raises Stopped, and as Scrapy's own: DownloadTimeoutError, DownloadFailedError, DownloadCancelledError."""
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        if is_stopping(self._crawler):
            raise Stopped
        return await unless_stopped(self._crawler, self._rendered(request))

    async def close(self) -> None:
        """The browser ends with the crawl."""
        await super().close()
        if self._own is not None:
            await self._own.close()
            self._way_out.close()

    async def _rendered(self, request: Request) -> Response:
        # scrapy-playwright leaves pages open that are cancelled: we close them ourselves, whatever happens.
        request.meta["playwright_include_page"] = True
        request.meta["playwright_page_methods"] = [PageMethod(_has_come)]
        try:
            async with asyncio.timeout(_SECONDS):
                response: Response = await _browsers[self._crawler].download_request(request)
        except (TimeoutError, BrowserTimeout) as error:
            raise DownloadTimeoutError(f"{request.url}: not rendered in time") from error
        except Error as error:
            if "ERR_TUNNEL_CONNECTION_FAILED" in error.message:  # only what we refuse gets no tunnel
                raise BlockedAddress("blocked_address", request.url) from error
            raise DownloadFailedError(f"{request.url}: {error.message.splitlines()[0]}") from error
        finally:
            if (page := request.meta.pop("playwright_page", None)) is not None:
                with suppress(Error, TimeoutError):
                    await asyncio.wait_for(page.close(), 5)
        if self._way_out.has_refused(response.url):  # where it was led on to
            raise BlockedAddress("blocked_address", response.url)
        if len(response.body) > self._most:
            raise DownloadCancelledError(f"{request.url}: more than {self._most} bytes when rendered")
        return response.replace(ip_address=None)  # the browser saw the address of our proxy only


async def _has_come(page: Page) -> None:
    """Waits until the page's text stands still: scripts that fetch it run on after the page has loaded."""
    length, still = -1, 0
    for _ in range(_LOOKS):
        now = await page.evaluate("document.body ? document.body.innerText.length : 0")
        still = still + 1 if now == length and now else 0
        if still == _STILL:
            return
        length = now
        await asyncio.sleep(_LOOK)
