"""Overrides for publishers on which the generic rules are wrong: single fields, by host and by date.

One small file a publisher in this folder, with one `PUBLISHER`; docs/add-a-publisher.md is the recipe. A field
that no override names, or whose selector finds nothing, comes from the generic rules.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from typing import Any

from bs4 import BeautifulSoup, Tag

from analysis.items import Article
from spiders.extraction.canonical import site
from spiders.extraction.moments import read_moment
from spiders.extraction.tree import squeeze


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """How a publisher's pages look from a day on. All but `since` are CSS selectors."""

    since: date
    """First day of the layout; an older page is read by the version before."""
    drop: str = ""
    """What to take out before anything else is read."""
    title: str = ""
    """The first match is the headline."""
    authors: str = ""
    """Each match is a name."""
    published: str = ""
    """The first match, by its datetime or content attribute, else its text."""
    body: str = ""
    """Each match is a paragraph."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Publisher:
    """One outlet's layouts, newest first."""

    domains: tuple[str, ...]
    """Registered domains: example.com stands for www.example.com too."""
    versions: tuple[Version, ...]


def version_for(url: str, fetched_at: datetime | None) -> Version | None:
    """The override for a page by its domain and the day it was fetched; None for nearly all."""
    publisher = _publishers().get(site(url)) if url else None
    if publisher is None:
        return None
    day = (fetched_at or datetime.now(UTC)).date()
    return next((version for version in publisher.versions if version.since <= day), None)


def without_dropped(text: str, version: Version) -> str:
    """The page's mark-up without what `drop` selects."""
    if not version.drop:
        return text
    soup = BeautifulSoup(text, "lxml")
    for element in soup.select(version.drop):
        element.decompose()
    return str(soup)


def overridden(article: Article, text: str, version: Version) -> Article:
    """The article with the fields replaced that the version names and finds in the page's mark-up."""
    soup = BeautifulSoup(text, "lxml")
    found: dict[str, Any] = {
        "title": next((squeeze(e.get_text(" ")) for e in _select(soup, version.title)), ""),
        "authors": tuple(squeeze(e.get_text(" ")) for e in _select(soup, version.authors)),
        "body": "\n".join(line for e in _select(soup, version.body) if (line := squeeze(e.get_text(" ")))),
    }
    for element in _select(soup, version.published)[:1]:
        raw = element.get("datetime") or element.get("content") or element.get_text(" ")
        if when := read_moment(str(raw)):
            found |= {"published": when, "published_source": "publisher"}
    return replace(article, **{name: value for name, value in found.items() if value})


def _select(soup: BeautifulSoup, selector: str) -> list[Tag]:
    return list(soup.select(selector)) if selector else []


@cache
def _publishers() -> dict[str, Publisher]:
    found: dict[str, Publisher] = {}
    for module in pkgutil.iter_modules(__path__):
        publisher: Publisher = import_module(f"{__name__}.{module.name}").PUBLISHER
        found |= dict.fromkeys(publisher.domains, publisher)
    return found
