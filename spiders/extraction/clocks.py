"""Times of day as live blogs write them over their posts, "10:42 a.m. ET", and the moments that they mean.

A clock gives no day and often no zone. The day is that of the page: posts stand in order, so a clock that jumps back
by hours is past midnight. The zone is the clock's own, else that of the page's stated time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import NamedTuple

from analysis.items import Article
from spiders.extraction.moments import UNSTATED, zone_at

_ZONE = r"(?P<zone>(?-i:[A-Z]{2,5})(?!\w))"
_CLOCK = re.compile(
    rf"""^[^\w]*(?:(?:at|um|à|alle|ore|kl\.?)\s)?
    (?P<hour>\d{{1,2}})(?:[:.h]\s?(?P<minute>\d\d)(?::\d\d)?(?!\d|[.,:]\d)|(?=\s?[ap]\.?m\b))
    \s?(?P<half>[ap]\.?m\b\.?)?(?:\s?(?:[Uu]hr|h|hrs)\b)?(?:\s*\(?{_ZONE}\)?)?""",
    re.X | re.I,
)
_AFTER = re.compile(r"^\s*(?:[:|·•]|[–—-]+\s)\s*")
"""Between a clock and the text that it dates, on one line."""
_BACK = timedelta(hours=6)
"""A clock that is so much earlier than the one before it is the next day's."""
_NEAR = timedelta(minutes=3)
_DAY = timedelta(days=1)
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)


class Clock(NamedTuple):
    """A time of day."""

    hour: int
    minute: int
    zone: str
    """As written, in capitals; "" where none is."""

    def since_midnight(self) -> timedelta:
        return timedelta(hours=self.hour, minutes=self.minute)


def read_clock(text: str) -> tuple[Clock, str] | None:
    """The clock with which a line begins, and what follows it; None where it begins with none.

    >>> read_clock("10:42 p.m. ET: Shares fall")
    (Clock(hour=22, minute=42, zone='ET'), 'Shares fall')
    """
    match = _CLOCK.match(text)
    if match is None:
        return None
    rest, zone = text[match.end() :], match["zone"] or ""
    if zone and zone_at(zone.upper(), _ANY_DAY) is None:  # "10:42 NASA says": a word
        rest, zone = text[match.start("zone") :], ""
    hour, half = int(match["hour"]), (match["half"] or "")[:1].lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    minute = int(match["minute"] or 0)
    if hour > 23 or minute > 59:
        return None
    after = _AFTER.match(rest)
    return Clock(hour, minute, zone.upper()), rest[after.end() :] if after else rest


def is_stamp(text: str) -> bool:
    """Whether a line is a clock and nothing else."""
    found = read_clock(text)
    return found is not None and not re.search(r"\w", found[1])


def opens_with_clock(text: str) -> bool:
    """Whether a line is a clock, or a clock and then what it dates: "10:42: Shares fall", never "10:42 is late"."""
    match = _CLOCK.match(text)
    if match is None or read_clock(text) is None:
        return False
    rest = text[match.end() :]
    return not re.search(r"\w", rest) or _AFTER.match(rest) is not None


def moments(clocks: Sequence[Clock], page: Article) -> list[datetime]:
    """The moment of each clock, in the page's order; empty where the page has no date to start from."""
    if page.published is None or not clocks:
        return []
    newest_first = _falls(clocks)
    ordered = list(reversed(clocks)) if newest_first else list(clocks)
    zone = _zone(ordered[0], page)
    found = list(_rising(ordered, page.published.astimezone(zone), zone))
    last = page.modified.astimezone(zone) if page.modified and newest_first else None
    if last is not None and found[-1] <= last:  # older posts may stand on another page: count back from the change
        days = timedelta(days=(last - found[-1]).days)
        found = [when + days for when in found]
    return found[::-1] if newest_first else found


def _falls(clocks: Sequence[Clock]) -> bool:
    """Whether most steps lead back; none is longer than half a day, but over midnight."""
    steps = [(after.since_midnight() - before.since_midnight()) % _DAY for before, after in pairwise(clocks)]
    return sum(step > _DAY / 2 for step in steps) > sum(timedelta() < step <= _DAY / 2 for step in steps)


def _rising(clocks: Iterable[Clock], start: datetime, zone: tzinfo) -> Iterable[datetime]:
    """The first clock is on the day of the page's publication, or just after the midnight that follows."""
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    before = timedelta(hours=start.hour, minutes=start.minute)
    for clock in clocks:
        if clock.since_midnight() + _BACK < before:
            day += timedelta(days=1)
        before = clock.since_midnight()
        local = day + before
        yield local.replace(tzinfo=zone_at(clock.zone, local) or zone)


def _zone(first: Clock, page: Article) -> tzinfo:
    """Of the page's stated time. Where that is UTC, machines wrote it, and readers see another zone: the one in which
    the first post is as old as the page, to the minute."""
    assert page.published is not None
    stated = page.published.tzinfo or UTC
    if page.published.utcoffset() or first.zone:
        return stated
    ahead = (first.since_midnight() - timedelta(hours=page.published.hour, minutes=page.published.minute)) % _DAY
    hours = round(ahead / timedelta(hours=1))
    if stated is UNSTATED or abs(ahead - timedelta(hours=hours)) > _NEAR:
        return stated
    return timezone(timedelta(hours=hours if hours <= 12 else hours - 24))
