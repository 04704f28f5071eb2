"""Section and front pages: links that look like articles, in the order of the page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import etree, html

from analysis.errors import ExtractionError
from analysis.items import Lead
from analysis.stories.address import address_id, host
from analysis.watchlist import Source
from spiders.discovery.answer import MOST_LEADS, Answer, Found, absolute
from spiders.extraction.decode import decode

# A date in the path, a number of at least five digits, or a slug of at least three words: what newsrooms' systems
# put into the addresses of articles and seldom into those of sections.
_ARTICLE_PATH = re.compile(r"/(19|20)\d\d[/-]?[01]\d|\d{5}|[^/]+-[^/]+-[^/]+")
_NOT_A_PAGE = re.compile(r"\.(jpe?g|png|gif|webp|svg|pdf|mp[34]|xml|rss|json|zip|css|js)$", re.IGNORECASE)
_HEADING = "self::h1 or self::h2 or self::h3 or self::h4 or self::h5"
_WORDS_OF_A_HEADLINE = 4
_CHARACTERS_OF_A_HEADLINE = 12  # Chinese, Japanese and Thai write without spaces


def discover(source: Source, answer: Answer) -> Found:
    """Leads of a section page: links within its host whose address, text or heading says "article".

    Raises:
        ExtractionError: `not_html` where nothing can be parsed.
    """
    text = decode(answer.body, answer.content_type)
    try:
        tree = html.document_fromstring(text.encode("utf8"), parser=html.HTMLParser(encoding="utf8"))
    except (etree.ParserError, ValueError):
        raise ExtractionError("not_html", answer.url) from None
    bases = [element.get("href", "") for element in tree.iter("base")]
    base = absolute(answer.url, next(iter(bases), "")) or answer.url
    leads: dict[str, Lead] = {}
    seen = 0
    for link in tree.iter("a"):
        url, title = absolute(base, link.get("href")), " ".join("".join(map(str, link.itertext())).split())
        if url is None or not _within(url, answer.url):
            continue
        seen += 1
        if _looks_like_article(link, url, title):
            named = leads.setdefault(
                address_id(url),
                Lead(url=url, source_id=source.id, outlet=source.outlet, tier=source.tier, via="section"),
            )
            if len(title) > len(named.title or ""):
                leads[address_id(url)] = Lead(
                    url=named.url,
                    source_id=source.id,
                    outlet=source.outlet,
                    tier=source.tier,
                    via="section",
                    title=title,
                )
    kept = tuple(leads.values())[:MOST_LEADS]
    return Found(leads=kept, dropped=len(leads) - len(kept))


def may_be_article(url: str) -> bool:
    """Whether an address alone looks like an article's."""
    path = urlsplit(url).path
    return bool(_ARTICLE_PATH.search(path)) and not _NOT_A_PAGE.search(path)


def _within(url: str, page: str) -> bool:
    """On the page's own host, and not the page or the host's front page itself."""
    parts = urlsplit(url)
    return (
        host(url).removeprefix("www.") == host(page).removeprefix("www.")
        and bool(parts.path.strip("/") or parts.query)
        and address_id(url) != address_id(page)
        and not _NOT_A_PAGE.search(parts.path)
    )


def _looks_like_article(link: etree._Element, url: str, title: str) -> bool:
    if len(title.split()) >= _WORDS_OF_A_HEADLINE or (not title.isascii() and len(title) >= _CHARACTERS_OF_A_HEADLINE):
        return True
    in_heading = bool(link.xpath(f"ancestor::*[{_HEADING}] or descendant::*[{_HEADING}]"))
    return in_heading or bool(_ARTICLE_PATH.search(urlsplit(url).path))
