"""robots.txt by RFC 9309: what may be fetched, and how fast.

Scrapy's own takes the body of any answer for rules, an answer of 503 for "all is allowed", reads files of any length
in the event loop, and leaves Crawl-delay alone.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from spiders.failures import name_of_error
from spiders.middlewares.refusal import HostUnavailable, Refused
from spiders.stop import Stopped

_MOST_BYTES = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB
_MOST_REDIRECTS = 5  # 2.3.1.2
_FRESH, _STALE = timedelta(hours=6), timedelta(hours=24)  # 2.4
LONGEST_DELAY = 30.0
"""Seconds. Who asks for a longer Crawl-delay is not crawled, as Nutch and StormCrawler do."""
_RECEIVED = "robots_bytes"
_URGENT = 3_000_000
# What is wrong with the host as such, and would be said of every page of it.
_OF_THE_HOST = {"dns", "refused", "unreachable", "tls", "blocked_address", "blocked_scheme"}


@dataclass(frozen=True)
class Rules:
    """What one host's robots.txt lets us do."""

    parser: ProtegoRobotParser | None = None
    """None: all is allowed, or nothing."""
    refusal: str = ""
    """Why nothing may be fetched for now; empty where there are rules or none are needed."""
    text: str = ""
    fetched_at: datetime | None = None

    def check(self, url: str, token: str) -> None:
        """Raises HostUnavailable or Refused where `url` must not be fetched now."""
        if self.refusal in _OF_THE_HOST:
            raise Refused(self.refusal, url)
        if self.refusal:
            raise HostUnavailable(self.refusal, url)
        if self.parser is None:
            return
        if (self.parser.crawl_delay(token) or 0) > LONGEST_DELAY:
            raise HostUnavailable("crawl_delay", url)
        if not self.parser.allowed(url, token):
            raise Refused("robots", url)


def rules_in(text: str, fetched_at: datetime | None = None) -> Rules:
    """The rules of a robots.txt; of a longer one, those of its first 512 KiB."""
    return Rules(ProtegoRobotParser(text.encode()[:_MOST_BYTES], None), text=text, fetched_at=fetched_at)


def product_token(user_agent: str) -> str:
    """What rules call us by (RFC 9309, 2.2.1: letters, "-" and "_"); "*" where it has none."""
    return str((re.findall(r"[A-Za-z_-]+", user_agent) or ["*"])[0])


class Robots:
    """Asks each host for its robots.txt once; other requests to it wait for that."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.token = product_token(crawler.settings["USER_AGENT"])
        self._asked: dict[str, asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        guard = cls(crawler)
        crawler.signals.connect(guard.received, signals.bytes_received)
        return guard

    def received(self, data: bytes, request: Request, spider: Spider) -> None:
        """A robots.txt without end is cut where we stop reading. Raises StopDownload."""
        if _RECEIVED not in request.meta:
            return
        request.meta[_RECEIVED] += len(data)
        if request.meta[_RECEIVED] > _MOST_BYTES:
            raise StopDownload(fail=False)

    async def process_request(self, request: Request) -> None:
        """Raises HostUnavailable: `deferred_robots`, `crawl_delay`, what is wrong with the host. Refused: `robots`."""
        if _RECEIVED in request.meta:
            return
        scheme, authority, *_ = urlsplit(request.url)
        origin = f"{scheme}://{authority}"
        if origin not in self._asked:
            self._asked[origin] = asyncio.ensure_future(self._rules_of(origin))
        rules = await asyncio.shield(self._asked[origin])
        rules.check(request.url, self.token)
        self._slow_down(request, rules)

    def _slow_down(self, request: Request, rules: Rules) -> None:
        """The longer of their delay and ours."""
        theirs = rules.parser.crawl_delay(self.token) if rules.parser else None
        if theirs is None:
            return
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        name = downloader.get_slot_key(request)
        known = downloader.per_slot_settings.get(name, {}).get("delay", 0.0)
        delay = max(theirs, known, self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
        downloader.per_slot_settings[name] = {"concurrency": 1, "delay": delay}
        if name in downloader.slots:
            downloader.slots[name].delay = delay

    async def _rules_of(self, origin: str) -> Rules:
        memory: Any = getattr(self.crawler.spider, "robots", None)  # a spider that keeps nothing has none
        known = memory.recall(origin) if memory else None
        now = datetime.now(UTC)
        age = now - known[1] if known else _STALE
        if known and age < _FRESH:
            return rules_in(*known)
        rules = await self._fetched(origin)
        if rules.refusal == "deferred_robots" and known and age < _STALE:
            return rules_in(*known)
        if memory and rules.fetched_at:
            memory.remember(origin, rules.text, rules.fetched_at)
        return rules

    async def _fetched(self, origin: str) -> Rules:
        meta = {_RECEIVED: 0, "redirect_ttl": _MOST_REDIRECTS}
        request = Request(f"{origin}/robots.txt", NO_CALLBACK, meta=meta, priority=_URGENT)
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except Stopped:  # says nothing about the host
            raise
        except Exception as error:
            reason = name_of_error(error, request.url)
            if isinstance(error, IgnoreRequest) and reason == "redirect_loop":
                return Rules(fetched_at=datetime.now(UTC))  # 2.3.1.2: taken for unavailable
            host_is = reason in _OF_THE_HOST or isinstance(error, HostUnavailable)
            return Rules(refusal=reason if host_is else "deferred_robots")
        return self._judged(response)

    def _judged(self, response: Response) -> Rules:
        """RFC 9309, 2.3.1: rules; "unavailable", all is allowed; "unreachable", nothing is."""
        now = datetime.now(UTC)
        if 200 <= response.status < 300:
            return rules_in(response.body[:_MOST_BYTES].decode("utf-8-sig", "ignore"), now)
        if 300 <= response.status < 500 and response.status != 429:
            return Rules(fetched_at=now)
        return Rules(refusal="deferred_robots")
