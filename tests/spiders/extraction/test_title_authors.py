"""Headlines without the outlet, and names without "By"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.items import Article
from spiders.extraction import Page, extract
from tests.spiders.extraction.pages import PARAGRAPHS, TITLE, URL, article, html, linked, meta

OUTLET = meta(og__site_name="The Beacon Herald")
TEXT = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)


def read(page: str) -> Article:
    """The article of a page."""
    return extract(Page(url=URL, body=page.encode()))


@pytest.mark.parametrize(
    "claim",
    [
        TITLE,
        f"{TITLE} | The Beacon Herald",
        f"{TITLE} - Beacon Herald",
        f"{TITLE} – beacon-herald.com",
        f"The Beacon Herald: {TITLE}".replace(": ", " | "),
        f"{TITLE} — The Beacon Herald | Technology",
    ],
)
def test_the_outlet_is_taken_off(claim: str) -> None:
    """At the end, at the start, however it is set off."""
    head = OUTLET + meta(og__title=claim) + f"<title>{claim}</title>"

    assert read(html(f"<article>{TEXT}</article>", head)).title == TITLE


def test_a_section_that_only_one_form_appends_goes_too() -> None:
    """The other forms show where the headline ends."""
    assert read(article(head=linked(headline=f"{TITLE} | Technology") + meta(og__title=TITLE))).title == TITLE


def test_what_stands_against_the_others_loses() -> None:
    """A line written for search engines in JSON-LD alone."""
    assert (
        read(article(head=linked(headline="Film service outage: latest news") + meta(og__title=TITLE))).title == TITLE
    )


def test_a_dash_inside_a_headline_stays() -> None:
    """Only the outlet's name is a suffix."""
    title = "Discs late - and nobody knows why"

    assert read(article(head=meta(og__title=title), title=title)).title == title


def test_without_any_claim_the_heading_is_the_title() -> None:
    """Of a lower level too, where the page's title begins with it."""
    assert read(article()).title == TITLE
    assert read(html(f"<h2>{TITLE}</h2>{TEXT}", f"<title>{TITLE} | Some Blog</title>")).title == TITLE
    assert read(html(f"<article>{TEXT}</article>")).title == ""


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"@type": "Person", "name": "Ann Lee"}, ("Ann Lee",)),
        ([{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Diaz"}], ("Ann Lee", "Bo Diaz")),
        ("By Ann Lee and Bo Diaz", ("Ann Lee", "Bo Diaz")),
        ("Von Ann Lee, Bo Diaz und Cem Öz", ("Ann Lee", "Bo Diaz", "Cem Öz")),
        ({"@type": "Person", "name": ["Ann Lee", "Bo Diaz"]}, ("Ann Lee", "Bo Diaz")),
        ({"@type": "Person", "givenName": "Ann", "familyName": "Lee"}, ("Ann Lee",)),
        ({"@type": "Person", "name": "Ann Lee | Updated 3 May"}, ("Ann Lee",)),
        ({"@type": "Person", "name": "Ann Lee (Berlin)"}, ("Ann Lee",)),
        ({"@type": "Person", "name": "Ann Lee for The Beacon Herald"}, ("Ann Lee",)),
        ([{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "ANN LEE"}], ("Ann Lee",)),
        ({"@type": "Person", "name": "admin"}, ()),
        ({"@type": "Person", "name": "https://example.com/ann-lee"}, ()),
        ({"@type": "Organization", "name": "The Beacon Herald"}, ("The Beacon Herald",)),
        ({"@type": "Organization", "name": "News and Wire Agency"}, ("News and Wire Agency",)),
    ],
)
def test_authors_of_json_ld(author: object, expected: tuple[str, ...]) -> None:
    """In all the shapes that it comes in."""
    assert read(article(head=OUTLET + linked(author=author))).authors == expected


def test_a_reference_is_followed() -> None:
    """@graph names its people once and points to them."""
    graph = """<script type="application/ld+json">{"@graph": [
        {"@type": "NewsArticle", "headline": "x", "author": {"@id": "#ann"}},
        {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}]}</script>"""

    assert read(article(head=graph)).authors == ("Ann Lee",)


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="top">By Ann Lee</p>',
        "<div>By <a href='/ann'>Ann Lee</a>, Technology Correspondent</div>",
        "<span>Von: Ann Lee</span>",
        '<a rel="author" href="/ann">Ann Lee</a>',
        '<span itemprop="author"><span itemprop="name">Ann Lee</span></span>',
        '<div class="article-byline">Ann Lee</div>',
    ],
)
def test_a_byline_is_read_where_nothing_else_is(byline: str) -> None:
    """Above the text, in words or in mark-up; and it does not stay in the text."""
    found = read(html(f"<article><h1>{TITLE}</h1>{byline}{TEXT}</article>", OUTLET))

    assert found.authors == ("Ann Lee",)
    assert "Ann Lee" not in found.body


def test_a_sentence_that_begins_with_by_names_nobody() -> None:
    line = "<p>By noon the first trucks lay at the depot, and the rest came later.</p>"

    assert read(html(f"<article><h1>{TITLE}</h1>{TEXT}{line}</article>", OUTLET)).authors == ()


def test_a_person_goes_before_the_outlet() -> None:
    """JSON-LD that names the outlet as author hides nobody."""
    head = OUTLET + linked(author={"@type": "Organization", "name": "The Beacon Herald"}) + meta(author="Ann Lee")

    assert read(article(head=head)).authors == ("Ann Lee",)


def test_the_second_author_is_found_beside_the_first() -> None:
    """JSON-LD often has one; the links to their pages stand side by side. Links under other stories do not count."""
    line = '<p><a rel="author" href="/a">Ann Lee</a> and <a rel="author" href="/b">Bo Diaz</a></p>'
    other = '<div><h3>More</h3><p><a rel="author" href="/c">Cem Öz</a></p></div>'
    page = html(f"<article><h1>{TITLE}</h1>{line}{TEXT}</article>{other}", linked(author="Ann Lee"))

    assert read(page).authors == ("Ann Lee", "Bo Diaz")


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=20),
        lambda x: (
            st.lists(x, max_size=3)
            | st.dictionaries(st.sampled_from(["name", "@type", "@id", "@value"]), x, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_no_json_breaks_it(value: object) -> None:
    """Names or nothing, whatever stands in author, headline and dates."""
    found = read(
        article(
            head=linked(author=value, headline=value, datePublished=value, publisher=value).replace("</s", "<\\/s", 0)
        )
    )

    assert all(isinstance(name, str) and name for name in found.authors)
