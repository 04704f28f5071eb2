"""GDELT: the DOC 2.0 API's list of articles (JSON), and the 15-minute files of the Global Knowledge Graph 2.1.

Formats: blog.gdeltproject.org/gdelt-doc-2-0-api-debuts, GDELT-Global_Knowledge_Graph_Codebook-V2.1. GDELT says when it
saw an article (`seendate`), not when it was published; only some pages' own stamps stand in the files' extras.
"""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import urlsplit

from analysis.errors import ExtractionError
from analysis.items import Lead
from analysis.watchlist import Source
from spiders.discovery.answer import MOST_LEADS, Answer, Found, absolute, newest_first

FIRST_FILE = datetime(2015, 2, 18, 23, 0, tzinfo=UTC)
"""The oldest 15-minute file of GDELT 2.0."""
EVERY = timedelta(minutes=15)
FILES = "http://data.gdeltproject.org/gdeltv2/"
_COLUMNS = 27  # codebook 2.1
_DATE, _URL, _EXTRAS = 1, 4, 26
_LARGEST = 200 * 1024 * 1024  # a quarter of an hour unpacks to some 30 MB
_TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.DOTALL)
_STAMP = re.compile(r"<PAGE_PRECISEPUBTIMESTAMP>(\d{14})</PAGE_PRECISEPUBTIMESTAMP>")
_LISTED = re.compile(rb"https?://\S+\.gkg\.csv\.zip")


def discover(source: Source, answer: Answer) -> Found:
    """Leads of an answer of the API or of a file; of `lastupdate.txt`, the newest file to ask for.

    Raises:
        ExtractionError: `not_gdelt` where the answer is neither (the API says "too many requests" with 200, in plain
            text); `too_large`, `truncated`.
    """
    body = answer.body.lstrip()
    if body.startswith(b"PK\x03\x04"):
        found, bad = _from_file(source, answer)
    elif body.startswith(b"{"):
        found, bad = _from_api(source, answer)
    elif listed := _LISTED.findall(answer.body[:10_000]):
        here = urlsplit(answer.url)
        if any(urlsplit(link.decode()).hostname != here.hostname for link in listed):
            raise ExtractionError("not_gdelt", answer.url)
        return Found(follow=tuple(link.decode("latin-1") for link in listed[:1]))
    else:
        raise ExtractionError("not_gdelt", answer.body[:80].decode("latin-1"))
    kept = newest_first(found)[:MOST_LEADS]
    return Found(leads=kept, dropped=bad + len(found) - len(kept))


def names_of(begin: datetime, end: datetime) -> list[str]:
    """The names of the files from `begin` up to `end`, oldest first."""
    first = max(begin, FIRST_FILE).astimezone(UTC)
    first = first.replace(minute=first.minute // 15 * 15, second=0, microsecond=0)
    names = []
    while first < end:
        names.append(f"{first:%Y%m%d%H%M%S}.gkg.csv.zip")
        first += EVERY
    return names


def _from_api(source: Source, answer: Answer) -> tuple[list[Lead], int]:
    try:
        articles = json.loads(answer.body, strict=False).get("articles", [])  # titles hold raw control characters
    except (ValueError, AttributeError, RecursionError):
        raise ExtractionError("truncated", answer.url) from None
    leads = []
    entries = articles if isinstance(articles, list) else []
    for entry in (entry for entry in entries if isinstance(entry, dict)):
        url = absolute(answer.url, str(entry.get("url") or ""))
        if url:
            seen = _time(str(entry.get("seendate") or "").replace("T", "").removesuffix("Z"))
            leads.append(_lead(source, url, str(entry.get("title") or ""), None, seen))
    return leads, len(entries) - len(leads)


def _from_file(source: Source, answer: Answer) -> tuple[list[Lead], int]:
    """The articles that may name a watched brand; a row with another number of columns is counted as bad."""
    leads, bad = [], 0
    for line in _lines(answer):
        fields = line.split("\t")
        if len(fields) != _COLUMNS:
            bad += 1
            continue
        url = absolute(answer.url, fields[_URL])
        if url is None or not _may_name(answer, line):
            continue
        title, stamp = _TITLE.search(fields[_EXTRAS]), _STAMP.search(fields[_EXTRAS])
        published = _time(stamp[1]) if stamp else None
        leads.append(_lead(source, url, title[1] if title else "", published, _time(fields[_DATE])))
    return leads, bad


def _may_name(answer: Answer, line: str) -> bool:
    return answer.prefilter is None or answer.prefilter.may_name(
        line.replace("-", " ").encode(), "text/plain; charset=utf-8"
    )


def _lines(answer: Answer) -> Iterator[str]:
    """Line by line: the file as a whole is never unpacked."""
    size = 0
    try:
        with zipfile.ZipFile(BytesIO(answer.body)) as archive, archive.open(archive.infolist()[0]) as file:
            for line in file:
                size += len(line)
                if size > _LARGEST:
                    raise ExtractionError("too_large", answer.url)
                yield line.decode("utf-8", "replace").rstrip("\n")
    except (zipfile.BadZipFile, OSError, EOFError, IndexError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise ExtractionError("truncated", answer.url) from None


def _lead(source: Source, url: str, title: str, published: datetime | None, seen: datetime | None) -> Lead:
    text = " ".join(html.unescape(title).split()) or None
    return Lead(url=url, source_id=source.id, outlet=source.outlet, tier=source.tier, via="gdelt", title=text,
                published=published, modified=seen)  # fmt: skip


def _time(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
