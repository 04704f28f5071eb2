"""What discovery gets and gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from analysis.items import Lead
from analysis.matching.prefilter import Prefilter
from spiders.discovery.search import Sought

# A feed or sitemap with more than this is cut to its newest; 100,000 entries would stall a night.
MOST_LEADS = 2000
# RFC 9110, 4.1: everybody should support at least 8,000; what is longer is a trap or a mistake.
_LONGEST_ADDRESS = 8000
_REPEATED = re.compile(r"/(?!\d+(?:/|$))([^/]+(?:/[^/]+){0,2})(?:/\1){2}(?=/|$)")
_EDGE = 8192  # bytes in which a document begins or ends, with the comments of the software that made it


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a source answered."""

    url: str
    """Address after redirects; relative links are relative to it."""
    body: bytes
    content_type: str = ""
    """The header's value, empty where none was sent."""
    depth: int = 0
    """0 for the source's own address, one more for each sitemap index above."""
    prefilter: Prefilter | None = None
    """For lists of all the world's news: what to look for."""

    @property
    def base(self) -> str:
        """Scheme and host."""
        scheme, host, *_ = urlsplit(self.url)
        return f"{scheme}://{host}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What an answer holds."""

    leads: tuple[Lead, ...] = ()
    """Newest first; undated ones in the order of the source, after the dated ones."""
    follow: tuple[str, ...] = ()
    """Further addresses of the same source: children of a sitemap index."""
    dropped: int = 0
    """Entries without a usable http(s) address, beyond MOST_LEADS, or children of an index beyond its newest."""
    complete: bool = True
    """False where the document breaks off before its end: there may have been more."""
    sought: tuple[Sought, ...] = ()
    """Of a search feed: pages whose address it does not give."""

    @property
    def reach(self) -> tuple[datetime | None, datetime | None]:
        """The oldest and the newest publication that it states."""
        times = [lead.published for lead in self.leads if lead.published]
        return min(times, default=None), max(times, default=None)


def ends(body: bytes, *roots: str) -> bool:
    """Whether an XML document that begins as one of these root elements does ends as one does, whatever its encoding
    and whatever some server has put behind it; True for documents with other roots."""
    tag = r"(?:[\w.-]+:)?(?:" + "|".join(roots) + ")"
    head, tail = (part.replace(b"\0", b"") for part in (body[:_EDGE], body[-_EDGE:]))
    if not re.search(f"<{tag}[\\s>]".encode(), head):
        return True
    return re.search(f"</{tag}\\s*>|<{tag}[^<>]*/>".encode(), tail) is not None


def newest_first(leads: Iterable[Lead]) -> tuple[Lead, ...]:
    """By stated time, newest first; undated leads keep their order behind them."""
    oldest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(leads, key=lambda lead: lead.published or lead.modified or oldest, reverse=True))


def absolute(base: str, link: str | None) -> str | None:
    """`link` on the page `base` as an http(s) address, without its fragment; None for `base` itself and all else."""
    try:
        url = urljoin(base, (link or "").strip()).partition("#")[0]
        parts = urlsplit(url)
        asked = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port or bracket that no request could be made of
        return None
    return url if asked and url != base and len(url) <= _LONGEST_ADDRESS else None


def is_trap(url: str) -> bool:
    """Whether a part of the path comes three times in a row (Heritrix: PathologicalPathDecideRule)."""
    return _REPEATED.search(urlsplit(url).path) is not None


def parse_time(text: str | None) -> datetime | None:
    """An aware time from a W3C or RFC 822 date as sitemaps and JSON feeds hold it; None for anything else.

    A time without a zone is read as UTC, as RFC 3339 writers mostly mean it; a date alone as noon UTC, so that it
    stays the same day in most of the world's zones.
    """
    text = (text or "").strip()
    if not text:
        return None
    try:
        when = parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(hour=12, tzinfo=UTC) if len(text) <= len("2008-08-11") else when.replace(tzinfo=UTC)
    try:
        return when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
