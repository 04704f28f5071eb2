"""What a run knows of each host: how it is getting on with us, and until when it wants to be left alone.

One host that drips, fails or asks us to wait must cost the others nothing: the scheduler hands out at most
`MOST_OUT` requests a host, none while it rests, and after `MOST_FAILURES` in a row the rest of its requests end at
once, as `host_down`, for the next run to take up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import Request
from scrapy.utils.httpobj import urlparse_cached

MOST_OUT = 1
"""Requests of one host between scheduler and answer: the next one must know what the last one was told."""
MOST_FAILURES = 3
MOST_WAITS = 6
"""Times in a row that a host may ask us to come later; a night that went on would wait a minute a page."""
LONGEST_REST = 60.0
"""Seconds that a run waits for a host; who asks for more is asked again by a later run."""
LONGEST_ABSENCE = timedelta(hours=24)
"""The most that is believed of a Retry-After, as Media Cloud's rss-fetcher does."""
_UNSAID = 30
"""Delays to wait after a 429 without Retry-After."""


@dataclass
class Host:
    """One host in one run; times by the monotonic clock."""

    waiting: list[tuple[int, int, Request]] = field(default_factory=list)
    """A heap: first by priority, then in the order given."""
    out: list[Request] = field(default_factory=list)
    rests_until: float = 0.0
    failures: int = 0
    """In a row."""
    waits: int = 0
    """Times in a row that it asked us to wait."""
    closed: str = ""
    """Why nothing more of it is asked for in this run; empty where it is."""
    absent_until: datetime | None = None
    """It asked to be left alone for longer than a run waits."""

    @property
    def resting(self) -> bool:
        """Whether it wants to be left alone just now."""
        return not self.closed and monotonic() < self.rests_until

    def rest(self, seconds: float) -> None:
        """Ask it nothing for so long."""
        self.rests_until = max(self.rests_until, monotonic() + seconds)


class Hosts:
    """An extension, so that scheduler and guards find the same one; empty at the start of a run."""

    def __init__(self, delay: float, slower: dict[str, dict[str, float]]) -> None:
        self.delay = delay
        self.slower = slower
        self.known: dict[str, Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        return cls(settings.getfloat("DOWNLOAD_DELAY"), settings.getdict("DOWNLOAD_SLOTS"))

    @classmethod
    def of(cls, crawler: Crawler) -> Hosts:
        """That of a crawl; the settings name it."""
        found = crawler.get_extension(cls)
        assert found is not None
        return found

    def recall(self, resting: dict[str, str]) -> None:
        """Close the hosts that told an earlier run to stay away until later than now."""
        for name, reason in resting.items():
            self.known[name] = Host(closed=reason)

    def host(self, request: Request) -> Host:
        """The host and port that `request` goes to. Its pace is the machine's, whatever the port: Scrapy's slots."""
        return self.known.setdefault(name_of(request), Host())

    def answered(self, request: Request) -> None:
        """An answer came, whatever it says of the page."""
        host = self.host(request)
        host.failures = host.waits = 0

    def failed(self, request: Request) -> None:
        """No answer, or one that says that the host is ill. Waits twice as long each time; closes it in the end."""
        host = self.host(request)
        host.failures += 1
        if host.failures >= MOST_FAILURES:
            host.closed = host.closed or "host_down"
        host.rest(min(self.delay * 2**host.failures, LONGEST_REST))

    def asked_to_wait(self, request: Request, retry_after: str | None) -> None:
        """The host said 429, or 503 with Retry-After (RFC 9110, 10.2.3)."""
        host = self.host(request)
        seconds = seconds_until(retry_after, datetime.now(UTC))
        if seconds is None:
            own = self.slower.get(urlparse_cached(request).hostname or "", {})
            seconds = _UNSAID * max(self.delay, own.get("delay", 0.0))
        if seconds > LONGEST_REST:
            host.closed = "rate_limited"
            host.absent_until = datetime.now(UTC) + min(timedelta(seconds=seconds), LONGEST_ABSENCE)
        else:
            host.rest(seconds)
            host.waits += 1
            if host.waits >= MOST_WAITS:
                host.closed = host.closed or "rate_limited"


def name_of(request: Request) -> str:
    """Host and port."""
    return urlparse_cached(request).netloc.rpartition("@")[2].lower()


def seconds_until(retry_after: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After asks for, at most `LONGEST_ABSENCE`; None for none and for nonsense."""
    text = (retry_after or "").strip()
    longest = LONGEST_ABSENCE.total_seconds()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), longest)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), longest)
