"""Links of search feeds: which page they mean, where the link itself tells it, and what to look for where it does not.

Bing wraps the address into a parameter. Google News has put it into a code of its own since 2024; those who asked
Google to decode it were answered 429. So such an entry is a lead: outlet and title, to be found in the outlet's own
lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_WRAPPED = {"www.bing.com": "url", "bing.com": "url", "www.google.com": "url", "news.google.com": "url"}
_CODED = re.compile(r"https?://news\.google\.com/(?:rss/)?(?:articles|read)/")


@dataclass(frozen=True, slots=True)
class Sought:
    """A page that a search feed tells of without its address."""

    title: str
    site: str
    """Address of the outlet, as the entry gives it."""


def direct(url: str) -> str | None:
    """The address that a link of a search feed leads to; None where only the search engine knows."""
    if _CODED.match(url):
        return None
    parts = urlsplit(url)
    wrapped = parse_qs(parts.query).get(_WRAPPED.get(parts.hostname or "", ""), [""])[0]
    return wrapped if wrapped.startswith(("http://", "https://")) else url


def title_key(title: str | None) -> str:
    """A title by its words."""
    return " ".join(re.findall(r"\w+", (title or "").casefold()))
