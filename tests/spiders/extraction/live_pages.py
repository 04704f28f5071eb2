"""Live blogs as pages: in structured data, in boxes, in a flow of text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from analysis.items import Article
from spiders.extraction import Page, extract_whole_and_posts
from tests.spiders.extraction.pages import PARAGRAPHS, html, linked, meta

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
    return pieces(Page(url=url, body=page.encode(), fetched_at=FETCHED))


def pieces(page: Page) -> tuple[Article, ...]:
    """The posts of a live blog; of any other page its article."""
    whole, posts = extract_whole_and_posts(page)
    return posts or (whole,)


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
