"""What a publisher asks of machines beside robots.txt: not to index a page, or not to mine its text.

Read are the header X-Robots-Tag and `<meta name="robots">` (Google's and Bing's published rules), and the header and
meta `tdm-reservation` (W3C Community Group, TDM Reservation Protocol, 2024: the machine-readable reservation of Article
4(3) of Directive (EU) 2019/790). Of such a page we keep that it is there and names a brand, and no text.
"""

from __future__ import annotations

import re

from lxml import etree, html
from scrapy.http import Response

NOINDEX = "noindex"
RESERVED = "tdm_reserved"
WITHHELD = frozenset({NOINDEX, RESERVED})
"""Why an article is kept without its text."""
_HEAD = 256 * 1024
"""Bytes of a page in which its head must end."""
_SAID = (b"noindex", b"tdm-reservation", b'"none', b"'none", b"=none")
_AGENT = re.compile(r"^\s*([A-Za-z_-]+)\s*:\s*(.*)$")
_RULES_WITH_COLON = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})


def opted_out(response: Response, token: str) -> str | None:
    """As `opted_out_page`, with the headers of the answer."""
    tags = [value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")]
    if any(_forbids_index(_rules_for(tag, token)) for tag in tags):
        return NOINDEX
    if any(value.strip() == b"1" for value in response.headers.getlist("tdm-reservation")):
        return RESERVED
    return opted_out_page(response.body, token)


def opted_out_page(body: bytes, token: str) -> str | None:
    """`noindex`, `tdm_reserved`, or None where neither is asked by the page's meta elements.

    Parsed only where the bytes could hold one, which is one page in ten.

    token: our product token (RFC 9309, 2.2.1); rules for other agents by name are not ours
    """
    head = body[:_HEAD]
    lower = head.lower()
    if not any(said in lower for said in _SAID):
        return None
    try:
        tree = html.document_fromstring(head)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    for meta in tree.iter("meta"):
        name, content = (meta.get("name") or "").strip().lower(), meta.get("content") or ""
        if name in {"robots", token.lower()} and _forbids_index(content):
            return NOINDEX
        if name == "tdm-reservation" and content.strip() == "1":
            return RESERVED
    return None


def _rules_for(value: str, token: str) -> str:
    """A header's rules, or "" where they are for another agent: `otherbot: noindex`."""
    named = _AGENT.match(value)
    if named is None or named[1].lower() in _RULES_WITH_COLON:
        return value
    return named[2] if named[1].lower() == token.lower() else ""


def _forbids_index(rules: str) -> bool:
    return not {"noindex", "none"}.isdisjoint(rule.strip().lower() for rule in rules.split(","))
