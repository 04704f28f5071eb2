"""When a page was published and changed, from candidates in order of trust, with the name of the winner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from lxml.html import HtmlElement

from analysis.items import Lead
from spiders.extraction.moments import UNSTATED, read_moment, states_time
from spiders.extraction.structured import Facts, texts
from spiders.extraction.tree import text_of

_AHEAD = timedelta(hours=24)

_PUBLISHED = """
    article:published_time og:published_time og:article:published_time datepublished article:published parsely-pub-date
    sailthru.date dc.date.issued dcterms.issued dcterms.created dc.date.created dc.date dcterms.date
    cxenseparse:recs:publishtime cxenseparse:publishtime article.published publish-date publish_date publishdate
    published_at publication_date pubdate date_published publisheddate bt:pubdate article_date_original
    prism.publicationdate citation_publication_date citation_online_date originalpublicationdate pub_date
    published-date published_time publisheddatetime date article:post_date rbpubdate vr:published_time
    shareaholic:article_published_time article:created_time datecreated date_created created dc.created last-published
    """.split()
_MODIFIED = """
    article:modified_time og:modified_time og:updated_time datemodified dcterms.modified dc.date.modified
    article:modified lastmod last-modified revision_date date_modified modified_time article:updated_time
    shareaholic:article_modified_time
    """.split()
_URL_DAY = re.compile(r"(?<!\d)(20[0-3]\d|199\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?!\d)")
_URL_COMPACT = re.compile(r"(?<!\d)(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_UPDATED = re.compile(r"updat|modif|aktualis|actuali|mis à jour|aggiorn|güncel|zmian", re.I)
_DATED = re.compile(
    r"(?:^|[-_\s]|(?<=[a-z])(?=[A-Z]))(?i:date|datum|fecha|tarih|published|publish|pubdate|timestamp|posted|byline)"
)
_PAGE_FURNITURE = frozenset({"nav", "footer", "aside"})


def latest_date(fetched_at: datetime | None) -> datetime:
    """Clocks and zones are wrong by hours, never by days: a date after this is a mistake or an event to come."""
    return (fetched_at or datetime.now(UTC)) + _AHEAD


class Dating(NamedTuple):
    """What is known of an article's times."""

    published: datetime | None
    source: str
    modified: datetime | None


def date_of(tree: HtmlElement, facts: Facts, url: str, lead: Lead | None, fetched_at: datetime | None) -> Dating:
    """The first candidate that can be true. A bare day, or a time without zone, takes what it lacks from the
    source's evidence where the two agree. A capture date is no candidate; nor is any date after it."""
    latest = latest_date(fetched_at)
    published, source = next(
        ((when, name) for when, name in _candidates(tree, facts, url, lead) if when <= latest), (None, "none")
    )
    if published and lead and lead.published:
        published, source = _refined(published, source, lead)
    modified = next((when for when in _modified(tree, facts, lead) if when <= latest), None)
    if modified and published and modified < published - timedelta(days=1):
        modified = None
    return Dating(published, source, modified)


def _candidates(tree: HtmlElement, facts: Facts, url: str, lead: Lead | None) -> Iterator[tuple[datetime, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield from _read(texts(facts.article.get(key)), "jsonld")
    if not facts.article:
        for node in facts.nodes:
            yield from _read(texts(node.get("datePublished")), "jsonld")
    for name in _PUBLISHED:
        yield from _read(facts.meta.get(name, ()), "meta")
    yield from _read(_microdata(tree, "datePublished"), "microdata")
    yield from _read(_time_elements(tree), "time")
    if lead and lead.published:
        yield lead.published, lead.via
    yield from _read(_url_days(url), "url")
    yield from _read(_dated_text(tree), "text")


def _modified(tree: HtmlElement, facts: Facts, lead: Lead | None) -> Iterator[datetime]:
    stated = [
        *texts(facts.article.get("dateModified")),
        *(raw for name in _MODIFIED for raw in facts.meta.get(name, ())),
    ]
    for raws in (stated, _microdata(tree, "dateModified"), _updated(tree)):
        yield from (when for when, _ in _read(raws, ""))
    if lead and lead.modified:
        yield lead.modified


def _read(raws: Iterable[str], source: str) -> Iterator[tuple[datetime, str]]:
    for raw in raws:
        if when := read_moment(raw):
            yield when, source


def _refined(published: datetime, source: str, lead: Lead) -> tuple[datetime, str]:
    evidence = lead.published
    if evidence is None or published.tzinfo is not UNSTATED:
        return published, source
    if not states_time(published):
        near = abs(evidence - published) <= timedelta(hours=38)
        return (evidence, lead.via) if near and evidence.time() != published.time() else (published, source)
    offset = published - evidence
    if abs(offset) <= timedelta(hours=14) and offset.total_seconds() % 900 < 60:
        return evidence.replace(second=published.second), source
    return published, source


def _microdata(tree: HtmlElement, name: str) -> Iterator[str]:
    for element in tree.iterfind(".//*[@itemprop]"):
        if name in (element.get("itemprop") or "").split():
            yield element.get("content") or element.get("datetime") or text_of(element)


def _updated(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("time"):
        if _UPDATED.search(element.get("class") or ""):
            yield element.get("datetime") or text_of(element)


def _time_elements(tree: HtmlElement) -> Iterator[str]:
    """Time elements above or inside the article, those that say "published" first, "updated" last."""
    ranked = []
    for order, element in enumerate(tree.iter("time")):
        around = " ".join([element.get("class") or "", element.get("itemprop") or "", text_of(element)])
        if any(parent.tag in _PAGE_FURNITURE for parent in element.iterancestors()):
            continue
        published = element.get("pubdate") is not None or "publi" in around.lower()
        ranked.append((bool(_UPDATED.search(around)), not published, order, element))
        if order > 20:
            break
    for *_, element in sorted(ranked, key=lambda item: item[:3]):
        yield element.get("datetime") or element.get("content") or text_of(element)


def _url_days(url: str) -> Iterator[str]:
    for pattern in (_URL_DAY, _URL_COMPACT):
        for match in pattern.finditer(url):
            yield "-".join(match.groups())


def _dated_text(tree: HtmlElement) -> Iterator[str]:
    """Short texts whose class or id says that they are a date, in page order."""
    for element in tree.iter("span", "div", "p", "li", "em", "small", "b"):
        label = f"{element.get('class') or ''} {element.get('id') or ''}"
        if label != " " and _DATED.search(label) and len(element) < 12:
            text = text_of(element)
            if 6 <= len(text) <= 120:
                yield text
