"""Feeds: RSS, Atom and RDF by feedparser; JSON Feed 1.1 (jsonfeed.org) by its own four keys."""

from __future__ import annotations

import calendar
import html
import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
from bs4 import BeautifulSoup

from analysis.errors import ExtractionError
from analysis.items import Lead
from analysis.watchlist import Source
from spiders.discovery.answer import MOST_LEADS, Answer, Found, newest_first, parse_time


def discover(source: Source, answer: Answer) -> Found:
    """Leads of a feed.

    Raises:
        ExtractionError: `not_a_feed` where the answer is no feed of any kind (an HTML page, for example).
    """
    looks_json = "json" in answer.content_type or answer.body.lstrip()[:1] == b"{"
    entries = list(_json_entries(answer) if looks_json else _xml_entries(answer))
    leads = []
    for link, title, published, modified in entries:
        url = urljoin(answer.url, link.strip()) if link else ""
        if urlsplit(url).scheme not in {"http", "https"}:
            continue
        leads.append(
            Lead(url=url, source_id=source.id, outlet=source.outlet, tier=source.tier, via="feed",
                 title=_plain(title), published=published, modified=modified)
        )  # fmt: skip
    kept = newest_first(leads)[:MOST_LEADS]
    return Found(leads=kept, dropped=len(entries) - len(kept))


_Entry = tuple[str, str, datetime | None, datetime | None]


def _xml_entries(answer: Answer) -> Iterator[_Entry]:
    headers = {"content-type": answer.content_type, "content-location": answer.url}
    parsed = feedparser.parse(answer.body, response_headers=headers)
    # An HTML page gives no entries and no complaint: only the version tells a feed from it (faults.md F3).
    if not parsed.version and not parsed.entries:
        raise ExtractionError("not_a_feed", answer.url)
    for entry in parsed.entries:
        link = entry.get("link") or (entry.get("id", "") if str(entry.get("id", "")).startswith("http") else "")
        yield link, entry.get("title", ""), _time(entry, "published"), _time(entry, "updated")


def _time(entry: Any, key: str) -> datetime | None:
    """feedparser's UTC struct, where the year is one that a feed can mean."""
    # `entry.get("updated_parsed")` would answer with `published_parsed`, and warn.
    found: time.struct_time | None = dict.get(entry, f"{key}_parsed")
    if found is None or not 1990 <= found.tm_year <= 2100:
        return None
    return datetime.fromtimestamp(calendar.timegm(found), UTC)


def _json_entries(answer: Answer) -> Iterator[_Entry]:
    try:
        feed = json.loads(answer.body)
        items = feed["items"] if "jsonfeed.org" in str(feed.get("version")) else None
    except (ValueError, AttributeError, KeyError):
        items = None
    if not isinstance(items, list):
        raise ExtractionError("not_a_feed", answer.url)
    for item in items:
        if isinstance(item, dict):
            link = str(item.get("url") or item.get("external_url") or "")
            published, modified = (parse_time(str(item.get(k) or "")) for k in ("date_published", "date_modified"))
            yield link, str(item.get("title") or ""), published, modified


def _plain(title: str) -> str | None:
    """A title as text: some feeds escape it twice, some put mark-up into it."""
    text = html.unescape(title)
    if re.search(r"<[a-zA-Z/!]", text):
        text = BeautifulSoup(text, "lxml").get_text(" ")
    return " ".join(text.split()) or None
