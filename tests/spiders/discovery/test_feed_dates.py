"""The times that entries of feeds state: the right instant, or none (F4)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analysis.watchlist import Source
from spiders.discovery import Answer, discover
from tests.site import rss

FEED = Source(id="paper", outlet="The Paper", kind="feed", url="http://paper.example/feed", tier=1)
NOON = datetime(2008, 8, 12, 12, tzinfo=UTC)


def dated(date: str) -> datetime | None:
    """The time of an RSS entry that states `date`."""
    (lead,) = discover(FEED, Answer(url=FEED.url, body=rss(("/1", "One"), dates=(date,)).encode())).leads
    return lead.published


@pytest.mark.parametrize(
    ("date", "meant"),
    [
        ("Tue, 12 Aug 2008 12:00:00 GMT", NOON),
        ("Tue, 12 Aug 2008 05:00:00 -0700", NOON),
        ("Tue, 12 Aug 2008 08:00:00 EDT", NOON),
        ("2008-08-12T14:00:00+02:00", NOON),
        ("2008-08-12T12:00:00Z", NOON),
        ("12 Aug 2008 12:00:00 +0000", NOON),
        ("Tue, 12 Aug 2008 13:00:00 CET", NOON),
        ("Tue, 12 Aug 2008 14:00:00 CEST", NOON),
        ("Tue, 12 Aug 2008 13:00:00 BST", NOON),
        ("Tue, 12 Aug 2008 21:00:00 JST", NOON),
    ],
)
def test_dates_with_a_zone(date: str, meant: datetime) -> None:
    """RFC 822 and W3C."""
    assert dated(date) == meant


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Lun, 06 Sep 2021",
        "0000-00-00",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "99999-01-01",
        "💥",
        "-1",
        "Tue, 11 Aug 2099 12:00:00 GMT",
        "Mon, 11 Aug 2008 12:00:00 +2500",
        "2008-08-11T12:00:00+25:00",
        "Tue, 12 Aug 2008 12:00:00 IST",
        "Tue, 12 Aug 2008 12:00:00 XYZ",
    ],
)
def test_dates_that_nobody_can_mean_are_none(date: str) -> None:
    """Undated is better than wrong; the page will say."""
    assert dated(date) is None


@pytest.mark.parametrize("date", ["Tue, 12 Aug 2008 12:00:00", "2008-08-12 12:00:00", "2008-08-12T12:00:00"])
def test_a_date_without_a_zone_is_utc_or_nothing(date: str) -> None:
    """Never local time of this machine."""
    assert dated(date) in {NOON, None}


def test_seconds_since_1970_are_no_other_date() -> None:
    """A feed parser takes 1218542400 for a day in 2012."""
    assert dated("1218542400") in {NOON, None}
