"""Feeds: RSS, Atom and RDF by feedparser; JSON Feed 1.1 (jsonfeed.org) by its own four keys."""

from __future__ import annotations

import calendar
import html
import json
import re
import time
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
from bs4 import BeautifulSoup

from analysis.errors import ExtractionError
from analysis.items import Lead
from analysis.watchlist import Source
from analysis.watchlist.models import QUERY
from spiders.discovery.answer import MOST_LEADS, Answer, Found, absolute, ends, newest_first, parse_time
from spiders.discovery.search import Sought, direct

_SECONDS = re.compile(r"\s*\d{9,}\s*")
_ZONE = re.compile(r"\d\d:\d\d(?::\d\d)?\s+([A-Z]{3,5})$")
_OFFSET = re.compile(r"\d\d:\d\d(?:\.\d+)?\s*[+-](\d\d):?\d\d$")
_FARTHEST_ZONE = 14  # hours; Kiribati
_KNOWN_TO_FEEDPARSER = {"UTC", "GMT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AST", "ADT"}
# Hours east of Greenwich of names that mean one thing. IST is India, Ireland and Israel.
_ZONES = {
    "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2,
    "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_TOMORROW = timedelta(days=2)
_ENTRY_START = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")


def discover(source: Source, answer: Answer) -> Found:
    """Leads of a feed.

    Raises:
        ExtractionError: `not_a_feed` where the answer is no feed of any kind (an HTML page, for example).
    """
    looks_json = "json" in answer.content_type or answer.body.removeprefix(BOM_UTF8).lstrip()[:1] == b"{"
    body, cut = (answer.body, 0) if looks_json else _shortened(answer.body)
    entries = list(_json_entries(answer) if looks_json else _xml_entries(replace(answer, body=body)))
    leads, sought = [], []
    for link, title, published, modified, origin in entries:
        url = absolute(answer.url, link)
        if url is None:
            continue
        if QUERY in source.url:
            url = direct(url)
        if url is None:
            sought.append(Sought(_without_outlet(_plain(title) or "", origin.get("title", "")), origin.get("href", "")))
            continue
        leads.append(
            Lead(url=url, source_id=source.id, outlet=source.outlet, tier=source.tier, via="feed",
                 title=_plain(title), published=published, modified=modified)
        )  # fmt: skip
    kept = newest_first(leads)[:MOST_LEADS]
    complete = looks_json or ends(answer.body, "rss", "feed", "RDF")  # half a JSON document is no feed at all
    dropped = cut + len(entries) - len(kept) - len(sought)
    return Found(leads=kept, dropped=dropped, complete=complete, sought=tuple(sought))


_Entry = tuple[str, str, datetime | None, datetime | None, dict[str, str]]
"""Link, title, published, updated, and the outlet where the feed is somebody else's: `title` and `href`."""


def _shortened(body: bytes) -> tuple[bytes, int]:
    """An overlong feed with the newest MOST_LEADS entries only, and how many were cut.

    feedparser needs a minute for 100,000. Feeds put the newest first; one whose last entry is newer
    than its first is cut at the other end.
    """
    ends = [found.end() for found in _ENTRY_END.finditer(body)]
    first = _ENTRY_START.search(body)
    if len(ends) <= MOST_LEADS or first is None:
        return body, 0
    head = body[: first.start()]
    edges = _parsed(head + body[first.start() : ends[0]] + body[ends[-2] : ends[-1]]).entries
    times = [when for entry in edges if (when := _time(entry, "published") or _time(entry, "updated"))]
    oldest_first = len(times) == 2 and times[0] < times[1]
    chosen = head + body[ends[-MOST_LEADS - 1] :] if oldest_first else body[: ends[MOST_LEADS - 1]]
    return chosen, len(ends) - MOST_LEADS


def _parsed(body: bytes, **headers: str) -> Any:
    # Links and titles are resolved and cleaned here; to do it to every entry's text costs six times as much.
    return feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _xml_entries(answer: Answer) -> Iterator[_Entry]:
    parsed = _parsed(answer.body, **{"content-type": answer.content_type, "content-location": answer.url})
    # An HTML page gives no entries and no complaint: only the version tells a feed from it.
    if not parsed.get("version") and not parsed.entries:
        raise ExtractionError("not_a_feed", answer.url)
    for entry in parsed.entries:
        link = entry.get("link") or (entry.get("id", "") if str(entry.get("id", "")).startswith("http") else "")
        origin = {name: str(entry.get("source", {}).get(name, "")) for name in ("title", "href")}
        yield link, entry.get("title", ""), _time(entry, "published"), _time(entry, "updated"), origin


def _time(entry: Any, key: str) -> datetime | None:
    """The time that an entry states; None where it cannot be meant: a year before 1990, a zone that is nowhere on earth
    or that nobody knows, a day after tomorrow."""
    # `entry.get("updated_parsed")` would answer with `published_parsed`, and warn.
    found: time.struct_time | None = dict.get(entry, f"{key}_parsed")
    said = str(dict.get(entry, key, "")).strip()
    if found is None or not 1990 <= found.tm_year <= 2100:
        return None
    if _SECONDS.fullmatch(said):  # feedparser reads 1218542400 as a day in 2012
        return None
    when = datetime.fromtimestamp(calendar.timegm(found), UTC)
    if (offset := _OFFSET.search(said)) and int(offset[1]) > _FARTHEST_ZONE:
        return None
    if (name := _ZONE.search(said)) and name[1] not in _KNOWN_TO_FEEDPARSER:  # it takes all others for UTC
        if name[1] not in _ZONES:
            return None
        when -= timedelta(hours=_ZONES[name[1]])
    return when if when < datetime.now(UTC) + _TOMORROW else None


def _json_entries(answer: Answer) -> Iterator[_Entry]:
    try:
        feed = json.loads(answer.body)
        items = feed["items"] if "jsonfeed.org" in str(feed.get("version")) else None
    except (ValueError, AttributeError, KeyError, RecursionError):
        items = None
    if not isinstance(items, list):
        raise ExtractionError("not_a_feed", answer.url)
    for item in items:
        if isinstance(item, dict):
            link = str(item.get("url") or item.get("external_url") or "")
            published, modified = (parse_time(str(item.get(k) or "")) for k in ("date_published", "date_modified"))
            yield link, str(item.get("title") or ""), published, modified, {}


def _without_outlet(title: str, outlet: str) -> str:
    """Google News puts the outlet behind each title."""
    return title.removesuffix(outlet).rstrip().removesuffix("-").rstrip() if outlet else title


def _plain(title: str) -> str | None:
    """A title as text: some feeds escape it twice, some put mark-up into it."""
    text = html.unescape(title)
    if re.search(r"<[a-zA-Z/!]", text):
        text = BeautifulSoup(text, "lxml").get_text(" ")
    return " ".join(text.split()) or None
