"""The address that a page gives for itself, where it can be believed."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import tldextract
from lxml.html import HtmlElement

from spiders.extraction.structured import Facts

# The list that ships with the package: no download while pages are read, same answer everywhere.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def canonical_url(tree: HtmlElement, facts: Facts, url: str) -> str | None:
    """rel=canonical, else og:url, absolute and without fragment; None unless it is on the same site and no
    home or section page. Templates that name the home page on every article are common, and believing
    them would make one article of a whole outlet."""
    for raw in (*_links(tree), *facts.meta.get("og:url", ())):
        try:
            address: str = urljoin(url, raw.strip()).partition("#")[0]
            found = urlsplit(address)
            fits = _fits(found.path, found.query, urlsplit(url).path) and _same_site(found.hostname, url)
        except ValueError:
            continue
        if fits and found.scheme in ("http", "https"):
            return address
    return None


@lru_cache(maxsize=10_000)
def site(host_or_url: str) -> str:
    """The registered domain: news.example.co.uk -> example.co.uk; the host itself where no public suffix is known."""
    parts = _suffixes(host_or_url)
    if parts.suffix and parts.domain:
        return f"{parts.domain}.{parts.suffix}"
    return ".".join(part for part in (parts.subdomain, parts.domain) if part)


def _links(tree: HtmlElement) -> list[str]:
    return [
        link.get("href")
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href")
    ]


def _fits(path: str, query: str, fetched: str) -> bool:
    if path.strip("/") in ("", "index.html", "index.php") and not query:
        return False
    last = path.rstrip("/").rsplit("/", 1)[-1]
    above = fetched.rstrip("/").startswith(path.rstrip("/") + "/")
    # /news for /news/some-article is the section; /some-article for /some-article/amp is the page
    return not above or last.count("-") >= 2 or any(char.isdigit() for char in last)


def _same_site(host: str | None, url: str) -> bool:
    return bool(host) and (not url or site(host or "") == site(urlsplit(url).hostname or ""))
