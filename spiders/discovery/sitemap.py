"""Sitemaps (sitemaps.org 0.9), news sitemaps (Google news 0.9), their indexes, gzip, and robots.txt that names them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lxml import etree
from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import sitemap_urls_from_robots

from analysis.errors import ExtractionError
from analysis.items import Lead
from analysis.stories.address import host
from analysis.watchlist import Source
from spiders.discovery.answer import MOST_LEADS, Answer, Found, absolute, ends, newest_first, parse_time

_DEEPEST_INDEX = 3
_MOST_CHILDREN = 20
_LARGEST = 50 * 1024 * 1024  # sitemaps.org: at most 50 MB uncompressed
_LOCAL_NAME = re.compile(r"[A-Za-z_][^}:]*$")
_GZIP = b"\x1f\x8b\x08"  # RFC 1952, 2.3.1; many servers label .xml.gz as they like


def discover(source: Source, answer: Answer) -> Found:
    """Leads of a sitemap, or the newest children of an index (or of robots.txt) to ask next.

    Raises:
        ExtractionError: `not_a_sitemap`, `too_large`.
    """
    if urlsplit(answer.url).path.endswith("/robots.txt"):
        return _announced(answer)
    root, complete = _parse(answer)
    if root.tag == "sitemapindex":
        return replace(_children(answer, root), complete=complete)
    leads, entries = [], 0
    for entries, fields in enumerate(_entries(root, "url"), 1):  # noqa: B007
        url = absolute(answer.url, fields.get("loc"))
        if url and _same_site(url, answer.url):
            leads.append(
                Lead(url=url, source_id=source.id, outlet=source.outlet, tier=source.tier, via="sitemap",
                     title=" ".join(fields.get("title", "").split()) or None,
                     published=parse_time(fields.get("publication_date")), modified=parse_time(fields.get("lastmod")))
            )  # fmt: skip
    kept = newest_first(leads)[:MOST_LEADS]
    return Found(leads=kept, dropped=entries - len(kept), complete=complete)


def _announced(answer: Answer) -> Found:
    """The sitemaps that robots.txt names, in its order; sitemaps.org lets it name some on another host."""
    named = list(dict.fromkeys(absolute(answer.url, link) for link in sitemap_urls_from_robots(answer.body)))
    follow = tuple(filter(None, named))[:_MOST_CHILDREN]
    if not follow:
        raise ExtractionError("not_a_sitemap", f"{answer.url} names none")
    return Found(follow=follow, dropped=len(named) - len(follow))


def _parse(answer: Answer) -> tuple[etree._Element, bool]:
    """The root of what could be read, and whether that is all."""
    body = answer.body
    if body.startswith(_GZIP):
        try:
            body = gunzip(body, max_size=_LARGEST)
        except ValueError:
            raise ExtractionError("too_large", answer.url) from None
        except (OSError, EOFError, zlib.error):
            raise ExtractionError("not_a_sitemap", answer.url) from None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise ExtractionError("not_a_sitemap", answer.url)
    for element in root.iter(etree.Element):
        # Also where a prefix was never declared, which a parser that recovers leaves in the name.
        name = _LOCAL_NAME.search(str(element.tag))
        if name:
            element.tag = name[0]
    if root.tag not in {"urlset", "sitemapindex"}:
        raise ExtractionError("not_a_sitemap", answer.url)
    return root, ends(body, "urlset", "sitemapindex")


def _entries(root: etree._Element, tag: str) -> Iterator[dict[str, str]]:
    """The texts of each `tag`: loc and lastmod, and of a news entry its publication_date and title."""
    for element in root.iter(tag):
        fields = [
            child for part in (element, *element.iterchildren("news")) for child in part.iterchildren(etree.Element)
        ]
        yield {child.tag: (child.text or "").strip() for child in fields}


def _children(answer: Answer, root: etree._Element) -> Found:
    """Addresses in an index, the ones changed last first; never deeper than three indexes."""
    oldest = datetime.min.replace(tzinfo=UTC)
    found, entries = [], 0
    for entries, fields in enumerate(_entries(root, "sitemap"), 1):  # noqa: B007
        url = absolute(answer.url, fields.get("loc"))
        if url and _same_site(url, answer.url) and answer.depth < _DEEPEST_INDEX:
            found.append((parse_time(fields.get("lastmod")) or oldest, url))
    found.sort(key=lambda child: child[0], reverse=True)
    follow = tuple(url for _, url in found[:_MOST_CHILDREN])
    return Found(follow=follow, dropped=entries - len(follow))


def _same_site(url: str, other: str) -> bool:
    """One host, or one a sub-domain of the other without its `www.`: what sitemaps.org lets a sitemap list."""
    a, b = host(url).removeprefix("www."), host(other).removeprefix("www.")
    return a == b or a.endswith(f".{b}") or b.endswith(f".{a}")
