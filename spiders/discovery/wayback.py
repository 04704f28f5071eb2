"""The Wayback Machine: its CDX server says what it has of an address, captures are fetched as they were archived.

Formats: github.com/internetarchive/wayback, wayback-cdx-server. Asked for plain lines, not JSON: of an answer that is
cut, every whole line counts.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from analysis.errors import ExtractionError
from analysis.items import Lead
from analysis.watchlist import Source
from spiders.discovery.answer import Answer, Found, absolute
from spiders.discovery.section import may_be_article

ENDPOINT = "https://web.archive.org"
LINES = 2000
"""Asked for at once."""
_FIELDS = "timestamp,original,digest,length"
_LINE = re.compile(r"(?P<at>\d{14}) (?P<url>https?://\S+) (?P<digest>\S+) (?P<length>\d+|-)")
_KEY = re.compile(r"\n\n(\S+)\s*$")


def query(endpoint: str, pattern: str, begin: date, end: date, resume: str = "") -> str:
    """The address that lists the first capture of each page under `pattern` (an address, all below it) in a range of
    days; `resume` is the key that the last answer ended with."""
    asked = {
        "url": re.sub(r"^https?://", "", pattern), "matchType": "prefix",
        "from": f"{begin:%Y%m%d}", "to": f"{end:%Y%m%d}", "fl": _FIELDS, "collapse": "urlkey",
        "limit": str(LINES), "showResumeKey": "true",
    }  # fmt: skip
    filters = [("filter", "statuscode:200"), ("filter", "mimetype:text/html")]
    more = [("resumeKey", resume)] if resume else []
    return f"{endpoint}/cdx/search/cdx?{urlencode([*asked.items(), *filters, *more])}"


def resume_key(answer: Answer) -> str:
    """What to go on with; empty where the list is complete."""
    found = _KEY.search(answer.body[-2000:].decode("latin-1"))
    return found[1] if found else ""


def discover(source: Source, answer: Answer) -> Found:
    """Leads of an answer of the CDX server, whose pages are captures. Home pages, sections and assets are left out.

    Raises:
        ExtractionError: `not_a_listing` where no line is one: an error page, mostly.
    """
    text = _KEY.sub("", answer.body.decode("utf-8", "replace"))
    lines = [line for line in text.splitlines() if line.strip()]
    leads, bad = [], 0
    for line in lines:
        found = _LINE.fullmatch(line.strip())
        url = absolute(answer.url, found["url"]) if found else None
        at = _time(found["at"]) if found else None
        if found is None or url is None or at is None:
            bad += 1
        elif may_be_article(url):
            copy = f"{answer.base}/web/{found['at']}id_/{url}"
            leads.append(Lead(url=url, source_id=source.id, outlet=source.outlet, tier=source.tier, via="wayback",
                              capture=copy, captured_at=at))  # fmt: skip
    if lines and bad == len(lines):
        raise ExtractionError("not_a_listing", answer.url)
    return Found(leads=tuple(leads), dropped=bad)


def _time(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
