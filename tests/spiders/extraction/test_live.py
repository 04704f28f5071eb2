"""Live blogs: one dated article a post, and nothing else is a live blog."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.items import Article
from analysis.store.records import article_record
from spiders.extraction import ExtractionError, Page, batch, extract, extract_all, extract_whole_and_posts
from spiders.extraction.live import head_of
from tests.spiders.extraction.pages import BODY, PARAGRAPHS, TITLE, URL, article, html, linked, meta

START = datetime(2024, 5, 3, 8, 0, tzinfo=UTC)
FETCHED = START + timedelta(days=1)
LIVE = "https://www.beacon-herald.com/live/film-service-2024"
TEXTS = tuple(f"Depot {number} sent its first discs of the day. {line}" for number, line in enumerate(PARAGRAPHS))
HEADLINES = (
    "Depots go quiet",
    "Cause is found",
    "Company says sorry",
    "Shares fall",
    "A rival laughs",
    "It runs again",
)


def read(page: str, url: str = LIVE) -> tuple[Article, ...]:
    """The articles of a page."""
    return extract_all(Page(url=url, body=page.encode(), fetched_at=FETCHED))


def at(number: int) -> datetime:
    """When post `number` was published."""
    return START + timedelta(minutes=35 * number)


def update(number: int, **fields: Any) -> dict[str, Any]:
    """Post `number` as structured data has it."""
    return {
        "@type": "BlogPosting",
        "headline": HEADLINES[number],
        "articleBody": TEXTS[number],
        "datePublished": at(number).isoformat(),
        "url": f"{LIVE}#post-{1000 + 7 * number}",
        **fields,
    }


def declared(*updates: Any, body: str = "", **fields: Any) -> str:
    """A page that says it is a live blog, with these updates."""
    page = {"headline": "Live: a day without discs", "datePublished": START.isoformat(), "author": "Ann Lee"}
    head = linked(**{"@type": "LiveBlogPosting", **page, "liveBlogUpdate": list(updates), **fields})
    return html(body or f"<main><h1>Live: a day without discs</h1><p>{PARAGRAPHS[0]}</p></main>", head)


def blocks(layout: str, *numbers: int) -> str:
    """A page with the posts in a layout, in the given order; nothing in its head."""
    posts = (
        layout.format(id=f"p{1000 + 7 * number}", time=at(number).isoformat(), clock=f"{at(number):%H:%M}",
                      headline=HEADLINES[number], text=TEXTS[number])
        for number in numbers
    )  # fmt: skip
    return html(f"<main><h1>Live: a day without discs</h1><div class='stream'>{''.join(posts)}</div></main>")


STAMP = "<time datetime='{time}'>{clock}</time>"
SHARE = "<ul class='share'><li><a href='https://social.example/s'>Post this</a></li></ul>"
SHARE += "<p>Key event</p><p>Read more: all about late discs.</p>"
LAYOUTS = {
    "live-post": f"<div class='live-post' id='{{id}}'>{STAMP}<h3>{{headline}}</h3><p>{{text}}</p></div>",
    "article with id": f"<article id='{{id}}'><header>{STAMP}</header><h2>{{headline}}</h2><p>{{text}}</p></article>",
    "list of updates": f"<li class='update' id='{{id}}'><b>{STAMP}</b><h2>{{headline}}</h2><p>{{text}}</p></li>",
    "data id": f"<div class='liveblog__entry' data-post-id='{{id}}'><h2>{{headline}}</h2>{STAMP}<p>{{text}}</p></div>",
    "wrapped": "<div><div class='x1 Post_root' id='{id}'><div><div>"
    f"{STAMP}</div></div><div><h3>{{headline}}</h3><p>{{text}}</p></div></div></div>",
    "updated twice": f"<div class='entry' id='{{id}}'><p class='meta'>{STAMP} updated {STAMP}</p>"
    "<h4>{headline}</h4><p>{text}</p></div>",
    "own address": f"<div class='post' id='{{id}}'>{STAMP}<h3><a href='#{{id}}'>{{headline}}</a></h3>{{text}}</div>",
    "microdata": "<div itemprop='liveBlogUpdate' id='{id}'><meta itemprop='datePublished' content='{time}'>"
    "<h3>{headline}</h3><p>{text}</p></div>",
    "headline outside": "<div class='entry' id='{id}'><h3>{headline}</h3>"
    f"<div class='entry-text' id='in-{{id}}'>{STAMP}<p>{{text}}</p></div></div>",
    "with buttons": f"<div class='live-update' id='{{id}}'><h3>{{headline}}</h3>{STAMP}<p>{{text}}</p>{SHARE}</div>",
}


def first_words(number: int) -> str:
    """The fragment that leads a browser to the words with which a post begins."""
    return f":~:text=Depot%20{number}%20sent%20its%20first%20discs"


def told(found: Article) -> tuple[str, str, datetime | None, str | None]:
    """What every post must say for itself."""
    return found.title, found.body, found.published, found.post


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0)], ids=["oldest first", "newest first"])
def test_each_block_of_a_layout_is_a_post(layout: str, order: tuple[int, ...]) -> None:
    """With its own time, headline, text and name, in the page's order."""
    found = read(blocks(LAYOUTS[layout], *order))

    assert [told(post) for post in found] == [(HEADLINES[n], TEXTS[n], at(n), f"p{1000 + 7 * n}") for n in order]
    in_address = layout != "data id"  # only what is an id of HTML can be led to
    assert [post.url for post in found] == [
        f"{LIVE}#{f'p{1000 + 7 * n}' if in_address else first_words(n)}" for n in order
    ]
    assert {post.published_source for post in found} == {"time"}


def test_each_update_of_structured_data_is_a_post() -> None:
    """Its own author where it names one, else the page's; what it does not say comes from the page."""
    page = declared(
        update(2, author={"@type": "Person", "name": "Bo Chen"}), update(0), update(5, dateModified=at(6).isoformat())
    )
    found = read(page)

    assert [told(post) for post in found] == [
        (HEADLINES[n], TEXTS[n], at(n), f"post-{1000 + 7 * n}") for n in (2, 0, 5)
    ]
    assert [post.url for post in found] == [f"{LIVE}#post-{1000 + 7 * n}" for n in (2, 0, 5)]
    assert [post.authors for post in found] == [("Bo Chen",), ("Ann Lee",), ("Ann Lee",)]
    assert [post.modified for post in found] == [None, None, at(6)]
    assert {(post.published_source, post.language, post.complete) for post in found} == {("jsonld", "en", True)}
    assert read(declared(update(0)))[0].post == "post-1000"  # the first post of the day is one already


@pytest.mark.parametrize(
    ("fields", "name", "fragment"),
    [
        ({"url": f"{LIVE}?page=with:block-6a#block-6a"}, "block-6a", "block-6a"),
        ({"url": "", "@id": f"{LIVE}#u9"}, "u9", "u9"),
        ({"url": f"{LIVE}?post=asset:77"}, "/live/film-service-2024?post=asset:77", ""),
        ({"url": f"{LIVE}/h_77"}, "/live/film-service-2024/h_77", ""),
        ({"url": LIVE, "identifier": "77"}, "77", ""),
        ({"url": LIVE}, at(0).isoformat(), ""),
        ({"url": f"{LIVE}#" + "x" * 500}, at(0).isoformat(), "x" * 500),
    ],
)
def test_what_names_a_post(fields: dict[str, Any], name: str, fragment: str) -> None:
    """Its fragment, its own address, an identifier; else its time."""
    found = read(declared(update(0, **fields), update(1)))[0]

    assert (found.post, found.url) == (name, f"{LIVE}#{fragment or first_words(0)}")


def test_a_post_without_headline_is_called_by_its_first_sentence() -> None:
    """Nor is a headline that stands over all posts the headline of one; a long sentence is cut at a word."""
    for headline in ("", "Live: a day without discs", "Updates"):
        found = read(declared(*(update(n, headline=headline) for n in range(3))))
        assert [post.title for post in found] == [f"Depot {n} sent its first discs of the day." for n in range(3)]

    long = read(declared(update(0, headline="", articleBody="discs " * 60 + "went out.")))[0]
    assert long.title == "discs " * 26 + "…"
    assert read(declared(update(0, articleBody="")))[0].title == HEADLINES[0]
    greeting = read(declared(update(0, headline="", articleBody="Good morning. Nobody answers the telephone. So.")))
    assert greeting[0].title == "Good morning. Nobody answers the telephone."


def test_mark_up_in_structured_data_is_read() -> None:
    """Some outlets put their HTML there."""
    found = read(
        declared(update(0, articleBody="<p>One <b>bold</b> line.</p><p>Another&nbsp;line.</p><style>x</style>"))
    )

    assert found[0].body == "One bold line.\nAnother line."


def test_a_text_that_structured_data_cuts_short_is_read_from_the_page() -> None:
    """Or that it leaves out; where the page does not show it either, what there is stays."""
    body = f"<main><div id='post-1000'><h2>{HEADLINES[0]}</h2><p>{TEXTS[0]}</p><p>Share this: now</p></div></main>"
    for stated, found in (("Depot 0 sent …", TEXTS[0]), ("", TEXTS[0]), ("Depot 0 went home.", "Depot 0 went home.")):
        assert read(declared(update(0, articleBody=stated), body=body))[0].body == found

    assert read(declared(update(1, articleBody="Depot 1 …"), body=body))[0].body == "Depot 1 …"
    assert read(declared(update(0, articleBody="Depot 0 …", url=f"{LIVE}#a'b"), body=body))[0].body == "Depot 0 …"


def test_a_time_without_zone_has_the_pages() -> None:
    """Post and page were written by one machine."""
    page = declared(update(0, datePublished="2024-05-03T10:20:00"), datePublished="2024-05-03T10:00:00+02:00")

    assert read(page)[0].published == datetime.fromisoformat("2024-05-03T10:20:00+02:00")


def test_a_post_from_the_future_is_none() -> None:
    """Dates beyond a day after the visit are refused, as everywhere."""
    found = read(declared(update(0), update(1, datePublished="2031-01-01T10:00:00Z"), update(2, datePublished="soon")))

    assert [post.title for post in found] == [HEADLINES[0]]


def flow(post: str, *numbers: int, dated: str = START.isoformat(), around: str = "<div>{}</div>", **fields: str) -> str:
    """A page with the posts in one text, in the given order; its head says no more than when it was published."""
    posts = (
        post.format(n=number, time=at(number).isoformat(), clock=f"{at(number):%H:%M}", headline=HEADLINES[number],
                    clock12=f"{at(number):%I:%M %p}".lstrip("0").lower(), text=TEXTS[number])
        for number in numbers
    )  # fmt: skip
    lead = f"<p>{INTRODUCTION}</p>"
    return html(
        f"<main><h1>Live: a day without discs</h1>{lead}{around.format(''.join(posts))}</main>",
        meta(article__published_time=dated, **fields),
    )


def unsaid(page: str) -> str:
    """The same page, which does not call itself a live blog."""
    return page.replace("Live: a day", "The story of a day")


ALL = (0, 1, 2, 3)
INTRODUCTION = "We follow the silence of the depots through the day, and everybody who has something to say about it."
FLOWS = {
    "clock headings": "<h2>{clock}</h2><p>{text}</p>",
    "clock headings with headlines": "<h2>{clock}</h2><h3>{headline}</h3><p>{text}</p>",
    "headlines with clocks": "<h3>{clock} – {headline}</h3><p>{text}</p>",
    "clocks of their own": "<p><strong>{clock}</strong></p><p>{text}</p>",
    "clocks in bold before the text": "<p><strong>{clock}</strong> {text}</p>",
    "clocks in plain text": "<p>{clock}: {text}</p>",
    "American clocks": "<p><b>{clock12} GMT</b></p><p>{text}</p>",
    "German clocks": "<p><strong>{clock} Uhr:</strong> {text}</p>",
    "a list of terms": "<dt>{clock}</dt><dd>{text}</dd>",
    "rows of a table": "<tr><td>{clock}</td><td>{text}</td></tr>",
    "a box without name": "<section><span>{clock}</span><p>{text}</p></section>",
    "time elements in the flow": "<time datetime='{time}'>x</time><h3>{headline}</h3><p>{text}</p>",
    "time elements in boxes without name": "<div><p><time datetime='{time}'>x</time></p><p>{text}</p></div>",
}
AROUND = {"a list of terms": "<dl>{}</dl>", "rows of a table": "<table>{}</table>"}


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
    found = extract_all(Page(url=LIVE, body=page.encode(), fetched_at=FETCHED + timedelta(days=1)))

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


def many(block: str) -> str:
    """Five blocks, filled in as posts are."""
    filled = (
        block.format(n=n, id=f"i{n}", clock=n, time=at(n).isoformat(), headline=HEADLINES[n], text=TEXTS[n])
        for n in range(5)
    )
    return "".join(filled)


def beside(block: str) -> str:
    """An article page with something below the article."""
    return article().replace("</body>", f"{block}</body>")


COMMENT = (
    "<li id='c{n}' class='comment'><article class='comment-body' id='c-{n}'><time datetime='{time}'>x</time>"
    "<p>Reader {n} here. I have been saying so for years, to everybody who would listen.</p></article></li>"
)
TEASER = (
    "<article class='post' id='t{n}'><time datetime='{time}'>x</time><h3><a href='/news/{n}'>{headline}</a></h3>"
    "<p>{text}</p></article>"
)
TICKER = "<li class='live' id='t{n}'><time datetime='{time}'>x</time><a href='/news/{n}'>{text}</a> We shall see.</li>"
POST = LAYOUTS["live-post"]
OTHER_PAGES = {
    "article": article(),
    "article with times": article(many("<p>Updated <time datetime='{time}'>{n}</time></p>")),
    "with comments": beside(f"<section class='talk'><ol class='comment-list'>{many(COMMENT)}</ol></section>"),
    "with comments of another name": beside(many(COMMENT.replace("comment-body", "post").replace("comment", "x"))),
    "with teasers": beside(f"<div class='latest'>{many(TEASER)}</div>"),
    "with teasers in a live blog without posts": declared(body=f"<main><p>{BODY}</p></main><div>{many(TEASER)}</div>"),
    "with comments on a live blog without posts": declared(body=f"<main><p>{BODY}</p></main><ol>{many(COMMENT)}</ol>"),
    "with a ticker on a live blog without posts": declared(body=f"<main><p>{BODY}</p></main><ul>{many(TICKER)}</ul>"),
    "in its margin": declared(body=f"<main><p>{BODY}</p></main><aside><div>{many(LAYOUTS['live-post'])}</div></aside>"),
    "days only": blocks(POST.replace("{time}", "2024-05-03").replace("{clock}", ""), *ALL),
    "two posts only": blocks(POST, 0, 1),
    "one time for all": blocks(POST.replace("{time}", START.isoformat()), *ALL),
    "steps of a story": unsaid(blocks(POST.replace("live-post", "chapter"), *ALL)),
    "neither id nor heading": unsaid(blocks(POST.replace("id='{id}'", "").replace("h3", "p"), *ALL)),
    "a chronology under clocks": unsaid(flow("<h2>{clock}</h2><p>{text}</p>", *ALL)),
    "a chronology in lines": unsaid(flow("<p><b>{clock}</b>: {text}</p>", *ALL)),
    "clocks within sentences": flow("<p>{clock} was late for that. {text}</p>", *ALL),
    "a programme": flow("<h2>{clock}</h2><p><a href='/watch/{n}'>{text}</a></p>", *ALL),
    "two clocks only": flow("<h2>{clock}</h2><p>{text}</p>", 0, 1),
    "declared without posts": declared(),
}


@pytest.mark.parametrize("name", OTHER_PAGES)
def test_other_pages_are_one_article(name: str) -> None:
    """The very one that `extract` finds."""
    page = OTHER_PAGES[name]
    found = read(page, URL)

    assert found == (extract(Page(url=URL, body=page.encode(), fetched_at=FETCHED)),)
    assert found[0].post is None


def test_an_overview_of_teasers_is_no_live_blog() -> None:
    """Whatever it is instead."""
    with contextlib.suppress(ExtractionError):
        assert len(read(html(f"<main><div class='posts'>{many(TEASER)}</div></main>"))) == 1


ORDERS = st.lists(st.integers(0, 5), min_size=4, max_size=6, unique=True)
PAGES = {
    "structured data": lambda numbers: declared(*map(update, numbers)),
    "structured data, no names": lambda numbers: declared(*(update(n, url=LIVE) for n in numbers)),
    "structured data, one name": lambda numbers: declared(*(update(n, url=f"{LIVE}#stream") for n in numbers)),
    "structured data, one time": lambda numbers: declared(
        *(update(n, datePublished=START.isoformat()) for n in numbers)
    ),
    "layout": lambda numbers: blocks(LAYOUTS["live-post"], *numbers),
}


@pytest.mark.parametrize("kind", PAGES)
@settings(max_examples=25, deadline=None)
@given(order=ORDERS)
def test_a_post_stays_itself(kind: str, order: list[int]) -> None:
    """Whatever is added above, below or between, in whatever order the page puts them; and no two are one."""
    name = {n: article_record(post)["article_id"] for n, post in enumerate(read(PAGES[kind](range(6))))}
    found = [article_record(post)["article_id"] for post in read(PAGES[kind](order))]

    assert found == [name[number] for number in order]
    assert len(set(name.values())) == 6
    assert article_record(extract(Page(url=LIVE, body=PAGES[kind](order).encode())))["article_id"] not in found


def test_posts_of_one_minute_without_names_keep_their_order() -> None:
    """The page writes newest first; the oldest of a minute is the first of it whatever comes on top."""
    posts = [update(n, url=LIVE, datePublished=at(n // 2).isoformat()) for n in range(6)]
    names = [post.post for post in read(declared(*reversed(posts)))]

    assert names[::-1] == [f"{at(n).isoformat()}{twice}" for n in range(3) for twice in ("", "/2")]
    assert [post.post for post in read(declared(*reversed(posts[:5])))] == names[1:]


def test_numbers_that_only_count_from_the_top_are_no_names() -> None:
    """`post-1` is the newest there, so tomorrow's `post-1` is another one."""
    layout = LAYOUTS["live-post"].replace("id='{id}'", "id='post-{{}}'")

    def page(*numbers: int) -> str:
        html = blocks(layout, *numbers)
        for place in range(len(numbers)):
            html = html.replace("{}", str(place + 1), 1)
        return html

    assert [post.post for post in read(page(3, 2, 1, 0))] == [at(n).isoformat() for n in (3, 2, 1, 0)]
    assert [post.post for post in read(page(0, 1, 2, 3))] == ["post-1", "post-2", "post-3", "post-4"]


@pytest.mark.parametrize("kind", ["structured data", "layout"])
def test_a_corrected_post_is_a_revision_of_itself(kind: str) -> None:
    """`rose` to `fell`: one word, one article, another text; the other posts are untouched."""
    page = PAGES[kind](range(4)).replace("Depot 2 sent its first discs", "Shares rose two percent")
    before, after = read(page), read(page.replace("Shares rose", "Shares fell"))
    old, new = ([article_record(post) for post in posts] for posts in (before, after))

    assert [record["article_id"] for record in old] == [record["article_id"] for record in new]
    assert [a["content_id"] == b["content_id"] for a, b in zip(old, new, strict=True)] == [True, True, False, True]
    assert "fell" in after[2].body


def test_a_post_is_not_its_page_and_not_that_of_another_page() -> None:
    """The canonical address of the page counts, as for every article."""
    page = declared(update(0), update(1))
    here = read(page)[0]
    records = [here, read(page, f"{LIVE}-2")[0], replace(here, post=None), read(page)[1]]

    assert len({article_record(found)["article_id"] for found in records}) == 4
    assert article_record(replace(here, url=LIVE))["article_id"] == article_record(here)["article_id"]
    assert "post" not in article_record(here)


KEYS = "@type @id url headline articleBody datePublished author identifier mainEntityOfPage".split()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(START.isoformat()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_no_structured_data_breaks_it(updates: Any) -> None:
    """Articles of the page, or the page."""
    script = json.dumps({"@type": "LiveBlogPosting", "headline": "Live", "liveBlogUpdate": updates})
    found = read(article(head=f'<script type="application/ld+json">{script.replace("<", "")}</script>'))

    assert found
    assert len({post.post for post in found}) == len(found)


def test_rows_keep_the_whole_page_and_say_how_many_posts(tmp_path: Any) -> None:
    """`presswatch extract`: one object a page, the contract's fields as ever."""
    (tmp_path / "live.html").write_text(blocks(LAYOUTS["live-post"], 0, 1, 2, 3))
    (tmp_path / "plain.html").write_text(article())
    live, plain = batch.rows(batch.pages_in(tmp_path), {"live": LIVE, "plain": URL})

    assert (live["title"], live["posts"]) == ("Live: a day without discs", 4)
    assert all(text in live["body"] for text in TEXTS[:4])
    assert (plain["title"], plain["body"]) == (TITLE, BODY)
    assert "posts" not in plain
    assert [key for key in live if key != "posts"] == list(plain)
