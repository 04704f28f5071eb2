"""Live blogs: one dated article a post, and nothing else is a live blog."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.store.records import article_record
from spiders.extraction import ExtractionError, Page, batch, extract
from tests.spiders.extraction.live_pages import (
    ALL,
    FETCHED,
    HEADLINES,
    LAYOUTS,
    LIVE,
    START,
    TEXTS,
    at,
    blocks,
    declared,
    first_words,
    flow,
    read,
    told,
    unsaid,
    update,
)
from tests.spiders.extraction.pages import BODY, TITLE, URL, article, html


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
OWN_LINE = TICKER.replace("We shall see.", "<p>Depot {n} had nothing to say about it when we asked in the evening.</p>")
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
    "with a ticker that says a line of its own": declared(body=f"<main><p>{BODY}</p></main><ul>{many(OWN_LINE)}</ul>"),
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
