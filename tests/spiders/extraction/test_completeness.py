"""Teasers, walls, pages that are not there, pages cut short: said, and never taken for an article."""

from __future__ import annotations

import pytest

from analysis.items import Lead
from spiders.extraction import ExtractionError, Page, extract
from tests.spiders.extraction.pages import BODY, PARAGRAPHS, TITLE, URL, article, html, linked, meta

SHORT = PARAGRAPHS[:2]
LONG = PARAGRAPHS * 1 + tuple(f"{number}. {line}" for number in range(4) for line in PARAGRAPHS)


def reason(page: str, url: str = URL, lead: Lead | None = None) -> str | None:
    """Why a kept page is not whole."""
    found = extract(Page(url=url, body=page.encode(), lead=lead))
    assert found.complete == (found.incomplete_reason is None)
    return found.incomplete_reason


def refused(page: str, url: str = URL, lead: Lead | None = None) -> str:
    """Why a page is no article."""
    with pytest.raises(ExtractionError) as caught:
        extract(Page(url=url, body=page.encode(), lead=lead))
    return caught.value.reason


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (article(), None),
        (article(head=linked(isAccessibleForFree=True)), None),
        (article(head=linked(isAccessibleForFree=False), paragraphs=SHORT), "teaser"),
        (article(head=linked(isAccessibleForFree="http://schema.org/False"), paragraphs=SHORT), "teaser"),
        (article(head=linked(isAccessibleForFree="False"), paragraphs=LONG), None),
        (article(head=linked(wordCount=900), paragraphs=SHORT), "teaser"),
        (article(head=linked(wordCount=2000, isAccessibleForFree=False), paragraphs=LONG), "teaser"),
        (article(head=linked(wordCount="about 100")), None),
        (article(head=meta(article__content_tier="locked"), paragraphs=SHORT), "teaser"),
        (article("<p>Subscribe to continue reading this story.</p>", paragraphs=SHORT), "teaser"),
        (article("<div class='wall'>Jetzt weiterlesen mit Beacon Plus</div>", paragraphs=SHORT), "teaser"),
        (article(head=linked(headline=TITLE), paragraphs=("Discs are late today.",)), "short"),
        (
            article(head=linked(headline=TITLE, **{"@type": ["NewsArticle", "ImageGallery"]}), paragraphs=SHORT),
            "gallery",
        ),
        (article().removesuffix("</body></html>")[:-60], "truncated"),
    ],
)
def test_kept_pages_say_what_is_missing(page: str, expected: str | None) -> None:
    """Faults H3, H4, H19."""
    assert reason(page) == expected


def test_an_end_tag_is_enough_for_a_whole_page() -> None:
    """Many pages leave out </body>, some even </html>; what follows a cut is neither."""
    assert reason(article().replace("</body>", "")) is None
    assert reason(article().replace("</html>", "")) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Before you continue",
            "We and our 842 partners store and access cookies. Accept all cookies or manage your consent.",
        ),
        (
            "Just a moment...",
            "Checking your browser before accessing the page. Enable JavaScript and cookies to continue.",
        ),
        ("Access denied", "You do not have access to this page."),
        (
            "beacon.de mit Werbung lesen",
            "Besuchen Sie beacon.de wie gewohnt mit Werbung und Cookies. Zustimmen und weiter.",
        ),
        ("Welcome back", "Please log in to see this page. Log in to continue."),
    ],
)
def test_walls_are_no_articles(title: str, text: str) -> None:
    """Fault H17: consent, captcha, login, all with status 200."""
    page = html(f"<h1>{title}</h1><p>{text}</p>", f"<title>{title}</title>")

    assert refused(page) == "consent_wall"


def test_a_wall_before_a_known_article_keeps_headline_and_description() -> None:
    """The article is there and dated; the wall's words are not its text."""
    head = linked(headline=TITLE, description=PARAGRAPHS[0])
    wall = "<p>We value your privacy. We and our partners store cookies. Accept all cookies.</p>"
    found = extract(Page(url=URL, body=html(f"<div>{wall}</div>", head).encode()))

    assert (found.title, found.body, found.incomplete_reason) == (TITLE, PARAGRAPHS[0], "consent_wall")


def test_an_article_about_cookies_is_one() -> None:
    """Words alone are no proof."""
    extra = "<p>The banner said: accept all cookies. We value your privacy, it said.</p>"

    assert reason(article(extra, paragraphs=LONG)) is None


@pytest.mark.parametrize(
    "title", ["Page not found", "404", "Seite nicht gefunden | Beacon", "Oops! This page doesn’t exist"]
)
def test_soft_404(title: str) -> None:
    """Fault H18: not found, with status 200."""
    page = html(
        f"<h1>{title}</h1><p>We looked everywhere. Try the search, or go back to the start page, please.</p>",
        f"<title>{title}</title>",
    )

    assert refused(page) == "soft_404"


def test_an_article_about_not_finding_is_one() -> None:
    """The words stand in a headline, too."""
    assert reason(article(title="Airline's refund page not found by thousands", paragraphs=LONG)) is None


def test_the_home_page_in_place_of_an_article() -> None:
    """A redirect to it is a soft 404; asked for itself, it is no article."""
    home = "https://www.beacon-herald.com/"
    lead = Lead(url=URL, source_id="beacon", outlet="Beacon")
    page = html("".join(f"<p><a href='/{n}'>Headline number {n} of the day, in full length</a></p>" for n in range(30)))

    assert refused(page, home, lead) == "soft_404"
    assert refused(page, home) == "not_an_article"


def test_an_overview_is_no_article() -> None:
    """A section says so itself."""
    overview = linked(**{"@type": "CollectionPage", "name": "Technology"})
    teasers = "".join(f"<h2><a href='/{n}'>Story {n}</a></h2><p>What story {n} is about.</p>" for n in range(3))

    assert refused(html(teasers, overview), "https://www.beacon-herald.com/technology/") == "not_an_article"


def test_nothing_to_keep() -> None:
    """Neither text nor a word that it is an article."""
    assert refused(html("<p>Hello.</p>")) == "empty"
    assert refused(html("")) == "empty"


def test_broken_letters_are_flagged() -> None:
    """Fault H13: where no charset fits, the text says so."""
    page = article(paragraphs=tuple(line.replace("e", "\ufffd") for line in PARAGRAPHS))

    assert reason(page) == "bad_encoding"


def test_whole_pages_keep_their_text() -> None:
    """The reasons above never touch it."""
    assert extract(Page(url=URL, body=article().encode())).body == BODY
