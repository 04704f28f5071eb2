"""Pages that show nothing without JavaScript, for sources with `render = true`: loaded by the system's Chromium through
scrapy-playwright (extra `render`).

A request with `meta["playwright"]` goes to the browser (handler.py), all others go Scrapy's way. The browser itself
reaches the web by our guarded proxy only (way_out.py).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from analysis.errors import UserError
from analysis.watchlist import Source, Watchlist
from spiders.middlewares.addresses import Allowed
from spiders.render.way_out import WayOut

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_NEEDLESS = frozenset({"image", "media", "font", "texttrack", "manifest", "ping"})
_SECONDS = 25
"""For a page to load, as DOWNLOAD_TIMEOUT; its scripts get some more."""
_PAGES = 2
"""Open at once for one source."""


def check(sources: Iterable[Source]) -> None:
    """Raises UserError where one of the sources wants a browser and there is none, or scrapy-playwright is missing."""
    for source in sources:
        if source.render and not find_spec("scrapy_playwright"):
            raise UserError(f"source {source.id}: render needs a package; type: pip install 'presswatch[render]'")
        if source.render and browser() is None:
            raise UserError(f"source {source.id}: render needs Chromium; type: sudo apt-get install chromium")


def browser() -> Path | None:
    """The system's Chromium or Chrome."""
    return next((Path(path) for name in _BROWSERS if (path := shutil.which(name))), None)


def prepare(settings: Settings, watchlist: Watchlist, source_ids: Sequence[str] = ()) -> None:
    """Have Scrapy hand the requests for such sources to the browser; nothing where none of them asks for it.

    source_ids: of the sources of this crawl; all where empty

    Raises:
        UserError: as `check`.
    """
    rendered = [source for source in watchlist.sources if source.render and source.id in (source_ids or (source.id,))]
    if not rendered:
        return
    check(rendered)
    way_out = WayOut(Allowed(watchlist.crawl.allow_private), most=settings.getint("DOWNLOAD_MAXSIZE"))
    # Chromium cannot build its sandbox as root; whoever renders should not be root (docs/operations.md).
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    chosen: dict[str, Any] = {
        "DOWNLOAD_HANDLERS": {
            **settings.getdict("DOWNLOAD_HANDLERS"),
            **dict.fromkeys(("http", "https"), "spiders.render.handler.RenderHandler"),
        },
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": str(browser()),
            "proxy": way_out.address,
            "args": ["--force-webrtc-ip-handling-policy=disable_non_proxied_udp", *sandbox],
        },
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": _SECONDS * 1000,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": _PAGES,
        "PLAYWRIGHT_ABORT_REQUEST": lambda request: request.resource_type in _NEEDLESS,
        "PRESSWATCH_WAY_OUT": way_out,
    }
    settings.setdict(chosen, priority="spider")


def wanted(source: Source) -> dict[str, Any]:
    """What goes into the `meta` of a request for a page of this source."""
    if not source.render:
        return {}
    return {
        "playwright": True,
        "playwright_context": source.id,  # cookies of one outlet stay with it
        "playwright_context_kwargs": {"accept_downloads": False, "service_workers": "block"},
    }
