"""The article as a whole: address, outlet, language, provenance; rows for the command line; overrides."""

from __future__ import annotations

import gzip
import multiprocessing
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from analysis.items import Article, Lead
from spiders.extraction import EXTRACTOR, Page, batch, extract, publishers
from spiders.extraction.canonical import site
from spiders.extraction.publishers import Publisher, Version
from tests.spiders.extraction.pages import BODY, PARAGRAPHS, TITLE, URL, article, html, linked, meta

FETCHED = datetime(2024, 5, 4, tzinfo=UTC)
HEAD = linked(headline=TITLE, author="Ann Lee", datePublished="2024-05-03T10:00:00+02:00", publisher={"name": "Beacon"})


def read(page: str, url: str = URL, lead: Lead | None = None) -> Article:
    """The article of a page."""
    return extract(Page(url=url, body=page.encode(), lead=lead, fetched_at=FETCHED))


def test_every_field_of_a_plain_article() -> None:
    """With the extractor's version, so that stored text can be read again by a later one."""
    lead = Lead(url=URL, source_id="beacon", outlet="Beacon Herald", tier=1)

    assert read(article(head=HEAD), lead=lead) == Article(
        url=URL,
        source_id="beacon",
        outlet="Beacon Herald",
        tier=1,
        title=TITLE,
        body=BODY,
        authors=("Ann Lee",),
        published=datetime.fromisoformat("2024-05-03T10:00:00+02:00"),
        published_source="jsonld",
        language="en",
        fetched_at=FETCHED,
        extractor=EXTRACTOR,
    )


def test_pages_and_articles_travel_between_processes() -> None:
    """Pickled there and back, the zone that nobody stated too."""
    page = Page(url=URL, body=article(head=linked(datePublished="2024-05-03T10:00")).encode(), fetched_at=FETCHED)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(extract, (page,))

    assert found == extract(page)
    assert found.published is not None
    assert found.published.tzname() == "unstated"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (URL, URL),
        (f"{URL}#top", URL),
        ("/news/film-service", "https://www.beacon-herald.com/news/film-service"),
        ("https://beacon-herald.com/other/path", "https://beacon-herald.com/other/path"),
        ("https://amp.beacon-herald.com/x?id=3", "https://amp.beacon-herald.com/x?id=3"),
        ("https://www.beacon-herald.com/", None),
        ("https://www.beacon-herald.com/news", None),
        ("https://www.elsewhere.com/news/film-service", None),
        ("javascript:void(0)", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_canonical_url_only_where_it_fits(link: str, expected: str | None) -> None:
    """The same site, and no home or section page: else a whole outlet would become one article."""
    assert read(article(head=f'<link rel="canonical" href="{link}">')).canonical_url == expected


def test_canonical_url_of_an_amp_page_is_shorter() -> None:
    """A slug is no section; og:url helps out."""
    assert read(article(head=meta(og__url=URL)), url=f"{URL}/amp").canonical_url == URL


def test_site_is_the_registered_domain() -> None:
    """And the host itself where there is none."""
    assert [site(host) for host in ("news.example.co.uk", "127.0.0.1", "news.beacon.test")] == [
        "example.co.uk",
        "127.0.0.1",
        "news.beacon.test",
    ]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (meta(og__site_name="The Beacon") + HEAD, "The Beacon"),
        (HEAD, "Beacon"),
        ("", "beacon-herald.com"),
        (meta(og__site_name="https://www.beacon-herald.com"), "beacon-herald.com"),
    ],
)
def test_the_outlet_without_a_lead(head: str, expected: str) -> None:
    """og:site_name, JSON-LD's publisher, the host."""
    assert read(article(head=head)).outlet == expected


def test_the_language_is_that_of_the_text() -> None:
    """Templates leave lang="en" on pages in other languages."""
    german = tuple(
        f"Am {day}. Mai ruhte der Versand der Filme im ganzen Land, sagte der Dienst." for day in range(3, 9)
    )

    assert read(article(paragraphs=german, title="Der Filmdienst steht still")).language == "de"


def test_a_batch_of_files(tmp_path: Path) -> None:
    """One row a file in the contract's order; a page without an article keeps its id and says why."""
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(article(head=HEAD).encode()))
    (tmp_path / "a.html").write_text(article(head=linked(datePublished="2024-05-03T10:00")))
    (tmp_path / "c.html").write_text("no page")
    (tmp_path / "d.html.gz").write_bytes(gzip.compress(article().encode())[:-20])
    (tmp_path / "e.txt").write_text(article())
    found = {row["id"]: row for row in batch.rows(batch.pages_in(tmp_path), {"b": URL})}

    assert list(found) == ["a", "b", "c", "d"]
    assert list(found["b"]) == (
        "id url canonical_url title body authors published modified language outlet published_source complete".split()
    )
    assert (found["b"]["url"], found["b"]["published"]) == (URL, "2024-05-03T10:00:00+02:00")
    assert found["a"]["published"] == "2024-05-03T10:00:00"  # the page states no zone, so the row does not
    assert (found["c"]["reason"], found["c"]["body"], found["c"]["complete"]) == ("not_html", "", False)
    assert found["d"]["reason"] == "truncated"


def test_an_override_replaces_single_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first day of its layout on; what it does not name or find stays generic."""
    new = Version(since=date(2024, 1, 1), drop=".odd", authors=".who b", title=".nowhere", published=".when")
    old = Version(since=date(2020, 1, 1), body=".story-body p:first-child")
    own = Publisher(domains=("beacon-herald.com",), versions=(new, old))
    monkeypatch.setattr(publishers, "_publishers", lambda: dict.fromkeys(own.domains, own))
    page = article(
        "<p class='odd'>A line that no rule would guess to be of somebody else's making, here it is.</p>"
        "<p class='who'>Words: <b>Ann Lee</b></p><i class='when'>3 May 2024, 10:30 CET</i>"
    )
    found = read(page)
    before = extract(Page(url=URL, body=page.encode(), fetched_at=datetime(2021, 1, 1, tzinfo=UTC)))

    assert "somebody else" not in found.body
    assert (found.title, found.authors, found.published_source) == (TITLE, ("Ann Lee",), "publisher")
    assert before.body == PARAGRAPHS[0]
    assert read(html(page), url="https://www.elsewhere.com/x-1").authors == ()


def test_an_override_does_not_hide_that_a_page_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is dropped is cut out of a page that was mended on the way."""
    own = Publisher(domains=("beacon-herald.com",), versions=(Version(since=date(2020, 1, 1), drop=".odd"),))
    monkeypatch.setattr(publishers, "_publishers", lambda: dict.fromkeys(own.domains, own))
    page = article("<p class='odd'>Odd.</p>")

    assert read(page).complete
    assert read(page.removesuffix("</div></article></body></html>")[:-9]).incomplete_reason == "truncated"


def test_overrides_are_small_and_dated() -> None:
    """Newest first, each with a domain."""
    for publisher in publishers._publishers().values():
        days = [version.since for version in publisher.versions]

        assert publisher.domains
        assert days == sorted(days, reverse=True)


def test_importing_is_cheap_enough_for_workers() -> None:
    """Whoever only hands pages over does not load what reads them."""
    code = "import sys, spiders.extraction; print({'scrapy', 'trafilatura', 'py3langid', 'numpy'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert told.strip() == "set()"
