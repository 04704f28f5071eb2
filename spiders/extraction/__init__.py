"""html -> Article: one page, one pure function, every field from the first evidence that can be believed.

`extract` is synchronous and keeps no state, so that it can run in worker processes; nothing here fetches,
scores or stores. The order: decode, guard, parse once, read structured data, then each field by its module.
`extract_whole_and_posts` is the same for pages that may be live blogs, of which each post is an article.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from lxml.html import HtmlElement

from analysis.errors import ExtractionError
from analysis.items import Article, Lead
from spiders.extraction import guard, structured
from spiders.extraction.authors import authors_of
from spiders.extraction.body import body_of
from spiders.extraction.canonical import canonical_url
from spiders.extraction.completeness import incomplete_reason, refuse_other_pages
from spiders.extraction.dates import date_of, latest_date
from spiders.extraction.decode import decode
from spiders.extraction.language import language_of
from spiders.extraction.live import posts_of
from spiders.extraction.outlet import outlet_names
from spiders.extraction.publishers import overridden, version_for, without_dropped
from spiders.extraction.title import claims_of, title_of
from spiders.extraction.tree import parse, strip_machinery

__all__ = ["EXTRACTOR", "ExtractionError", "Page", "extract", "extract_whole_and_posts"]

EXTRACTOR = f"presswatch-3+trafilatura-{version('trafilatura')}"
"""Name and version of our rules, which a change of any field's rules raises, and of the library under them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What was fetched."""

    url: str
    """Address after redirects."""
    body: bytes
    """Decompressed, undecoded."""
    content_type: str | None = None
    """Value of the header; may carry a charset."""
    lead: Lead | None = None
    """The link that led here, with its source's evidence."""
    fetched_at: datetime | None = None
    """Aware. Dates later than a day after it are refused; now where None."""


def warm_up() -> None:
    """Loads what the first page of a process would wait for: models, dictionaries, tables."""
    text = "The company said on Monday that it would say more as soon as there was more to say about the matter. " * 9
    body = f"<!doctype html><html><body><article><h1>More to say</h1><p>{text}</p></article></body></html>".encode()
    with suppress(ExtractionError):
        extract(Page(url="https://paper.example/2008/08/12/more-to-say", body=body))


def extract(page: Page) -> Article:
    """The article of a page; of a live blog, the page as a whole.

    Raises:
        ExtractionError: with reason too_large, too_complex, empty, not_html, soft_404, consent_wall or
            not_an_article, where there is nothing to keep.
    """
    return extract_whole_and_posts(page)[0]


def extract_whole_and_posts(page: Page) -> tuple[Article, tuple[Article, ...]]:
    """The page as one article, and the posts of a live blog; of any other page none. Raises what `extract` raises."""
    guard.check_bytes(page.body)
    sent = text = decode(page.body, page.content_type)
    guard.check_text(text)
    layout = version_for(page.url, page.fetched_at)
    if layout:
        text = without_dropped(text, layout)
    tree = parse(text)
    facts = structured.read(tree, page.url)
    strip_machinery(tree)
    guard.check_tree(tree)
    outlets = outlet_names(facts, page.url, page.lead)
    article = _whole(page, sent, tree, facts, outlets)
    if layout:
        article = overridden(article, text, layout)
    return article, posts_of(tree, facts, article, outlets, latest_date(page.fetched_at))


def _whole(page: Page, sent: str, tree: HtmlElement, facts: structured.Facts, outlets: list[str]) -> Article:
    """`sent` is the mark-up as it came, which an override's tree does not tell: whether it breaks off, for one."""
    lead = page.lead
    title = title_of(tree, facts, outlets) or (lead.title if lead and lead.title else "")
    authors = authors_of(tree, facts, outlets)
    titles, summaries = [title, *claims_of(tree, facts)], structured.summaries(facts)
    body = body_of(tree, titles, authors, summaries, structured.stated_body(facts))
    refuse_other_pages(page.url, title, body, facts, lead)
    reason = incomplete_reason(sent, tree, title, body, facts)
    if reason == "consent_wall":
        body = summaries[0] if summaries else ""
    dating = date_of(tree, facts, page.url, lead, page.fetched_at)
    return Article(
        url=page.url,
        canonical_url=canonical_url(tree, facts, page.url),
        source_id=lead.source_id if lead else "",
        outlet=outlets[0] if outlets else "",
        tier=lead.tier if lead else 2,
        title=title,
        body=body,
        authors=authors,
        published=dating.published,
        published_source=dating.source,
        modified=dating.modified,
        language=language_of(title, body, tree.get("lang")),
        complete=reason is None,
        incomplete_reason=reason,
        fetched_at=page.fetched_at,
        extractor=EXTRACTOR,
    )
