"""The article's text: what belongs to it, what only stands in it."""

from __future__ import annotations

import json

import pytest

from spiders.extraction import Page, extract
from tests.spiders.extraction.pages import BODY, PARAGRAPHS, TITLE, URL, article, html, linked, meta

TEXT = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
HALF = len(PARAGRAPHS) // 2
FIRST, SECOND = ("".join(f"<p>{line}</p>" for line in part) for part in (PARAGRAPHS[:HALF], PARAGRAPHS[HALF:]))


def body(page: str) -> str:
    """The text of a page's article."""
    return extract(Page(url=URL, body=page.encode())).body


def inside(extra: str) -> str:
    """A page with something between the paragraphs of its article."""
    return html(f'<main><article><h1>{TITLE}</h1><div class="text">{FIRST}{extra}{SECOND}</div></article></main>')


@pytest.mark.parametrize(
    "extra",
    [
        "<ul><li><a href='/1'>A tax on empty envelopes</a></li><li><a href='/2'>Trucks: the new gold</a></li></ul>",
        "<p><a href='/1'>Why the last outage took a week longer than this one</a></p>",
        "<p><strong>Read more:</strong> <a href='/1'>Why the last outage took a week longer</a></p>",
        "<p>MORE NEWS | <a href='/1'>Why the last outage took a week longer than this one</a></p>",
        "<h3>More on this story</h3><ul><li><a href='/1'>One story</a></li><li><a href='/2'>Two stories</a></li></ul>",
        "<div class='newsletter-box'><p>The Morning Beacon brings you the news of the day before breakfast.</p></div>",
        "<div class='o-relatedStories'><p>A week without discs: how one family in Ohio got through it all.</p></div>",
        "<aside><p>The service was founded in a garage by two men and a very patient dog, legend has it.</p></aside>",
        "<figure><img src='x.jpg'><figcaption>A warehouse on Tuesday. Photo: Beacon</figcaption></figure>",
        "<p>Sign up for our evening letter and never miss a story again.</p>",
        "<p>Advertisement</p>",
        "<p>© 2024 The Beacon Herald. All rights reserved.</p>",
        "<h2>Key points</h2><ul><li>The service stood still.</li><li>Customers get a credit.</li></ul>",
        "<div hidden><p>Your subscription is in use on another device, which is why you see this.</p></div>",
        "<div role='dialog'><p>Would you like to hear more from us? We have many letters to choose from.</p></div>",
        "<p style='display: none'>This line is only for machines, and for people who read the source of pages.</p>",
        "<div class='comments'><p>First! And I never liked their discs anyway, if anybody asks me about it.</p></div>",
        f"<p>{PARAGRAPHS[0]}</p>",
        f"<h1>{TITLE}</h1>",
    ],
)
def test_what_is_not_of_the_article_goes(extra: str) -> None:
    """Links, labels, repetitions, known phrases; nothing of the article goes with them."""
    assert body(inside(extra)) == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Subscribers of the rival service cheered, at least those who had not subscribed to both of them.",
        "Related companies fell as well.",
        "Copyright holders had warned of that.",
        "Most popular films were sold out.",
        "Published figures show 12 such days.",
        "The rival's offer (see its page) ends on Friday.",
        "“Read the small print,” he said.",
    ],
)
def test_sentences_that_begin_like_a_service_line_stay(line: str) -> None:
    """A news sentence may begin with any word."""
    expected = "\n".join([*PARAGRAPHS[:HALF], line, *PARAGRAPHS[HALF:]])

    assert body(inside(f"<p>{line}</p>")) == expected


@pytest.mark.parametrize(
    ("extra", "lines"),
    [
        ("<h2>What happened</h2>", ["What happened"]),
        (
            "<ul><li>The shipping system failed.</li><li>The web page did not.</li></ul>",
            ["The shipping system failed.", "The web page did not."],
        ),
        (
            "<blockquote>We are sorry, and we will say so to every single customer.</blockquote>",
            ["We are sorry, and we will say so to every single customer."],
        ),
        ("<p>The page of the <a href='/x'>service</a> said nothing.</p>", ["The page of the service said nothing."]),
        (
            "<blockquote class='twitter-tweet'><p>No disc. Day two.</p>— A reader <a href='/t'>3 May</a></blockquote>",
            ["No disc. Day two.", "— A reader 3 May"],
        ),
    ],
)
def test_what_is_of_the_article_stays(extra: str, lines: list[str]) -> None:
    """Headings, lists, quotations, embedded posts, links inside sentences."""
    assert body(inside(extra)) == "\n".join([*PARAGRAPHS[:HALF], *lines, *PARAGRAPHS[HALF:]])


def test_an_article_in_several_boxes_is_one() -> None:
    """Templates cut a text for advertisements; each piece has the same class."""
    page = html(
        f'<div><h1>{TITLE}</h1><div class="chunk text">{FIRST}</div><div class="ad-slot"><p>Buy.</p></div></div>'
        f'<div><div class="chunk text">{SECOND}</div></div>'
    )

    assert body(page) == BODY


def test_the_next_article_below_is_another_one() -> None:
    """Endless pages append whole articles of the same build."""
    other = "".join(f"<p>In other cities, {line[0].lower()}{line[1:]}</p>" for line in PARAGRAPHS)
    one, two = (
        f'<article class="story"><h1>{title}</h1><div class="text">{text}</div></article>'
        for title, text in ((TITLE, TEXT), ("Elsewhere", other))
    )

    assert body(html(one + two)) == BODY


def test_the_standfirst_is_the_first_paragraph() -> None:
    """Where the page shows its description above the text; not where only machines see it."""
    stand = "A fault in one system stops the discs of a whole country, and the rival laughs."
    shown = html(
        f'<article><header><h1>{TITLE}</h1><p class="dek">{stand}</p></header><div class="text">{TEXT}</div></article>',
        meta(og__description=stand),
    )

    assert body(shown) == f"{stand}\n{BODY}"
    assert body(article(head=meta(og__description=stand))) == BODY


def test_paragraphs_made_of_line_breaks() -> None:
    """Old pages know no p."""
    page = html(f'<h1>{TITLE}</h1><div class="article-body">{"<br><br>".join(PARAGRAPHS)}</div>')

    assert body(page) == BODY


def test_streamed_pages_are_read() -> None:
    """React puts parts into hidden boxes until a script moves them."""
    page = html(
        f'<main><h1>{TITLE}</h1></main><div hidden id="S:1a"><section><div class="prose">{TEXT}</div></section></div>'
    )

    assert body(page) == BODY


def test_a_page_shown_by_script_has_its_text_in_json_ld() -> None:
    """articleBody is the last resort, never the first: it is rarely complete."""
    shell = html(f'<div id="app"><h1>{TITLE}</h1></div>', linked(headline=TITLE, articleBody=BODY))
    short = article(head=linked(headline=TITLE, articleBody=PARAGRAPHS[0]))

    assert body(shell) == BODY
    assert body(short) == BODY


@pytest.mark.parametrize(
    "script",
    [
        "<!-- {json} -->",
        "//<![CDATA[\n{json}\n//]]>",
        "{json};",
        "[{json}]",
        '{{"@graph": [{{"@type": "WebSite", "name": "x"}}, {json}]}}',
        '{{"@type": "WebPage", "mainEntity": {json}}}',
        '{json}{{"@type": "BreadcrumbList"}}',
        "{trailing}",
    ],
)
def test_json_ld_is_read_leniently(script: str) -> None:
    """As it comes: commented out, in CDATA, in a list, in @graph, several in one script, with a trailing comma."""
    node = json.dumps(
        {"@type": "NewsArticle", "headline": "Headline of the node", "datePublished": "2024-05-03T10:00Z"}
    )
    text = script.format(json=node, trailing=node[:-1] + ",}")
    found = extract(
        Page(url=URL, body=article(head=f'<script type="application/ld+json">{text}</script>', title="x y z").encode())
    )

    assert (found.title, found.published_source) == ("Headline of the node", "jsonld")


def test_the_node_of_this_page_is_meant() -> None:
    """Not that of a story in the margin, which may come first."""
    other = linked(headline="Another story", url="https://www.beacon-herald.com/news/other", author="Bo Diaz")
    own = linked(headline=TITLE, url=URL, author="Ann Lee")

    assert extract(Page(url=URL, body=article(head=other + own).encode())).authors == ("Ann Lee",)


def test_labels_never_take_the_whole_article() -> None:
    """A template that calls each paragraph's box "social" means something else by it."""
    page = html(
        f"<h1>{TITLE}</h1><div>" + "".join(f"<div class='block social'><p>{p}</p></div>" for p in PARAGRAPHS) + "</div>"
    )

    assert body(page) == BODY
