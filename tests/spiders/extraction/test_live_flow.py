"""Live blogs without boxes: posts under clocks, in lists, tables and running text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from spiders.extraction import Page, extract, extract_whole_and_posts
from spiders.extraction.live import head_of
from tests.spiders.extraction.live_pages import (
    ALL,
    AROUND,
    FETCHED,
    FLOWS,
    HEADLINES,
    INTRODUCTION,
    LIVE,
    STAMP,
    START,
    TEXTS,
    at,
    declared,
    flow,
    pieces,
    read,
    told,
    update,
)
from tests.spiders.extraction.pages import html, meta


@pytest.mark.parametrize("layout", FLOWS)
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0)], ids=["oldest first", "newest first"])
def test_a_text_under_times_is_a_post_each(layout: str, order: tuple[int, ...]) -> None:
    """Where the page says that it is a live blog; the clock is no part of headline or text."""
    page = flow(FLOWS[layout], *order, around=AROUND.get(layout, "<div>{}</div>"))
    found = read(page)
    headline = "headline" in FLOWS[layout]

    assert [post.body for post in found] == [TEXTS[n] for n in order]
    assert [post.published for post in found] == [at(n) for n in order]
    assert [post.title for post in found] == [
        HEADLINES[n] if headline else TEXTS[n].partition(".")[0] + "." for n in order
    ]
    assert {post.published_source for post in found} == {"time" if "time elements" in layout else "text"}
    assert len({post.post for post in found}) == len(order)
    assert extract(Page(url=LIVE, body=page.encode(), fetched_at=FETCHED)).published == START


def test_a_post_of_several_paragraphs_is_one() -> None:
    """What stands under a clock belongs to it up to the next; boxes of other things in between do not."""
    beside = "<div class='newsletter-signup'><p>Get our letter every morning, with all that you need to know.</p></div>"
    found = read(
        flow(f"<h2>{{clock}}</h2><p>{{text}}</p>{beside}<p>And a second line on depot {{n}}, for once.</p>", *ALL)
    )

    assert [post.body for post in found] == [f"{TEXTS[n]}\nAnd a second line on depot {n}, for once." for n in ALL]


@pytest.mark.parametrize(
    ("dated", "clocks", "found"),
    [
        ("22:50+02:00", "22:55 23:40 00:10", "03T22:55+02:00 03T23:40+02:00 04T00:10+02:00"),
        ("22:50+02:00", "00:10 23:40 22:55", "04T00:10+02:00 03T23:40+02:00 03T22:55+02:00"),
        ("23:59+02:00", "00:10 00:20 00:30", "04T00:10+02:00 04T00:20+02:00 04T00:30+02:00"),
        ("12:00Z", "8:00am_ET noon 9:30am_ET 1pm_ET", "03T08:00-04:00 03T09:30-04:00 03T13:00-04:00"),
        ("12:00Z", "08:01 09:30 10:00", "03T08:01-04:00 03T09:30-04:00 03T10:00-04:00"),
        ("12:00Z", "12:20 12:30 12:40", "03T12:20+00:00 03T12:30+00:00 03T12:40+00:00"),
    ],
    ids=["past midnight", "the same, newest first", "begun at midnight", "zones", "a zone unsaid", "UTC"],
)  # fmt: skip
def test_a_clock_is_a_moment_of_the_pages_day(dated: str, clocks: str, found: str) -> None:
    """In the zone that it names, else in the page's; where the page's is the machine's, in that of its first post."""
    stamps = (clock.replace("_", " ") for clock in clocks.split())
    posts = "".join(f"<h2>{clock}</h2><p>{TEXTS[n]}</p>" for n, clock in enumerate(stamps))
    head = meta(article__published_time=f"2024-05-03T{dated}")
    page = html(f"<main><h1>Live: a day without discs</h1>{posts}</main>", head)

    assert [post.published for post in read(page)] == [
        datetime.fromisoformat(f"2024-05-{moment}") for moment in found.split()
    ]


def test_newest_first_the_days_are_counted_from_the_last_change() -> None:
    """The oldest posts may stand on another page."""
    fields = {"article__modified_time": (START + timedelta(days=1, hours=3)).isoformat()}
    page = flow("<h2>{clock}</h2><p>{text}</p>", 3, 2, 1, 0, **fields)
    found = pieces(Page(url=LIVE, body=page.encode(), fetched_at=FETCHED + timedelta(days=1)))

    assert [post.published for post in found] == [at(n) + timedelta(days=1) for n in (3, 2, 1, 0)]


def test_structured_data_that_holds_some_posts_only_loses_none() -> None:
    """Search engines ask for the newest ones only; what it says of a post goes before what the page shows."""
    posts = "".join(
        f"<div class='entry' id='post-{1000 + 7 * n}'>{STAMP.format(time=at(n).isoformat(), clock='x')}"
        f"<h3>{HEADLINES[n]}</h3><p>{TEXTS[n]}</p></div>"
        for n in (5, 4, 3, 2, 1, 0)
    )
    by = {"author": {"@type": "Person", "name": "Bo Chen"}}
    found = read(declared(update(5, **by), update(4, articleBody="Depot 4 …"), body=f"<main>{posts}</main>"))
    away = read(declared(update(5, datePublished=at(9).isoformat(), url=LIVE), body=f"<main>{posts}</main>"))

    assert [told(post) for post in found] == [
        (HEADLINES[n], TEXTS[n], at(n), f"post-{1000 + 7 * n}") for n in (5, 4, 3, 2, 1, 0)
    ]
    assert [post.authors[0] for post in found] == ["Bo Chen", *["Ann Lee"] * 5]
    assert [post.published for post in away] == [at(n) for n in (5, 4, 3, 2, 1, 0, 9)]  # one that another page shows


def test_the_head_of_a_live_blog_is_what_no_post_says() -> None:
    """Headline and introduction, under the page's own address and date."""
    whole, posts = extract_whole_and_posts(Page(url=LIVE, body=flow(FLOWS["clock headings"], *ALL).encode()))
    head = head_of(whole, posts)

    assert (head.title, head.body, head.published, head.post) == (whole.title, INTRODUCTION, START, None)
    assert head.url == LIVE
    elsewhere = [replace(post, body="Depot 9 is silent.", title="Silence") for post in posts]
    assert head_of(whole, elsewhere).body == ""  # no line can be told from the posts' own
