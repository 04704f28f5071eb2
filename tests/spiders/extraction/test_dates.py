"""Which of a page's dates wins, and what is never one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from analysis.items import Article, Lead
from spiders.extraction import Page, extract
from tests.spiders.extraction.pages import article, linked, meta

FETCHED = datetime(2024, 5, 10, 12, tzinfo=UTC)
PLAIN = "https://www.beacon-herald.com/news/film-service"
TIME = '<time datetime="2024-05-04T10:00:00+02:00">4 May</time>'


def read(page: str, url: str = PLAIN, lead: Lead | None = None) -> Article:
    """The article of a page fetched on 10 May 2024."""
    return extract(Page(url=url, body=page.encode(), lead=lead, fetched_at=FETCHED))


def lead(published: datetime | None, via: str = "feed") -> Lead:
    """What a source says of the page."""
    return Lead(url=PLAIN, source_id="beacon", outlet="Beacon", via=via, published=published)


@pytest.mark.parametrize(
    ("page", "source", "day"),
    [
        (
            article(TIME, linked(datePublished="2024-05-01T08:00Z") + meta(article__published_time="2024-05-02")),
            "jsonld",
            1,
        ),
        (article(TIME, meta(article__published_time="2024-05-02T08:00Z")), "meta", 2),
        (article('<span itemprop="datePublished" content="2024-05-03T08:00Z"></span>' + TIME), "microdata", 3),
        (article(TIME), "time", 4),
        (article('<p class="post-date">5 May 2024, 09:30</p>'), "text", 5),
        (article(TIME, linked(datePublished="not yet")), "time", 4),
        (article(TIME, linked(datePublished="2031-01-01T00:00Z")), "time", 4),
        (
            article(
                '<nav><time datetime="2024-05-01">1</time></nav><time class="updated" datetime="2024-05-03">3</time>'
                + TIME
            ),
            "time",
            4,
        ),
    ],
)
def test_candidates_in_order_of_trust(page: str, source: str, day: int) -> None:
    """JSON-LD, meta, microdata, time element, text; what cannot be true is passed over."""
    found = read(page)

    assert (found.published_source, found.published and found.published.day) == (source, day)


@pytest.mark.parametrize("via", ["feed", "sitemap", "section"])
def test_the_source_is_evidence(via: str) -> None:
    """Behind what the page says, before its address."""
    when = FETCHED - timedelta(hours=5)
    found = read(article(), url=f"{PLAIN}/2024/05/01/x-1", lead=lead(when, via))

    assert (found.published, found.published_source) == (when, via)


@pytest.mark.parametrize("path", ["/2024/05/09/story", "/news/2024-05-09-story", "/news/story-20240509"])
def test_the_address_is_the_last_resort(path: str) -> None:
    """A day, no more."""
    found = read(article(), url=f"https://www.beacon-herald.com{path}")

    assert (found.published_source, found.published and found.published.date().isoformat()) == ("url", "2024-05-09")


def test_the_day_of_the_capture_is_no_date() -> None:
    """A page without any date has none."""
    found = read(article())

    assert (found.published, found.published_source) == (None, "none")


def test_future_dates_are_refused_even_from_the_source() -> None:
    """More than a day ahead is a mistake or an event to come; a few hours are a clock."""
    assert read(article(), lead=lead(FETCHED + timedelta(days=3))).published is None
    assert read(article(), lead=lead(FETCHED + timedelta(hours=3))).published == FETCHED + timedelta(hours=3)


def test_the_zone_is_kept() -> None:
    """As the page gives it, not turned into UTC."""
    found = read(article(head=linked(datePublished="2024-05-03T23:30:00-07:00")))

    assert found.published is not None
    assert found.published.isoformat() == "2024-05-03T23:30:00-07:00"


def test_the_source_adds_what_the_page_leaves_out() -> None:
    """The time of a bare day; the zone of a time without one."""
    when = datetime(2024, 5, 3, 14, 24, tzinfo=UTC)
    day = read(article(head=linked(datePublished="2024-05-03")), lead=lead(when))
    local = read(article(head=linked(datePublished="2024-05-03T16:24:00")), lead=lead(when))

    assert (day.published, day.published_source) == (when, "feed")
    assert (local.published, local.published_source) == (when, "jsonld")


def test_modified_comes_from_page_or_source() -> None:
    """And is no time long before publication."""
    page = article(head=linked(datePublished="2024-05-03T08:00Z", dateModified="2024-05-03T09:00Z"))
    shown = article(
        '<time datetime="2024-05-03T08:00Z">x</time> <time class="updated" datetime="2024-05-03T09:00Z">y</time>'
    )
    wrong = article(head=linked(datePublished="2024-05-03T08:00Z", dateModified="2023-01-01T09:00Z"))

    assert read(page).modified == datetime(2024, 5, 3, 9, tzinfo=UTC)
    assert read(shown).modified == datetime(2024, 5, 3, 9, tzinfo=UTC)
    assert read(wrong).modified is None
